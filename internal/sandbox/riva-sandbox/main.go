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
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
)

// passwordVariable is the environment variable with the service account's password in Exchange, for those who want to choose it.
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

// settings are what the command line says.
type settings struct {
	exchange, login, myDomain, control string // addresses
	secure                             bool
	variables                          string
	password                           string // of the service account in Exchange; empty: a random one
}

// run starts everything, tells about it, and ends everything when the context ends.
func run(ctx context.Context, args []string, password string, out io.Writer) (err error) {
	o := settings{password: password}
	flags := flag.NewFlagSet("riva-sandbox", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // the error is returned, the usage only shown to those who ask
	flags.StringVar(&o.exchange, "listen", "127.0.0.1:0", "loopback `address` of the stand-in for Exchange")
	flags.StringVar(&o.login, "salesforce-login", "127.0.0.1:0", "loopback `address` of Salesforce's login host")
	flags.StringVar(&o.myDomain, "salesforce-my-domain", "127.0.0.1:0", "loopback `address` of Salesforce's My Domain")
	flags.StringVar(&o.control, "control", "127.0.0.1:0", "loopback `address` of the control endpoint")
	flags.BoolVar(&o.secure, "tls", false, "speak https, with certificate authorities made at the start")
	flags.StringVar(&o.variables, "tfvars", "", "write Terraform variables to this `file`, which is removed at the end")
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

	s, err := start(o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	if o.variables != "" {
		if err := writeVariables(o.variables, s); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, removeVariables(o.variables)) }()
	}
	if err := greet(out, s, o.variables); err != nil {
		return err
	}
	<-ctx.Done()
	_, err = fmt.Fprintln(out, "Stopped.")
	return err
}

// standIns are what runs, and the endpoint that steers it.
type standIns struct {
	exchange   *exchange.Server
	salesforce *salesforce.Server
	control    *sandbox.Control
}

// start starts everything, or nothing.
func start(o settings) (s *standIns, err error) {
	s = &standIns{}
	defer func() {
		if err != nil {
			s, err = nil, errors.Join(err, s.close())
		}
	}()
	var certificate *sandbox.TLS
	if o.secure {
		certificate = &sandbox.TLS{}
	}
	mail := exchange.Options{Options: sandbox.Options{Address: o.exchange, TLS: certificate}, Accounts: exchange.Seed()}
	mail.Accounts[0].Password = o.password
	if s.exchange, err = exchange.Start(mail); err != nil {
		return s, fmt.Errorf("start the stand-in for Exchange: %w", err)
	}
	crm := salesforce.Options{Options: sandbox.Options{
		Address: o.login, Sites: map[string]string{salesforce.MyDomain: o.myDomain}, TLS: certificate,
	}}
	if s.salesforce, err = salesforce.Start(crm); err != nil {
		return s, fmt.Errorf("start the stand-in for Salesforce: %w", err)
	}
	if s.control, err = sandbox.StartControl(o.control, s.exchange, s.salesforce); err != nil {
		return s, fmt.Errorf("start the control endpoint: %w", err)
	}
	return s, nil
}

// close ends what was started.
func (s *standIns) close() error {
	var failed []error
	if s.control != nil {
		failed = append(failed, s.control.Close())
	}
	if s.salesforce != nil {
		failed = append(failed, s.salesforce.Close())
	}
	if s.exchange != nil {
		failed = append(failed, s.exchange.Close())
	}
	return errors.Join(failed...)
}
