package connection

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/entity"
)

// delete deletes the connection, unless the control plane keeps it because it is or was in use.
func (r *connectionResource) delete(ctx context.Context, w *entity.Write[model], diags *diag.Diagnostics) error {
	err := r.Access.Client.DeleteConnection(ctx, w.State.ID.ValueString())
	if api.IsProblem(err, api.ProblemConnectionInUse) {
		problem, _ := api.AsProblem(err)
		reportInUse(r.Access, *w.State, problem, diags)
		return nil
	}
	return err
}
