package cli

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api/cycle"
)

// newConnectionsCommand creates the subcommand connections, with its own subcommands.
func newConnectionsCommand(version string) *cobra.Command {
	a, o := access{version: version}, output{}
	var filter api.ConnectionFilter
	command := &cobra.Command{
		Use:   "connections",
		Short: "List every connection with its status, last test, sync policies and expiry",
		Long: `Lists every connection with its target system, status, last test, the sync policies that use it, and when its
certificate expires. It shows what is stored, and calls no target system; "connections test" does.

The exit status is 1 if a connection does not work, so that the command is a health check. A connection does not work if its
status is "failing" (the last sign-in failed) or "blank" (rejected credentials were deleted), or if its certificate has expired.
The status "unverified" and a certificate that expires soon do not count.`,
		Example: `  terraform-provider-riva connections
  terraform-provider-riva connections --status failing --json`,
		Args:          cobra.NoArgs,
		SilenceUsage:  true,
		SilenceErrors: true, // main prints the error
		RunE: func(command *cobra.Command, _ []string) error {
			ctx, stop := interruptible(command.Context())
			defer stop()
			return a.use(ctx, command.ErrOrStderr(), func(client *api.Client) error {
				found, err := client.Connections(ctx, filter)
				if err != nil {
					return describeError("list the connections", err)
				}
				return printConnections(command.OutOrStdout(), o, found, time.Now())
			})
		},
	}
	a.addFlags(command)
	o.addFlag(command)
	command.Flags().StringVar(&filter.System, "system", "", "only connections to this target system, such as exchange")
	command.Flags().StringVar(&filter.Kind, "kind", "", "only connections of this kind: crm or email")
	command.Flags().StringVar(&filter.Status, "status", "", "only this status: working, failing, unverified or blank")
	command.AddCommand(newTestCommand(version), newHistoryCommand(version), newPurgeCommand(version))
	return command
}

// connectionColumns are the columns of the table of connections.
var connectionColumns = []column[api.Connection]{
	{"NAME", func(c *api.Connection) string { return c.Name }},
	{"SYSTEM", func(c *api.Connection) string { return c.System }},
	{"STATUS", func(c *api.Connection) string { return c.Status }},
	{"LAST TEST", lastTest},
	{"USED BY", usedBy},
	{"EXPIRES", func(c *api.Connection) string {
		if c.CredentialsExpireAt == nil {
			return ""
		}
		return c.CredentialsExpireAt.UTC().Format(time.DateOnly)
	}},
}

// printConnections prints the connections, with the faults and warnings of a table below it. The error names those that do not
// work.
func printConnections(out io.Writer, o output, found []api.Connection, now time.Time) error {
	if err := printList(out, o, found, "No connections.", connectionColumns); err != nil {
		return err
	}
	var broken []string
	for i := range found {
		c := &found[i]
		if !o.json {
			printNotes(visibleWriter{out}, c)
		}
		if !works(c, now) {
			broken = append(broken, c.Name)
		}
	}
	switch len(broken) {
	case 0:
		return nil
	case 1:
		return fmt.Errorf("1 connection does not work: %s", quoteSome(broken))
	}
	return fmt.Errorf("%d connections do not work: %s", len(broken), quoteSome(broken))
}

// works reports whether a connection can be used, as far as is known.
func works(c *api.Connection, now time.Time) bool {
	expired := c.CredentialsExpireAt != nil && c.CredentialsExpireAt.Before(now)
	return c.Status != api.StatusFailing && c.Status != api.StatusBlank && !expired
}

// printNotes prints why a connection fails, and what expires.
func printNotes(out io.Writer, c *api.Connection) {
	if c.Fault != nil {
		fmt.Fprintf(out, "\n%s: %s\n", c.Name, cycle.ConnectionFault{Fault: c.Fault}.Summary())
	}
	for _, warning := range c.Warnings {
		fmt.Fprintf(out, "\nWarning: %s: %s\n", c.Name, warning)
	}
}

func lastTest(c *api.Connection) string {
	if c.LastTest == nil {
		return "never"
	}
	return testVerdict(c.LastTest) + " " + timestamp(c.LastTest.TestedAt)
}

// testVerdict is the result of a test in one word.
func testVerdict(t *api.TestResult) string {
	if t.Passed {
		return "passed"
	}
	return "FAILED"
}

// usedBy lists the sync policies that name a connection, and those that have used it and do not name it any more.
func usedBy(c *api.Connection) string {
	var policies []string
	named := map[string]bool{}
	for _, p := range c.Policies {
		named[p.ID] = true
		if p.Enabled {
			policies = append(policies, p.Name)
		} else {
			policies = append(policies, p.Name+" (disabled)")
		}
	}
	for _, use := range c.Uses {
		if !named[use.PolicyID] {
			policies = append(policies, use.PolicyName+" (before)")
		}
	}
	return strings.Join(policies, ", ")
}
