// Package cli is the command line: the subcommands for tasks that Terraform cannot do, or that do not need it. A subcommand
// selects a control plane as the provider does, and calls it through the client of package api.
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
	return []*cobra.Command{
		newAuditCommand(b.Version), newAuthorizeCommand(b.Version), newClientsCommand(b.Version), newConnectionsCommand(b.Version),
		newKeysCommand(), newMigrateCommand(b.Version), newRunCycleCommand(b.Version), newServeCommand(b.Version), newVersionCommand(b),
	}
}
