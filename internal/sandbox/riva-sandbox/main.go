// Command riva-sandbox runs the stand-in target systems on this machine, for people: it prints where they are and how
// to sign in to them, and offers an endpoint to break and mend them while it runs. Ctrl-C ends it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
)

// passwordVariable is the environment variable with the service account's password, for those who want to choose it.
const passwordVariable = "RIVA_SANDBOX_PASSWORD"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Getenv(passwordVariable), os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintf(os.Stderr, "riva-sandbox: %v\n", err)
		os.Exit(1)
	}
}

// run starts everything, tells about it, and ends everything when the context ends.
func run(ctx context.Context, args []string, password string, out io.Writer) (err error) {
	flags := flag.NewFlagSet("riva-sandbox", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // the error is returned, the usage only shown to those who ask
	listen := flags.String("listen", "127.0.0.1:0", "loopback `address` of the stand-in for Exchange")
	control := flags.String("control", "127.0.0.1:0", "loopback `address` of the control endpoint")
	secure := flags.Bool("tls", false, "speak https, with a certificate authority made at the start")
	tfvars := flags.String("tfvars", "", "write Terraform variables to this `file`, which is removed at the end")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		flags.SetOutput(out)
		flags.Usage()
		return nil
	case err != nil:
		return fmt.Errorf("%w (-help lists the flags)", err)
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}

	options := exchange.Options{Options: sandbox.Options{Address: *listen}, Accounts: exchange.Seed()}
	options.Accounts[0].Password = password
	if *secure {
		options.TLS = &sandbox.TLS{}
	}
	server, err := exchange.Start(options)
	if err != nil {
		return fmt.Errorf("start the stand-in for Exchange: %w", err)
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	endpoint, err := sandbox.StartControl(*control, server) //nolint:contextcheck // Close ends it
	if err != nil {
		return fmt.Errorf("start the control endpoint: %w", err)
	}
	defer func() { err = errors.Join(err, endpoint.Close()) }()

	if *tfvars != "" {
		if err := writeVariables(*tfvars, server, endpoint.URL()); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, removeVariables(*tfvars)) }()
	}
	if err := greet(out, server, endpoint.URL(), *tfvars); err != nil {
		return err
	}
	<-ctx.Done()
	_, err = fmt.Fprintln(out, "Stopped.")
	return err
}
