// Command riva-demo shows what the provider does, with a real terraform or tofu and a stand-in for Exchange that speaks
// its protocol: it takes examples/quickstart through the life of a connection, shows each command and its answer, and
// fails as soon as one of them does not show what it should. Nothing is left behind.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/workdir"
)

func main() {
	terraform := flag.String("terraform", "terraform", "terraform or tofu binary to use")
	provider := flag.String("provider", "bin/terraform-provider-riva", "provider binary to show")
	example := flag.String("example", "examples/quickstart", "configuration to take through the story")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Stdout, *terraform, *provider, *example)
	stop()
	if err != nil {
		fmt.Fprintf(os.Stderr, "\nThe demo did not show what it should: %v\n", err)
		os.Exit(1)
	}
}

// run sets the stage, plays the story and clears the stage.
func run(ctx context.Context, out io.Writer, terraform, provider, example string) (err error) {
	dir, err := workdir.New(terraform, provider)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, dir.Remove()) }()
	if err := dir.Copy(example); err != nil {
		return err
	}
	server, err := exchange.Start(exchange.Options{})
	if err != nil {
		return fmt.Errorf("start the stand-in for Exchange: %w", err)
	}
	defer func() { err = errors.Join(err, server.Close()) }()

	password := server.Service().Password
	s := &stage{out: out, dir: dir, server: server, password: password, first: password}
	for _, scene := range story() {
		if err := s.play(ctx, scene); err != nil {
			return fmt.Errorf("%s: %w", scene.title, err)
		}
	}
	_, err = fmt.Fprintln(out, "\nEverything showed what it should.")
	return err
}

// variables are what a person would put into terraform.tfvars.
func (s *stage) variables() map[string]string {
	return map[string]string{
		"TF_VAR_exchange_url":      s.server.URL(),
		"TF_VAR_exchange_username": s.server.Service().Email,
		"TF_VAR_exchange_password": s.password,
		"TF_VAR_user_emails":       `["` + strings.Join(people, `", "`) + `"]`,
	}
}
