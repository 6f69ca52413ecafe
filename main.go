// Command terraform-provider-riva manages the connections of Riva Cloud Corporate with Terraform.
//
// Terraform starts it without arguments, as a plugin. Its subcommands do what Terraform cannot do.
package main

import (
	"context"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/cli"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/plugin"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
)

// The linker sets the version and the commit of a release.
var version = "dev"
var commit string

func main() {
	if status := cli.Report(os.Stderr, newRootCommand(os.Args[1:]).ExecuteContext(context.Background())); status != 0 {
		os.Exit(status)
	}
}

// newRootCommand creates the command that serves the plugin, with the subcommands of package cli.
func newRootCommand(args []string) *cobra.Command {
	var debug bool
	root := &cobra.Command{
		Use:           "terraform-provider-riva",
		Short:         "Manages the connections of Riva Cloud Corporate with Terraform",
		Version:       version,
		Args:          cobra.NoArgs,
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return plugin.Serve(cmd.Context(), plugin.Options{Version: version, Systems: catalog.All(), Debug: debug})
		},
	}
	root.Flags().BoolVar(&debug, "debug", false, "wait for a debugger and print how Terraform can attach")
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(cli.Commands(cli.Build{Version: version, Commit: commit})...)
	root.SetArgs(longFlags(args))
	return root
}

// longFlags accepts -debug: debuggers start every Terraform provider with this flag.
func longFlags(args []string) []string {
	args = slices.Clone(args)
	if i := slices.Index(args, "-debug"); i >= 0 {
		args[i] = "--debug"
	}
	return args
}
