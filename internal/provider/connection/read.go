package connection

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
)

// Read brings the state up to date. Only a connection that its own control plane does not know leaves the state.
func (r *connectionResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	state := read(ctx, req.State, &resp.Diagnostics)
	origin := controlplane.ReadOrigin(ctx, req.Private, &resp.Diagnostics)
	ctx, cancel := controlplane.WithTimeout(ctx, state.Timeouts.Read, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	connection, err := r.Access.Client.Connection(ctx, state.ID.ValueString())
	switch {
	case api.IsNotFound(err):
		r.Access.HandleMissing(ctx, origin, state.ID.ValueString(), "The "+describe(state), resp)
		return
	case err != nil:
		tfdiag.Operation{Name: "read the " + describe(state)}.Report(&resp.Diagnostics, err)
		return
	}
	r.show(ctx, connection, state.localAttributes, &resp.State, &resp.Diagnostics)
	memory := controlplane.ObjectRecord{ID: connection.ID, Revision: connection.Revision, Identity: resp.Identity, Private: resp.Private}
	r.Access.CheckMoved(ctx, memory, origin, "The "+describe(state), &resp.Diagnostics)
}
