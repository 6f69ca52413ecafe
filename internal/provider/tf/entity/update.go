package entity

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
)

// Update changes the object in one call, unless somebody else changed it since it was read.
func (r *Record[O, M]) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state M
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := controlplane.WithTimeout(ctx, r.Fields(&plan).Timeouts.Update, &resp.Diagnostics)
	defer cancel()
	origin := controlplane.ReadOrigin(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	object, err := r.change(ctx, &plan, &state, origin.Revision, &resp.Diagnostics)
	if err != nil {
		r.Operation("change the "+r.Fields(&state).Title).Report(&resp.Diagnostics, err)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	r.Show(&plan, &object)
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
	r.Access.SaveOrigin(ctx, r.memory(&object, resp.Identity, resp.Private), &resp.Diagnostics)
}

// change asks for what the plan changes, or only reads if that is nothing but time-outs.
func (r *Record[O, M]) change(
	ctx context.Context, plan, state *M, revision int64, diags *diag.Diagnostics,
) (O, error) {
	if !r.Differs(plan, state) {
		return r.Find(r.Access.Client, ctx, r.Fields(state).ID)
	}
	return r.Change(ctx, r.Access.Client, plan, state, revision, diags)
}
