package entity

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// ModifyPlan checks that the control plane exists or may be made, and plans last_modified_at: unknown if the object changes, else
// as it is. A resource without Differs plans itself.
func (r *Record[O, M]) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	if !r.CheckPlan(ctx, req, &resp.Diagnostics) || req.Plan.Raw.IsNull() || req.State.Raw.IsNull() || r.Differs == nil {
		return
	}
	at := path.Root("last_modified_at")
	plan, state := decode[M](ctx, req.Plan, &resp.Diagnostics), decode[M](ctx, req.State, &resp.Diagnostics)
	var modified timetypes.RFC3339
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, at, &modified)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if r.Differs(plan, state) {
		modified = timetypes.NewRFC3339Unknown()
	}
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, at, modified)...)
}

// CheckPlan checks that the control plane exists, or that this plan may make it, and that the name is free. It returns false
// after it has added an error.
func (r *Record[O, M]) CheckPlan(ctx context.Context, req resource.ModifyPlanRequest, diags *diag.Diagnostics) bool {
	if r.Access == nil {
		return true
	}
	switch {
	case !r.Access.Missing():
	case req.State.Raw.IsNull():
		r.Access.PlanMake(diags)
	default:
		state := decode[M](ctx, req.State, diags)
		if !diags.HasError() {
			r.Access.CheckExists("The "+r.Fields(state).Title, diags)
		}
	}
	if !diags.HasError() {
		r.checkName(ctx, req, diags)
	}
	return !diags.HasError()
}
