package syncpolicy

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/entity"
)

// update changes the policy. If it becomes enabled, it warns where cycles are not scheduled.
func (r *policyResource) update(
	ctx context.Context, w *entity.Write[model], diags *diag.Diagnostics,
) (api.Policy, error) {
	body := w.Plan.updateRequest(w.State, diags)
	if diags.HasError() {
		return api.Policy{}, nil
	}
	policy, err := r.Access.Client.UpdatePolicy(ctx, w.State.ID.ValueString(), w.Revision, body)
	if err == nil && policy.Enabled && !w.State.Enabled.ValueBool() {
		r.warnNoScheduler(w.Plan, diags)
	}
	return policy, err
}
