package entity

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// ModifyPlan plans last_modified_at: unknown if the object changes, else as it is. A resource without Differs plans itself.
func (r *Record[O, M]) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	if req.Plan.Raw.IsNull() || req.State.Raw.IsNull() {
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
