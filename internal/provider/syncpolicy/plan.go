package syncpolicy

import (
	"context"
	"fmt"
	"slices"

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
		diags.AddAttributeError(path.Root(side.attribute), tfdiag.TitlePolicyIncomplete, fmt.Sprintf(
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
			"To run a full sync cycle from a shell or from cron:\n\n  %s\n\n"+
			"The cycle signs in with the policy's connections and checks the policy's enabled users. It does not move calendars, "+
			"contacts or mail.",
		policy.title(), r.Access.Location, r.Access.Command("run-cycle", policy.Name.ValueString())))
}
