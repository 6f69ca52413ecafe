package cli

import (
	"errors"
	"time"

	"github.com/spf13/cobra"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api/cycle"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/embedded"
)

// errSharedControlPlane means that the environment selects a shared control plane. This command does not run its cycles.
var errSharedControlPlane = errors.New("RIVA_ENDPOINT names a shared control plane, and its full sync cycles run there: this " +
	"command is not needed. With Terraform 1.14, the action riva_run_sync_cycle runs one at once. For an embedded control " +
	"plane, specify its data directory with --data-dir, or set RIVA_DATABASE_URL instead of RIVA_ENDPOINT")

// newRunCycleCommand creates the subcommand run-cycle: it runs one full sync cycle in embedded mode, which does not schedule
// cycles.
func newRunCycleCommand(version string) *cobra.Command {
	a := access{version: version}
	command := &cobra.Command{
		Use:   "run-cycle POLICY",
		Short: "Run one full sync cycle of a sync policy, by id or name, on the embedded control plane",
		Long: `Runs one full sync cycle of a sync policy on the control plane that the provider embeds, from a shell or from cron.

The cycle signs in with the connections of the policy, checks the policy's enabled users and writes sync logs. It moves no
calendars, contacts or mail: Riva's own sync engine does that. From then on, the connections count as used.

The exit status is 0 if every user passed, and 1 after a fault, an interruption or an error.`,
		Example: `  terraform-provider-riva run-cycle Mail
  terraform-provider-riva run-cycle --data-dir /srv/riva "Mail and calendars"`,
		Args:          oneArgument("one sync policy, by id or name"),
		SilenceUsage:  true,
		SilenceErrors: true, // main prints the error
		RunE: func(command *cobra.Command, args []string) error {
			if err := a.checkVariables(); err != nil {
				return err
			}
			if a.isShared() {
				return errSharedControlPlane
			}
			ctx, stop := interruptible(command.Context())
			defer stop()
			ticker := time.NewTicker(cycle.PollInterval)
			defer ticker.Stop()
			out := command.OutOrStdout()
			return a.useEmbedded(ctx, out, func(client *api.Client, control *embedded.ControlPlane) error {
				run := cycleRun{api: client, out: visibleWriter{out}, tick: ticker.C, endCycles: control.EndCycles}
				return run.run(ctx, args[0])
			})
		},
	}
	a.addFlags(command)
	return command
}
