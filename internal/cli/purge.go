package cli

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

// newPurgeCommand creates the subcommand connections purge.
func newPurgeCommand(version string) *cobra.Command {
	a := access{version: version}
	var confirmed string
	command := &cobra.Command{
		Use:   "purge NAME",
		Short: "Remove a connection for good, also one that a full sync cycle has used",
		Long: `Removes a connection with its credentials, tests and uses for good. Use it for a connection that Terraform
abandoned (deletion_policy = "abandon"), or that cannot be deleted because a full sync cycle has used it. Its sync logs and the
audit trail stay, and the removal is recorded there.

The command asks for the name of the connection. It refuses while an enabled sync policy names the connection: disable
the policy first, or give it another connection. Remove the connection from the Terraform configuration first as well;
otherwise the next apply creates it again.

A shared control plane allows it to clients with the scope "admin" only.`,
		Example: `  terraform-provider-riva connections purge Exchange
  terraform-provider-riva connections purge Exchange --confirm Exchange`,
		Args:          oneArgument("one connection, by name or id"),
		SilenceUsage:  true,
		SilenceErrors: true, // main prints the error
		RunE: func(command *cobra.Command, args []string) error {
			ctx, stop := interruptible(command.Context())
			defer stop()
			return a.use(ctx, command.ErrOrStderr(), func(client *api.Client) error {
				c, err := connections(client).find(ctx, args[0])
				if err != nil {
					return err
				}
				out := visibleWriter{command.OutOrStdout()}
				if confirmed == "" {
					if confirmed, err = askName(out, command.InOrStdin(), &c); err != nil {
						return err
					}
				}
				return purge(ctx, client, out, &c, confirmed)
			})
		},
	}
	a.addFlags(command)
	command.Flags().StringVar(&confirmed, "confirm", "", "the name of the connection, instead of a question")
	return command
}

// askName shows what would be removed and reads the name of the connection.
func askName(out io.Writer, in io.Reader, c *api.Connection) (string, error) {
	fmt.Fprintf(out, "This removes the connection %q (%s, %s) with its credentials, tests and uses for good.\n", c.Name, c.System,
		c.ID)
	for _, use := range c.Uses {
		fmt.Fprintf(out, "The sync policy %q used it from %s to %s.\n", use.PolicyName, timestamp(use.FirstAt), timestamp(use.LastAt))
	}
	fmt.Fprint(out, "Type its name to confirm: ")
	typed, err := bufio.NewReader(in).ReadString('\n')
	typed = strings.TrimRight(typed, "\r\n")
	if typed != "" {
		return typed, nil
	}
	if err != nil { // without a terminal, the prompt has no line end
		fmt.Fprintln(out)
	}
	return "", fmt.Errorf("not confirmed, and nothing was removed: type the name %q, or specify it with --confirm", c.Name)
}

func purge(ctx context.Context, client *api.Client, out io.Writer, c *api.Connection, confirmed string) error {
	if err := client.PurgeConnection(ctx, c.ID, confirmed); err != nil {
		return describeError(fmt.Sprintf("remove the connection %q", c.Name), err)
	}
	fmt.Fprintf(out, "Removed the connection %q for good.\n", c.Name)
	return nil
}
