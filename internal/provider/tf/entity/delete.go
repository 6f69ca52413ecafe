package entity

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
)

// Delete removes the object.
func (r *Record[O, M]) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state M
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	held := r.Fields(&state)
	ctx, cancel := controlplane.WithTimeout(ctx, held.Timeouts.Delete, &resp.Diagnostics)
	defer cancel()
	err := r.Remove(r.Access.Client, ctx, held.ID)
	switch {
	case api.IsNotFound(err):
		// Missing on another control plane is an error; missing on its own is what was asked for.
		origin := controlplane.ReadOrigin(ctx, req.Private, &resp.Diagnostics)
		r.Access.WasDeleted(ctx, origin, "The "+held.Title, &resp.Diagnostics)
	case err != nil:
		r.Operation("delete the "+held.Title).Report(&resp.Diagnostics, err)
	}
}
