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

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// ModifyPlan refuses an enabled policy that lacks a connection, and says whether last_modified_at will change.
func (r *policyResource) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	r.Record.ModifyPlan(ctx, req, resp)
	if req.Plan.Raw.IsNull() || r.Access == nil {
		return
	}
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if !resp.Diagnostics.HasError() {
		requireConnections(&plan, r.Access.Systems, &resp.Diagnostics)
	}
}

// requireConnections checks that an enabled policy has a connection of every kind that some target system is of. A
// connection that is yet to be made counts.
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
			"The %s is enabled and has no %s connection. Set %s, or set enabled = false until there is one.",
			plan.title(), side.title, side.attribute))
	}
}

// warnNoScheduler tells, in embedded mode, that an enabled policy still needs somebody to run its cycles.
func (r *policyResource) warnNoScheduler(policy *model, diags *diag.Diagnostics) {
	if !r.Access.Embedded {
		return
	}
	diags.AddAttributeWarning(path.Root("enabled"), tfdiag.TitleCyclesNotScheduled, fmt.Sprintf(
		"The %s is enabled, but the control plane runs inside the provider (%s) and works only while Terraform does. "+
			"To run a full sync cycle, from a shell or from cron:\n\n  %s run-cycle %s\n\n"+
			"Run it in the same directory, or name the provider's data_dir and keyset with --data-dir and --keyset. "+
			"The cycle signs in with the policy's connections and checks every enabled user; it moves no calendars, contacts "+
			"or mail.",
		policy.title(), r.Access.Location, executablePath(os.Executable()), shellQuoted(policy.Name.ValueString())))
}

// executablePath is how a shell starts this provider, of which the path is known or not: below .terraform/providers, or in a cache
// of plugins, where no PATH leads and its file's name has the version in it.
func executablePath(executable string, err error) string {
	if err != nil {
		return "terraform-provider-riva"
	}
	return shellQuoted(executable)
}

// shellQuoted makes one word of a name for a POSIX shell, so that the command can be pasted whatever the name is.
func shellQuoted(name string) string {
	return "'" + strings.ReplaceAll(name, "'", `'\''`) + "'"
}
