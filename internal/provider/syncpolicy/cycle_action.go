package syncpolicy

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/action/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api/cycle"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/entity"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/fault"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/progress"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
)

const (
	// cycleTimeout is the default timeout of a cycle, which checks the policy's enabled users.
	cycleTimeout = 30 * time.Minute
	// pollInterval is how often the state of a cycle is read from a shared control plane.
	pollInterval = 2 * time.Second
)

var _ action.ActionWithConfigure = (*cycleAction)(nil)

// cycleAction is riva_run_sync_cycle: it runs a full sync cycle to its end.
type cycleAction struct{ entity.Action }

type cycleActionModel struct {
	PolicyID types.String   `tfsdk:"policy_id"`
	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

const cycleActionDescription = `Runs a full sync cycle of a sync policy to its end. It reports each user as soon as the user is
checked, and every ten seconds how long it has waited for the next one. If there is a fault, the action fails with the title
of the fault, the target system's own message and the next steps.

The cycle signs in with the policy's connections, checks the policy's enabled users and writes sync logs. It does not move
calendars, contacts or mail: Riva's sync engine does that. From then on the connections count as used.

Actions need Terraform 1.14. With older versions and with OpenTofu, use the subcommand
` + "`terraform-provider-riva run-cycle`" + ` in embedded mode.`

// NewCycleAction returns the action riva_run_sync_cycle.
func NewCycleAction() action.Action { return &cycleAction{entity.Action{Type: "riva_run_sync_cycle"}} }

// Schema declares the attributes.
func (a *cycleAction) Schema(ctx context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: cycleActionDescription,
		Attributes: map[string]schema.Attribute{
			"policy_id": schema.StringAttribute{
				MarkdownDescription: "Id of the sync policy.", Required: true,
			},
		},
		Blocks: map[string]schema.Block{
			"timeouts": controlplane.ActionTimeouts(ctx, "How long the cycle may take, such as `\"1h\"` (default `\"30m\"`). "+
				"A cycle that takes longer continues in a shared control plane, and is interrupted in an embedded one."),
		},
	}
}

// Invoke runs the cycle.
func (a *cycleAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var config cycleActionModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	controlplane.Policies.CheckID(path.Root("policy_id"), config.PolicyID, &resp.Diagnostics)
	ctx, cancel := controlplane.WithTimeoutDefault(ctx, "invoke", config.Timeouts.Invoke, cycleTimeout, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	reporter, end := progress.Begin(ctx, resp, "the control plane")
	defer end()
	policy, err := a.Access.Client.Policy(ctx, config.PolicyID.ValueString())
	if err != nil {
		a.reportReadError(ctx, config.PolicyID.ValueString(), err, &resp.Diagnostics)
		return
	}
	every := pollInterval
	if a.Access.Embedded {
		every = cycle.PollInterval
	}
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	watcher := cycle.Watcher{API: a.Access.Client, Tick: ticker.C, EndCycles: a.Access.EndCycles}
	started, err := watcher.Start(ctx, &policy)
	if err != nil {
		tfdiag.Operation{Name: fmt.Sprintf("start a full sync cycle of the sync policy %q", policy.Name)}.
			Report(&resp.Diagnostics, err)
		return
	}
	reporter.Reportf("Full sync cycle of the sync policy %q: %s to check.", policy.Name, cycle.UserCount(started.UsersTotal))
	outcome, err := watcher.Watch(ctx, &policy, started, reporter)
	if err != nil {
		tfdiag.Operation{
			Name:         fmt.Sprintf("follow the full sync cycle of the sync policy %q to its end", policy.Name),
			AfterTimeout: a.afterTimeout(),
		}.Report(&resp.Diagnostics, err)
		return
	}
	reporter.Reportf("%s checked, %d with a fault.", cycle.UserCount(outcome.Cycle.UsersDone), outcome.Cycle.UsersFaulty)
	reportCycle(&policy, outcome, &resp.Diagnostics)
}

// afterTimeout says what happens to a cycle that takes too long.
func (a *cycleAction) afterTimeout() string {
	if a.Access.Embedded {
		return "In embedded mode, the cycle was interrupted."
	}
	return "The cycle continues to run in the control plane."
}

// reportReadError reports that the policy could not be read.
func (a *cycleAction) reportReadError(ctx context.Context, id string, err error, diags *diag.Diagnostics) {
	if api.IsNotFound(err) {
		a.Access.ReportMissing(ctx, controlplane.Policies, "policy_id", id, diags)
		return
	}
	tfdiag.Operation{Name: "read the sync policy " + id}.Report(diags, err)
}

// reportCycle reports each fault, or else why the cycle failed.
func reportCycle(policy *api.Policy, outcome *cycle.Result, diags *diag.Diagnostics) {
	for _, found := range outcome.Faults {
		where := ""
		if found.Connection != "" {
			where = fmt.Sprintf(" at the connection %q", found.Connection)
		}
		diags.AddError(fault.Title(found.Fault), fmt.Sprintf("The full sync cycle of the sync policy %q failed with a fault%s.\n\n%s",
			policy.Name, where, fault.Detail(found.Fault)))
	}
	if err := outcome.Err(); err != nil && len(outcome.Faults) == 0 {
		diags.AddError(tfdiag.TitleCycleFailed, fmt.Sprintf("Sync policy %q: %s.", policy.Name, err))
	}
}
