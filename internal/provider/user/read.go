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
		r.access.Gone(ctx, origin, state.ID.ValueString(), "The "+state.named(), resp)
		return
	case err != nil:
		attempt("read the "+state.named()).Report(&resp.Diagnostics, err)
		return
	}
	state.attributes = show(&user)
	resp.Diagnostics.Append(resp.State.Set(ctx, &state)...)
	memory := controlplane.Memory{ID: user.ID, Revision: user.Revision, Identity: resp.Identity, Private: resp.Private}
	r.access.Adopt(ctx, memory, origin, "The "+state.named(), &resp.Diagnostics)
}
