package syncpolicy

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/entity"
)

// create creates the policy. If it is enabled, it warns where cycles are not scheduled.
func (r *policyResource) create(
	ctx context.Context, w *entity.Write[model], diags *diag.Diagnostics,
) (api.Policy, error) {
	body := w.Plan.createRequest(diags)
	if diags.HasError() {
		return api.Policy{}, nil
	}
	policy, err := r.Access.Client.CreatePolicy(ctx, body)
	if err == nil && policy.Enabled {
		r.warnNoScheduler(w.Plan, diags)
	}
	return policy, err
}
