package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/storage"
)

// newKeysCommand creates the subcommand keys, with its own subcommand.
func newKeysCommand() *cobra.Command {
	command := &cobra.Command{
		Use:   "keys",
		Short: "Create the keyset that seals the credentials in a database",
		Args:  cobra.NoArgs,
	}
	command.AddCommand(newCreateKeysCommand())
	return command
}

func newCreateKeysCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "create FILE",
		Short: "Create a keyset in a new file",
		Long: `Creates a keyset in a new file, which only your user can read. The keyset seals the credentials in a database. Every
machine that uses the database needs the same keyset: as a file (RIVA_KEYSET), or as the content of the file
(RIVA_KEYSET_JSON), such as from a store of secrets. Without the keyset, the credentials in the database are lost, so keep a copy
in a safe place, apart from the backups of the database.

The command never replaces a file. It refuses a file in a git work tree that git does not ignore.`,
		Example:       `  terraform-provider-riva keys create ~/riva-keyset.json`,
		Args:          oneArgument("the file to create"),
		SilenceUsage:  true,
		SilenceErrors: true, // main prints the error
		RunE: func(command *cobra.Command, args []string) error {
			file, err := api.InHome(args[0])
			if err != nil {
				return err
			}
			path, warnings, err := storage.CreateKeyset(command.Context(), file)
			if err != nil {
				return err
			}
			printWarnings(command.ErrOrStderr(), warnings)
			fmt.Fprintf(visibleWriter{command.OutOrStdout()}, "Created the keyset %s. Keep a copy of it in a safe place.\n", path)
			return nil
		},
	}
}
