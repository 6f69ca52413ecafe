//go:build unix

package servetest_test

import (
	"os"
	"testing"

	"github.com/spf13/cobra"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/cli"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/servetest"
)

// TestMain runs the command line or the plugin if a test started this binary as one of them.
func TestMain(m *testing.M) {
	if os.Getenv(servetest.AsCommand) == "" {
		acctest.Main(m)
		return
	}
	root := &cobra.Command{Use: "terraform-provider-riva", SilenceUsage: true, SilenceErrors: true}
	root.AddCommand(cli.Commands(cli.Build{Version: acctest.Version, Commit: "0123abc"})...)
	root.SetArgs(os.Args[1:])
	os.Exit(cli.Report(os.Stderr, root.Execute())) //nolint:forbidigo // this process is the command
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
