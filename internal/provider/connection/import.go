package connection

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
)

// ImportState finds a connection by id, identity or name. What only Terraform knows gets its defaults, so that a
// configuration that leaves them out has nothing to change.
func (r *connectionResource) ImportState(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	connection, ok := controlplane.Lookup[api.Connection]{
		Sort: controlplane.Connections, Key: "name", Example: "Exchange",
		ByID: r.Access.Client.Connection, ByKey: r.Access.Client.ConnectionByName,
	}.Import(ctx, r.Access, req, &resp.Diagnostics)
	if !ok {
		return
	}
	r.show(ctx, connection, defaults(), &resp.State, &resp.Diagnostics)
	memory := controlplane.ObjectRecord{ID: connection.ID, Revision: connection.Revision, Identity: resp.Identity, Private: resp.Private}
	r.Access.SaveOrigin(ctx, memory, &resp.Diagnostics)
}

// defaults are what a configuration means that says nothing of the attributes that only Terraform knows.
func defaults() localAttributes {
	return localAttributes{
		Verify: types.BoolValue(true), DeletionPolicy: types.StringValue(deletionDelete), Timeouts: controlplane.NoTimeouts(),
	}
}
