package user

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/controlplane"
)

// Read brings the state up to date.
func (r *userResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := controlplane.Bound(ctx, state.Timeouts.Read, &resp.Diagnostics)
	defer cancel()
	origin := controlplane.Recall(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	user, err := r.access.Client.User(ctx, state.ID.ValueString())
	switch {
	case api.IsNotFound(err):
		if r.access.Gone(ctx, origin, "The "+state.named(), &resp.Diagnostics) {
			resp.State.RemoveResource(ctx)
		}
		return
	case err != nil:
		attempt("read the "+state.named()).Report(&resp.Diagnostics, err)
		return
	}
	state.attributes = show(&user)
	resp.Diagnostics.Append(resp.State.Set(ctx, &state)...)
	r.access.Adopt(ctx, resp.Private, origin, "The "+state.named(), user.Revision, &resp.Diagnostics)
}
