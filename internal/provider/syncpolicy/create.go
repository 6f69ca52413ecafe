package syncpolicy

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// Create makes the policy, and tells what an enabled one still needs.
func (r *policyResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	r.Record.Create(ctx, req, resp)
	r.warnIfEnabled(ctx, resp.State, &resp.Diagnostics)
}
