package main

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// commit is set by the linker when a release is built. Other builds know it if Go asked git for it.
var commit string

// newVersionCommand makes the subcommand version: what to say in a report of a problem.
func newVersionCommand(version string) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version, the commit it was built from, the version of Go and the platform",
		Args:  cobra.NoArgs,
		RunE: func(command *cobra.Command, _ []string) error {
			info, _ := debug.ReadBuildInfo() // without it there is no commit to tell
			_, err := fmt.Fprintf(command.OutOrStdout(), "terraform-provider-riva %s\ncommit   %s\ngo       %s\nplatform %s/%s\n",
				version, cmp.Or(commit, revision(info), "unknown"), runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
}

// revision is the commit that Go noted in the binary, and whether it was built from just that.
func revision(info *debug.BuildInfo) string {
	if info == nil {
		return ""
	}
	noted := map[string]string{}
	for _, setting := range info.Settings {
		noted[setting.Key] = setting.Value
	}
	if noted["vcs.modified"] == "true" {
		return noted["vcs.revision"] + " with changes"
	}
	return noted["vcs.revision"]
}
