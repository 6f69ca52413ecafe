package entity

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
)

// Read refreshes the state. An object leaves the state only if its own control plane does not have it.
func (r *Record[O, M]) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	diags := &resp.Diagnostics
	state := decode[M](ctx, req.State, diags)
	origin := controlplane.ReadOrigin(ctx, req.Private, diags)
	if diags.HasError() {
		return
	}
	fields := r.Fields(state)
	defer r.Access.FoundInState(fields.ID)()
	ctx, cancel := controlplane.WithTimeout(ctx, "read", fields.Timeouts.Read, diags)
	defer cancel()
	if diags.HasError() || !r.Access.CheckExists("The "+fields.Title, diags) {
		return
	}
	object, err := r.Find(r.Access.Client, ctx, fields.ID)
	switch {
	case api.IsNotFound(err):
		r.Access.HandleMissing(ctx, origin, fields.ID, "The "+fields.Title, resp)
		return
	case err != nil:
		r.report(VerbRead, state, err, diags)
		return
	}
	r.Show(state, &object, diags)
	encode(ctx, state, &resp.State, diags)
	r.Access.CheckMoved(ctx, r.record(&object, resp.Identity, resp.Private), origin, "The "+r.Fields(state).Title, diags)
}
