package entity

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
)

// Delete deletes the object.
func (r *Record[O, M]) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	diags := &resp.Diagnostics
	w := &Write[M]{Verb: VerbDelete, State: decode[M](ctx, req.State, diags)}
	origin := controlplane.ReadOrigin(ctx, req.Private, diags)
	if diags.HasError() {
		return
	}
	w.Revision = origin.Revision
	fields := r.Fields(w.State)
	defer r.Access.FoundInState(fields.ID)()
	ctx, cancel := controlplane.WithTimeout(ctx, "delete", fields.Timeouts.Delete, diags)
	defer cancel()
	if diags.HasError() || !r.Access.CheckExists("The "+fields.Title, diags) || !r.before(ctx, w, diags) || diags.HasError() {
		return
	}
	err := r.Request.Delete(ctx, w, diags)
	switch {
	case api.IsNotFound(err):
		// Missing at its own control plane, the object is deleted as requested. Missing at another one, it is an error.
		r.Access.WasDeleted(ctx, origin, "The "+fields.Title, diags)
	case err != nil:
		r.report(VerbDelete, w.State, err, diags)
	default:
		r.Access.Wrote(fields.ID)
	}
}
