package syncpolicy

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/controlplane"
)

// Update changes the policy in one call, unless somebody else changed it since it was read.
func (r *policyResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := controlplane.Bound(ctx, plan.Timeouts.Update, &resp.Diagnostics)
	defer cancel()
	origin := controlplane.Recall(ctx, req.Private, &resp.Diagnostics)
	policy, err := r.apply(ctx, &plan, &state, origin.Revision, &resp.Diagnostics)
	if err != nil {
		attempt("change the "+state.named()).Report(&resp.Diagnostics, err)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	plan.attributes = show(&policy)
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
	memory := controlplane.Memory{ID: policy.ID, Revision: policy.Revision, Identity: resp.Identity, Private: resp.Private}
	r.access.Remember(ctx, memory, &resp.Diagnostics)
	if policy.Enabled && !state.Enabled.ValueBool() {
		r.warnNothingRuns(&plan, &resp.Diagnostics)
	}
}

// apply asks for what the plan changes, or only reads if that is nothing but time-outs.
func (r *policyResource) apply(
	ctx context.Context, plan, state *model, revision int64, diags *diag.Diagnostics,
) (api.Policy, error) {
	id := state.ID.ValueString()
	if !plan.differs(state) {
		return r.access.Client.Policy(ctx, id)
	}
	body := plan.change(state, diags)
	if diags.HasError() {
		return api.Policy{}, nil
	}
	return r.access.Client.UpdatePolicy(ctx, id, revision, body)
}
