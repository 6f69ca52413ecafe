package syncpolicy

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// Update changes the policy, and tells what one needs that became enabled.
func (r *policyResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var before model
	resp.Diagnostics.Append(req.State.Get(ctx, &before)...)
	r.Record.Update(ctx, req, resp)
	if !before.Enabled.ValueBool() {
		r.warnIfEnabled(ctx, resp.State, &resp.Diagnostics)
	}
}
