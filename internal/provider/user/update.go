package user

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/controlplane"
)

// Update changes the user in one call, unless somebody else changed it since it was read.
func (r *userResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := controlplane.Bound(ctx, plan.Timeouts.Update, &resp.Diagnostics)
	defer cancel()
	origin := controlplane.Recall(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	user, err := r.apply(ctx, &plan, &state, origin.Revision)
	if err != nil {
		attempt("change the "+state.named()).Report(&resp.Diagnostics, err)
		return
	}
	plan.attributes = show(&user)
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
	memory := controlplane.Memory{ID: user.ID, Revision: user.Revision, Identity: resp.Identity, Private: resp.Private}
	r.access.Remember(ctx, memory, &resp.Diagnostics)
}

// apply asks for what the plan changes, or only reads if that is nothing but time-outs.
func (r *userResource) apply(ctx context.Context, plan, state *model, revision int64) (api.User, error) {
	id := state.ID.ValueString()
	if !plan.differs(state) {
		return r.access.Client.User(ctx, id)
	}
	return r.access.Client.UpdateUser(ctx, id, revision, plan.change(state))
}
