package cli

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// newVersionCommand creates the subcommand version. Its output belongs into every bug report.
func newVersionCommand(b Build) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version, the commit it was built from, the version of Go and the platform",
		Args:  cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			info, _ := debug.ReadBuildInfo() // without it, the commit is unknown
			_, err := fmt.Fprintf(command.OutOrStdout(), "terraform-provider-riva %s\ncommit   %s\ngo       %s\nplatform %s/%s\n",
				b.Version, cmp.Or(b.Commit, revision(info), "unknown"), runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
}

// revision is the commit that Go recorded in the binary, and whether the working tree had uncommitted changes.
func revision(info *debug.BuildInfo) string {
	if info == nil {
		return ""
	}
	settings := map[string]string{}
	for _, setting := range info.Settings {
		settings[setting.Key] = setting.Value
	}
	if settings["vcs.modified"] == "true" {
		return settings["vcs.revision"] + " with changes"
	}
	return settings["vcs.revision"]
}
