package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

// newHistoryCommand creates the subcommand connections history.
func newHistoryCommand(version string) *cobra.Command {
	a, o := access{version: version}, output{}
	var passed, failed bool
	var limit int
	command := &cobra.Command{
		Use:   "history NAME",
		Short: "List the last tests of a connection, by name or id, newest first",
		Long: fmt.Sprintf(`Lists the last tests of a connection, newest first. The last %d of each connection are kept.

The exit status is 1 after an error only: a failed test in the past is not one.`, api.KeptTests),
		Example: `  terraform-provider-riva connections history Exchange
  terraform-provider-riva connections history Exchange --failed --limit 1 --json`,
		Args:          oneArgument("one connection, by name or id"),
		SilenceUsage:  true,
		SilenceErrors: true, // main prints the error
		RunE: func(command *cobra.Command, args []string) error {
			if limit < 1 {
				return errors.New("--limit must be at least 1")
			}
			result := ""
			switch {
			case passed:
				result = api.Passed
			case failed:
				result = api.Failed
			}
			ctx, stop := interruptible(command.Context())
			defer stop()
			return a.use(ctx, command.ErrOrStderr(), func(client *api.Client) error {
				c, err := connections(client).find(ctx, args[0])
				if err != nil {
					return err
				}
				tests, err := client.Tests(ctx, c.ID, result, limit)
				if err != nil {
					return describeError(fmt.Sprintf("list the tests of the connection %q", c.Name), err)
				}
				return printList(command.OutOrStdout(), o, tests, "No tests.", testColumns)
			})
		},
	}
	a.addFlags(command)
	o.addFlag(command)
	command.Flags().BoolVar(&passed, "passed", false, "only tests that passed")
	command.Flags().BoolVar(&failed, "failed", false, "only tests that failed")
	command.MarkFlagsMutuallyExclusive("passed", "failed")
	command.Flags().IntVar(&limit, "limit", api.KeptTests, "maximum number of tests")
	return command
}

// testColumns are the columns of the table of tests.
var testColumns = []column[api.TestResult]{
	{"TESTED AT", func(t *api.TestResult) string { return timestamp(t.TestedAt) }},
	{"RESULT", testVerdict},
	{"TEST", func(t *api.TestResult) string { return t.Test }},
	{"ACCOUNT", func(t *api.TestResult) string {
		if t.UserEmail != "" {
			return t.UserEmail
		}
		return "service account"
	}},
	{"SUMMARY", func(t *api.TestResult) string {
		if t.Remembered {
			return t.Summary + " (remembered: the target system was not called)"
		}
		return t.Summary
	}},
}
