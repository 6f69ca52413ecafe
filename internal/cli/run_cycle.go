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

// errSharedControlPlane means that the environment selects a shared control plane. This command does not run its cycles.
var errSharedControlPlane = errors.New("RIVA_ENDPOINT names a shared control plane, and its full sync cycles run there: this " +
	"command is not needed. With Terraform 1.14, the action riva_run_sync_cycle runs one at once. For an embedded control " +
	"plane, specify its data directory with --data-dir")

// newRunCycleCommand creates the subcommand run-cycle: it runs one full sync cycle in embedded mode, which does not schedule
// cycles.
func newRunCycleCommand(version string) *cobra.Command {
	var dataDir, keyset string
	command := &cobra.Command{
		Use:   "run-cycle POLICY",
		Short: "Run one full sync cycle of a sync policy, by id or name, on the embedded control plane",
		Long: `Runs one full sync cycle of a sync policy on the control plane that the provider embeds, from a shell or from cron.

The cycle signs in with the connections of the policy, checks the policy's enabled users and writes sync logs. It moves no
calendars, contacts or mail: Riva's own sync engine does that. From then on, the connections count as used.

The exit status is 0 if every user passed, and 1 after a fault, an interruption or an error.`,
		Example: `  terraform-provider-riva run-cycle Mail
  terraform-provider-riva run-cycle --data-dir /srv/riva "Mail and calendars"`,
		Args: func(command *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("specify one sync policy, by id or name: %s", command.UseLine())
			}
			return nil
		},
		SilenceUsage:  true,
		SilenceErrors: true, // main prints the error
		RunE: func(command *cobra.Command, args []string) error {
			if dataDir == "" && os.Getenv("RIVA_ENDPOINT") != "" {
				return errSharedControlPlane
			}
			ctx, stop := signal.NotifyContext(command.Context(), interrupts()...)
			defer stop()
			context.AfterFunc(ctx, stop) // so that a second signal stops the process at once
			ticker := time.NewTicker(cycle.PollInterval)
			defer ticker.Stop()
			options := embedded.Options{
				DataDir: cmp.Or(dataDir, os.Getenv("RIVA_DATA_DIR"), api.DefaultDataDir),
				Keyset:  cmp.Or(keyset, os.Getenv("RIVA_KEYSET")),
				// A new data directory has no policies, and it would hide a mistyped path or a wrong working directory.
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

// interrupts lists the signals that interrupt the cycle. The signal of a closed terminal is one of them unless it is ignored, as
// with nohup.
func interrupts() []os.Signal {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		signals = append(signals, syscall.SIGHUP)
	}
	return signals
}

// runCycle opens the control plane, runs one cycle of the policy and closes the control plane, which ends a running cycle.
func runCycle(
	ctx context.Context, options embedded.Options, policy string, out io.Writer, tick <-chan time.Time,
) (err error) {
	control, err := embedded.Open(ctx, options)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%w, with --data-dir or RIVA_DATA_DIR", err)
	case err != nil:
		return err
	}
	defer func() { err = errors.Join(err, control.Close()) }()
	client, err := api.NewClient(api.Options{
		BaseURL: embedded.BaseURL, Transport: control, UserAgent: "terraform-provider-riva/" + options.Version,
	})
	if err != nil {
		return err
	}
	for _, warning := range control.Warnings() {
		fmt.Fprintf(out, "Warning: %s\n", warning)
	}
	run := cycleRun{api: client, out: visibleWriter{out}, tick: tick, endCycles: control.EndCycles}
	return run.run(ctx, policy)
}
