package syncpolicy

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// ModifyPlan rejects an enabled policy without a connection, and plans last_modified_at.
func (r *policyResource) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	r.Record.ModifyPlan(ctx, req, resp)
	if req.Plan.Raw.IsNull() || r.Access == nil {
		return
	}
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	controlplane.Connections.CheckID(path.Root("crm_connection_id"), plan.CRMConnectionID, &resp.Diagnostics)
	controlplane.Connections.CheckID(path.Root("email_connection_id"), plan.EmailConnectionID, &resp.Diagnostics)
	if !resp.Diagnostics.HasError() {
		requireConnections(&plan, r.Access.Systems, &resp.Diagnostics)
	}
}

// requireConnections checks that an enabled policy has a connection of every kind for which there is a target system. A
// connection that is not created yet counts.
func requireConnections(plan *model, systems []*target.System, diags *diag.Diagnostics) {
	if !plan.Enabled.ValueBool() {
		return
	}
	for _, side := range []struct {
		kind      target.Kind
		title     string
		attribute string
		value     types.String
	}{
		{target.CRM, "CRM", "crm_connection_id", plan.CRMConnectionID},
		{target.Email, "email", "email_connection_id", plan.EmailConnectionID},
	} {
		offered := slices.ContainsFunc(systems, func(s *target.System) bool { return s.Kind == side.kind })
		if !offered || !side.value.IsNull() {
			continue
		}
		diags.AddAttributeError(path.Root(side.attribute), "An Enabled Sync Policy Needs a Connection", fmt.Sprintf(
			"The %s is enabled but has no %s connection. Set %s, or set enabled = false until there is one.",
			plan.title(), side.title, side.attribute))
	}
}

// warnNoScheduler warns in embedded mode that the cycles of an enabled policy have to be started.
func (r *policyResource) warnNoScheduler(policy *model, diags *diag.Diagnostics) {
	if !r.Access.Embedded {
		return
	}
	diags.AddAttributeWarning(path.Root("enabled"), tfdiag.TitleCyclesNotScheduled, fmt.Sprintf(
		"The %s is enabled, but the control plane runs inside the provider (%s), and only while Terraform runs. "+
			"To run a full sync cycle from a shell or from cron:\n\n  %s run-cycle %s\n\n"+
			"Run it in the same directory, or set --data-dir and --keyset to the provider's data_dir and keyset. "+
			"The cycle signs in with the policy's connections and checks the policy's enabled users. It does not move calendars, "+
			"contacts or mail.",
		policy.title(), r.Access.Location, executablePath(os.Executable()), shellQuoted(policy.Name.ValueString())))
}

// executablePath is the command of this provider in a shell. Terraform installs the file below .terraform/providers or in a
// plugin cache, outside PATH and with the version in its name. So this is its path, or the plain name if the path is unknown.
func executablePath(executable string, err error) string {
	if err != nil {
		return "terraform-provider-riva"
	}
	return shellQuoted(executable)
}

// shellQuoted quotes a name for a POSIX shell, so that the command can be pasted with any name.
func shellQuoted(name string) string {
	return "'" + strings.ReplaceAll(name, "'", `'\''`) + "'"
}
