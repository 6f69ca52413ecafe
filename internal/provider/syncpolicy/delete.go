package syncpolicy

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/controlplane"
)

// Delete removes the policy, used or not. That its cycles used connections stays known.
func (r *policyResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := controlplane.Bound(ctx, state.Timeouts.Delete, &resp.Diagnostics)
	defer cancel()
	err := r.access.Client.DeletePolicy(ctx, state.ID.ValueString())
	switch {
	case api.IsNotFound(err):
		// Missing on another control plane is an error; missing on its own is what was asked for.
		origin := controlplane.Recall(ctx, req.Private, &resp.Diagnostics)
		r.access.Deleted(ctx, origin, "The "+state.named(), &resp.Diagnostics)
	case err != nil:
		attempt("delete the "+state.named()).Report(&resp.Diagnostics, err)
	}
}
