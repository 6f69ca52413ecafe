// Command demo shows what the provider does, with a real terraform or tofu and stand-ins for Exchange and Salesforce
// that speak their protocols: it takes examples/quickstart through the life of two connections, shows each command and its
// answer, and fails as soon as one of them does not show what it should. Nothing is left behind.
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

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/cmd/workdir"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
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
	mail, err := exchange.Start(exchange.Options{})
	if err != nil {
		return fmt.Errorf("start the stand-in for Exchange: %w", err)
	}
	defer func() { err = errors.Join(err, mail.Close()) }()
	crm, err := salesforce.Start(salesforce.Options{})
	if err != nil {
		return fmt.Errorf("start the stand-in for Salesforce: %w", err)
	}
	defer func() { err = errors.Join(err, crm.Close()) }()

	password, app := mail.Service().Password, crm.App()
	s := &stage{
		out: out, dir: dir, exchange: mail, salesforce: crm, answers: map[string]string{},
		password: password, first: password, key: app.PrivateKey, trigger: "first",
	}
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
	variables := map[string]string{
		"TF_VAR_exchange_url":               s.exchange.URL(),
		"TF_VAR_exchange_username":          s.exchange.Service().Email,
		"TF_VAR_exchange_password":          s.password,
		"TF_VAR_salesforce_login_url":       s.salesforce.MyDomainURL(),
		"TF_VAR_salesforce_username":        s.salesforce.Service().Username,
		"TF_VAR_salesforce_organization_id": s.salesforce.Organization().ID,
		"TF_VAR_salesforce_client_id":       s.salesforce.App().ConsumerKey,
		"TF_VAR_revalidation_trigger":       s.trigger,
		"TF_VAR_user_emails":                `["` + strings.Join(people, `", "`) + `"]`,
	}
	if s.key != "" {
		variables["TF_VAR_salesforce_private_key"] = s.key
	} else {
		variables["TF_VAR_salesforce_client_secret"] = s.salesforce.App().Secret
	}
	return variables
}

// secrets are what no answer may show, each so that it is found in an answer of one line.
func (s *stage) secrets() []string {
	app := s.salesforce.App()
	return []string{
		s.first, s.password, s.exchange.Service().Password, app.Secret, strings.Split(app.PrivateKey, "\n")[1],
		s.salesforce.RefreshToken(),
	}
}
