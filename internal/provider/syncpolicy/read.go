package syncpolicy

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/controlplane"
)

// Read brings the state up to date. A connection that was deleted is missing in it from then on.
func (r *policyResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
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
	policy, err := r.access.Client.Policy(ctx, state.ID.ValueString())
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
	state.attributes = show(&policy)
	resp.Diagnostics.Append(resp.State.Set(ctx, &state)...)
	r.access.Adopt(ctx, resp.Private, origin, "The "+state.named(), policy.Revision, &resp.Diagnostics)
}
