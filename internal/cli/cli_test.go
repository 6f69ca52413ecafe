package cli_test

import (
	"github.com/spf13/cobra"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/cli"
)

// newCommand returns a root command with the subcommands, as in the binary.
func newCommand(args ...string) *cobra.Command {
	root := &cobra.Command{Use: "terraform-provider-riva", SilenceUsage: true, SilenceErrors: true}
	root.AddCommand(cli.Commands(cli.Build{Version: "0.0.0-test", Commit: "0123abc"})...)
	root.SetArgs(args)
	return root
}
