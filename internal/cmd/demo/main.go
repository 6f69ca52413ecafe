// Command demo demonstrates the provider, with a real terraform or tofu and stand-ins for Exchange and Salesforce. With
// examples/quickstart, it creates two connections, rotates and re-validates them, and destroys them. It prints each command and
// its output, and fails as soon as an output is not as expected. It removes all its files.
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
	provider := flag.String("provider", "bin/terraform-provider-riva", "provider binary to use")
	example := flag.String("example", "examples/quickstart", "configuration to use")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Stdout, *terraform, *provider, *example)
	stop()
	if err != nil {
		fmt.Fprintf(os.Stderr, "\nThe demo failed: %v\n", err)
		os.Exit(1)
	}
}

// run starts the stand-ins, runs all steps and cleans up.
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
	d := &demo{
		out: out, dir: dir, exchange: mail, salesforce: crm, outputs: map[string]string{},
		password: password, firstPassword: password, key: app.PrivateKey, trigger: "first",
	}
	for _, step := range allSteps() {
		if err := d.run(ctx, step); err != nil {
			return fmt.Errorf("%s: %w", step.title, err)
		}
	}
	_, err = fmt.Fprintln(out, "\nEvery output was as expected.")
	return err
}

// variables are the variables that a user would write to terraform.tfvars.
func (d *demo) variables() map[string]string {
	variables := map[string]string{
		"TF_VAR_exchange_url":               d.exchange.URL(),
		"TF_VAR_exchange_username":          d.exchange.Service().Email,
		"TF_VAR_exchange_password":          d.password,
		"TF_VAR_salesforce_login_url":       d.salesforce.MyDomainURL(),
		"TF_VAR_salesforce_username":        d.salesforce.Service().Username,
		"TF_VAR_salesforce_organization_id": d.salesforce.Organization().ID,
		"TF_VAR_salesforce_client_id":       d.salesforce.App().ConsumerKey,
		"TF_VAR_revalidation_trigger":       d.trigger,
		"TF_VAR_user_emails":                `["` + strings.Join(userEmails, `", "`) + `"]`,
	}
	switch {
	case d.noSecret:
	case d.key != "":
		variables["TF_VAR_salesforce_private_key"] = d.key
	default:
		variables["TF_VAR_salesforce_client_secret"] = d.salesforce.App().Secret
	}
	return variables
}

// secrets has the secrets that no output may contain, each in a form that can be found in an output on one line.
func (d *demo) secrets() []string {
	app := d.salesforce.App()
	return []string{
		d.firstPassword, d.password, d.exchange.Service().Password, app.Secret, strings.Split(app.PrivateKey, "\n")[1],
		d.salesforce.RefreshToken(),
	}
}
