package entity

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
)

// Read brings the state up to date. Only an object that its own control plane does not know leaves the state.
func (r *Record[O, M]) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state M
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	held := r.Fields(&state)
	ctx, cancel := controlplane.WithTimeout(ctx, held.Timeouts.Read, &resp.Diagnostics)
	defer cancel()
	origin := controlplane.ReadOrigin(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	object, err := r.Find(r.Access.Client, ctx, held.ID)
	switch {
	case api.IsNotFound(err):
		r.Access.HandleMissing(ctx, origin, held.ID, "The "+held.Title, resp)
		return
	case err != nil:
		r.Operation("read the "+held.Title).Report(&resp.Diagnostics, err)
		return
	}
	r.Show(&state, &object)
	resp.Diagnostics.Append(resp.State.Set(ctx, &state)...)
	memory := r.memory(&object, resp.Identity, resp.Private)
	r.Access.CheckMoved(ctx, memory, origin, "The "+r.Fields(&state).Title, &resp.Diagnostics)
}
