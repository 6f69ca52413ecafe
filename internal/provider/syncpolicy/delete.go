package syncpolicy

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/entity"
)

// delete deletes the policy, used or not. That its cycles used the connections stays known.
func (r *policyResource) delete(ctx context.Context, w *entity.Write[model], _ *diag.Diagnostics) error {
	return r.Access.Client.DeletePolicy(ctx, w.State.ID.ValueString())
}
