package cli

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api/cycle"
)

// connectionTest runs connection tests.
type connectionTest struct {
	client  *api.Client
	out     io.Writer
	output  output
	request api.RunTest
	all     bool
}

// newTestCommand creates the subcommand connections test.
func newTestCommand(version string) *cobra.Command {
	a, t := access{version: version}, connectionTest{}
	command := &cobra.Command{
		Use:   "test NAME...",
		Short: "Test connections, by name or id",
		Long: `Signs in to the target system of each connection with the service account and runs the general test, or another one.
The result is stored with the connection, like that of any test.

Credentials that the target system rejected moments ago are not sent again, because too many attempts can lock the
account: the previous result is shown. With --force they are sent.

The exit status is 1 if a test fails, so that "connections test --all" from cron is a health check.`,
		Example: `  terraform-provider-riva connections test Exchange
  terraform-provider-riva connections test Exchange --test calendar --user ada@example.com
  terraform-provider-riva connections test --all --json`,
		Args: func(command *cobra.Command, args []string) error {
			if t.all == (len(args) > 0) {
				return fmt.Errorf("specify connections, by name or id, or --all: %s", command.UseLine())
			}
			return nil
		},
		SilenceUsage:  true,
		SilenceErrors: true, // main prints the error
		RunE: func(command *cobra.Command, args []string) error {
			ctx, stop := interruptible(command.Context())
			defer stop()
			return a.use(ctx, command.ErrOrStderr(), func(client *api.Client) error {
				t.client, t.out = client, command.OutOrStdout()
				return t.run(ctx, args)
			})
		},
	}
	a.addFlags(command)
	t.output.addFlag(command)
	command.Flags().BoolVar(&t.all, "all", false, "test every connection")
	command.Flags().BoolVar(&t.request.Force, "force", false, "sign in even if the same credentials were rejected moments ago")
	command.Flags().StringVar(&t.request.Test, "test", "", "the test to run (default general)")
	command.Flags().StringVar(&t.request.UserEmail, "user", "", "email address of a user to act as (default: the service account)")
	return command
}

// testedConnection is a result with the name of the connection.
type testedConnection struct {
	ConnectionName string `json:"connection_name"`
	api.TestResult
}

// run tests the connections one after the other. The error says which tests failed.
func (t *connectionTest) run(ctx context.Context, names []string) error {
	if t.request.UserEmail != "" {
		t.request.Account = "user"
	}
	found, err := t.find(ctx, names)
	if err != nil {
		return err
	}
	results := make([]testedConnection, 0, len(found))
	var failed []string
	for _, c := range found {
		result, err := t.client.RunTest(ctx, c.ID, t.request)
		if err != nil {
			return describeError(fmt.Sprintf("test the connection %q", c.Name), err)
		}
		results = append(results, testedConnection{c.Name, result})
		if !result.Passed {
			failed = append(failed, c.Name)
		}
		if !t.output.json {
			printTest(visibleWriter{t.out}, c.Name, &result)
		}
	}
	if t.output.json {
		if err := printList(t.out, t.output, results, "", nil); err != nil {
			return err
		}
	}
	if len(failed) == 0 {
		return nil
	}
	return fmt.Errorf("the test failed: %s", quoteSome(failed))
}

// find finds all connections before the first test.
func (t *connectionTest) find(ctx context.Context, names []string) ([]api.Connection, error) {
	if t.all {
		found, err := t.client.Connections(ctx, api.ConnectionFilter{})
		if err != nil {
			return nil, describeError("list the connections", err)
		}
		if len(found) == 0 {
			return nil, errors.New("no connections to test")
		}
		return found, nil
	}
	found := make([]api.Connection, 0, len(names))
	for _, name := range names {
		c, err := connections(t.client).find(ctx, name)
		if err != nil {
			return nil, err
		}
		found = append(found, c)
	}
	return found, nil
}

// printTest prints a result with its checks, and the help for a fault.
func printTest(out io.Writer, name string, result *api.TestResult) {
	summary := result.Summary
	if result.Fault != nil {
		summary = cycle.ConnectionFault{Fault: result.Fault}.Summary()
	}
	fmt.Fprintf(out, "%s: %s\n", name, summary)
	for _, check := range result.Checks {
		if check.Passed { // the fault says what failed
			fmt.Fprintf(out, "  passed  %s: %s (%d ms)\n", check.Name, check.Message, check.DurationMS)
		} else {
			fmt.Fprintf(out, "  FAILED  %s (%d ms)\n", check.Name, check.DurationMS)
		}
	}
	for _, warning := range result.Warnings {
		fmt.Fprintf(out, "  Warning: %s\n", warning)
	}
	if result.Fault != nil {
		fmt.Fprint(out, "\nWhat to do next:\n")
		writeSteps(out, result.Fault.Help)
		fmt.Fprintln(out)
	}
}
