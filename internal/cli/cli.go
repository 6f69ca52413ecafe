// Package cli is the command line: the subcommands for tasks that Terraform cannot do. A subcommand opens the embedded
// control plane and calls it through the client of package api, as the provider does.
package cli

import "github.com/spf13/cobra"

// Build identifies the binary that the commands belong to.
type Build struct {
	Version string
	// Commit is empty if the linker did not set it.
	Commit string
}

// Commands returns the subcommands.
func Commands(b Build) []*cobra.Command {
	return []*cobra.Command{newRunCycleCommand(b.Version), newVersionCommand(b)}
}
