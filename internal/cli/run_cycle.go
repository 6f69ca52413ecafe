package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api/cycle"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/embedded"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
)

// errSharedControlPlane means that the environment chooses a shared control plane, whose cycles are no business of this command.
var errSharedControlPlane = errors.New("RIVA_ENDPOINT names a shared control plane, and its full sync cycles run there: nothing needs to " +
	"run them from here. With Terraform 1.14 the action riva_run_sync_cycle runs one at once. For an embedded control plane, " +
	"name its data directory with --data-dir")

// newRunCycleCommand makes the subcommand run-cycle: one full sync cycle in embedded mode, where nothing runs by itself.
func newRunCycleCommand(version string) *cobra.Command {
	var dataDir, keyset string
	command := &cobra.Command{
		Use:   "run-cycle POLICY",
		Short: "Run one full sync cycle of a sync policy, by id or name, on the embedded control plane",
		Long: `Runs one full sync cycle of a sync policy on the control plane that the provider embeds, from a shell or from cron.

The cycle signs in with the connections of the policy, checks every enabled user and writes sync logs. It moves no
calendars, contacts or mail: that is Riva's sync engine's work. The connections count as used from then on.

The exit status is 0 if every user passed, and 1 on a fault, on an interruption and on an error.`,
		Example: `  terraform-provider-riva run-cycle Mail
  terraform-provider-riva run-cycle --data-dir /srv/riva "Mail and calendars"`,
		Args: func(command *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("name one sync policy, by id or name: %s", command.UseLine())
			}
			return nil
		},
		SilenceUsage:  true,
		SilenceErrors: true, // main says it, once
		RunE: func(command *cobra.Command, args []string) error {
			if dataDir == "" && os.Getenv("RIVA_ENDPOINT") != "" {
				return errSharedControlPlane
			}
			ctx, stop := signal.NotifyContext(command.Context(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			context.AfterFunc(ctx, stop) // so that a second signal ends the process at once
			ticker := time.NewTicker(cycle.PollInterval)
			defer ticker.Stop()
			options := embedded.Options{
				DataDir: cmp.Or(dataDir, os.Getenv("RIVA_DATA_DIR"), api.DefaultDataDir),
				Keyset:  cmp.Or(keyset, os.Getenv("RIVA_KEYSET")),
				// A policy cannot be in a new one, which would only hide a mistyped path or a wrong working directory.
				RequireExisting: true,
				Version:         version,
				Systems:         catalog.All(),
			}
			return runCycle(ctx, options, args[0], command.OutOrStdout(), ticker.C)
		},
	}
	command.Flags().StringVar(&dataDir, "data-dir", "", "the provider's data directory (default RIVA_DATA_DIR, or .riva)")
	command.Flags().StringVar(&keyset, "keyset", "", "keyset file (default RIVA_KEYSET, or the data directory's own)")
	return command
}

// runCycle opens the control plane, follows one cycle of the policy and closes it again, which ends a cycle that still
// runs.
func runCycle(
	ctx context.Context, options embedded.Options, policy string, out io.Writer, tick <-chan time.Time,
) (err error) {
	plane, err := embedded.Open(ctx, options)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%w, with --data-dir or RIVA_DATA_DIR", err)
	case err != nil:
		return err
	}
	defer func() { err = errors.Join(err, plane.Close()) }()
	client, err := api.NewClient(api.Options{
		BaseURL: embedded.BaseURL, Transport: plane, UserAgent: "terraform-provider-riva/" + options.Version,
	})
	if err != nil {
		return err
	}
	follower := cycleRun{api: client, out: out, tick: tick, endCycles: plane.EndCycles}
	return follower.run(ctx, policy)
}
