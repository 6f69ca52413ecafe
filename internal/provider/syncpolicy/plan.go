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

// ModifyPlan rejects an enabled policy without a connection and ids that belong to something else, and plans last_modified_at.
func (r *policyResource) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	r.Record.ModifyPlan(ctx, req, resp)
	if req.Plan.Raw.IsNull() || r.Access == nil {
		return
	}
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	for _, side := range sides {
		controlplane.Connections.CheckID(path.Root(side.Attribute), plan.connectionID(side.Side), &resp.Diagnostics)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	requireConnections(&plan, r.Access.Systems, &resp.Diagnostics)
	ctx, cancel := controlplane.WithTimeout(ctx, "read", plan.Timeouts.Read, &resp.Diagnostics)
	defer cancel()
	for _, side := range sides {
		var before types.String
		if !req.State.Raw.IsNull() {
			resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root(side.Attribute), &before)...)
		}
		r.Access.CheckReference(ctx, side, plan.connectionID(side.Side), before, &resp.Diagnostics)
	}
}

const (
	crmAttribute   = "crm_connection_id"
	emailAttribute = "email_connection_id"
)

// sides are the two connections of a policy.
var sides = []controlplane.Reference{
	{Attribute: crmAttribute, Kind: controlplane.Connections, Side: target.CRM, OtherAttribute: emailAttribute},
	{Attribute: emailAttribute, Kind: controlplane.Connections, Side: target.Email, OtherAttribute: crmAttribute},
}

// connectionID is the id of one of the two connections.
func (m *model) connectionID(side target.Kind) types.String {
	if side == target.CRM {
		return m.CRMConnectionID
	}
	return m.EmailConnectionID
}

// requireConnections checks that an enabled policy has a connection of every kind for which there is a target system. A
// connection that is not created yet counts.
func requireConnections(plan *model, systems []*target.System, diags *diag.Diagnostics) {
	if !plan.Enabled.ValueBool() {
		return
	}
	titles := map[target.Kind]string{target.CRM: "CRM", target.Email: "email"}
	for _, side := range sides {
		offered := slices.ContainsFunc(systems, func(s *target.System) bool { return s.Kind == side.Side })
		if !offered || !plan.connectionID(side.Side).IsNull() {
			continue
		}
		diags.AddAttributeError(path.Root(side.Attribute), tfdiag.TitlePolicyIncomplete, fmt.Sprintf(
			"The %s is enabled but has no %s connection. Set %s, or set enabled = false until there is one.",
			plan.title(), titles[side.Side], side.Attribute))
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
