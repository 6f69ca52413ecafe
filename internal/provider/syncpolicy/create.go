package syncpolicy

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/controlplane"
)

// Create makes the policy.
func (r *policyResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := controlplane.Bound(ctx, plan.Timeouts.Create, &resp.Diagnostics)
	defer cancel()
	body := plan.creation(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	policy, err := r.access.Client.CreatePolicy(ctx, body)
	if err != nil {
		attempt("create the "+plan.named()).Report(&resp.Diagnostics, err)
		return
	}
	// Saved before anything else can go wrong: what exists must not be lost.
	plan.attributes = show(&policy)
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
	memory := controlplane.Memory{ID: policy.ID, Revision: policy.Revision, Identity: resp.Identity, Private: resp.Private}
	r.access.Remember(ctx, memory, &resp.Diagnostics)
	if policy.Enabled {
		r.warnNothingRuns(&plan, &resp.Diagnostics)
	}
}
