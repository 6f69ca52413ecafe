package cli

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/storage"
)

// errNoDatabase means that no database is configured to migrate.
var errNoDatabase = errors.New("this command creates or upgrades the tables of a PostgreSQL database, and RIVA_DATABASE_URL is " +
	"not set: set it to the address of the database. A data directory is upgraded by the first command that opens it")

// newMigrateCommand creates the subcommand migrate.
func newMigrateCommand(version string) *cobra.Command {
	a := access{version: version}
	var o output
	command := &cobra.Command{
		Use:   "migrate",
		Short: "Create or upgrade the tables of the PostgreSQL database in RIVA_DATABASE_URL",
		Long: `Creates the tables of the PostgreSQL database in RIVA_DATABASE_URL, or upgrades them to the schema of this version. The
provider and the other commands never do. All tables are in a schema of their own, "riva". The version of this program before this
one can still use them, unless the release notes exclude it; older ones may refuse to.

The role in the address needs the right to create a schema the first time (CREATE on the database), and owns the tables. The
provider can use another role, without rights to change tables: the command prints the statements that give it the least rights.

The keyset seals the credentials in the database: RIVA_KEYSET or RIVA_KEYSET_JSON. "keys create FILE" makes one.`,
		Example: `  terraform-provider-riva keys create /secure/riva-keyset.json
  RIVA_KEYSET=/secure/riva-keyset.json terraform-provider-riva migrate`,
		Args:          cobra.NoArgs,
		SilenceUsage:  true,
		SilenceErrors: true, // main prints the error
		RunE: func(command *cobra.Command, _ []string) error {
			if err := a.checkVariables(); err != nil {
				return err
			}
			options, err := a.storageOptions()
			if err != nil {
				return err
			}
			if options.DatabaseURL == "" {
				return errNoDatabase
			}
			ctx, stop := interruptible(command.Context())
			defer stop()
			done, err := storage.Migrate(ctx, options)
			if err != nil {
				return err
			}
			printWarnings(command.ErrOrStderr(), done.Warnings)
			return printMigrated(command.OutOrStdout(), o, done)
		},
	}
	command.Flags().StringVar(&a.keyset, "keyset", "", "keyset file (default RIVA_KEYSET)")
	command.Flags().BoolVar(&o.json, "json", false, "print JSON for programs")
	return command
}

// migrated is the JSON of the subcommand migrate.
type migrated struct {
	Database string `json:"database"`
	// From is 0 if the database had no tables.
	From    int64    `json:"from"`
	To      int64    `json:"to"`
	Changed bool     `json:"changed"`
	Grants  []string `json:"grants"`
}

func printMigrated(to io.Writer, o output, done storage.Migrated) error {
	if o.json {
		return printJSON(to, migrated{
			Database: done.Database, From: done.From, To: done.To, Changed: done.From != done.To, Grants: done.Grants,
		})
	}
	out := visibleWriter{to}
	switch done.From {
	case done.To:
		fmt.Fprintf(out, "The database %s has schema version %d: nothing to do.\n", done.Database, done.To)
	case 0:
		fmt.Fprintf(out, "Created the tables in the database %s, with schema version %d.\n", done.Database, done.To)
	default:
		fmt.Fprintf(out, "Upgraded the database %s from schema version %d to %d.\n", done.Database, done.From, done.To)
	}
	fmt.Fprintf(out, "\nThe least rights for the role of the provider, here %s. Run these statements as the present role:\n\n",
		storage.RunRole)
	for _, statement := range done.Grants {
		fmt.Fprintf(out, "  %s;\n", statement)
	}
	return nil
}
