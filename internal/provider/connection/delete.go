package connection

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
)

// Delete deletes the connection, or with deletion_policy "abandon" only lets Terraform forget it.
func (r *connectionResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state := read(ctx, req.State, &resp.Diagnostics)
	origin := controlplane.ReadOrigin(ctx, req.Private, &resp.Diagnostics)
	ctx, cancel := controlplane.WithTimeout(ctx, state.Timeouts.Delete, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	if state.DeletionPolicy.ValueString() == deletionAbandon {
		warnAbandoned(state, &resp.Diagnostics)
		return
	}
	err := r.Access.Client.DeleteConnection(ctx, state.ID.ValueString())
	switch {
	case api.IsNotFound(err):
		r.Access.WasDeleted(ctx, origin, "The "+describe(state), &resp.Diagnostics)
	case api.IsProblem(err, api.ProblemConnectionInUse):
		problem, _ := api.AsProblem(err)
		reportInUse(state, problem, &resp.Diagnostics)
	case err != nil:
		tfdiag.Operation{Name: "delete the " + describe(state)}.Report(&resp.Diagnostics, err)
	}
}
