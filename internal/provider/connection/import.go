package connection

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tfdiag"
)

// byName introduces a name where an id is expected.
const byName = "name="

// ImportState finds a connection by id, or by name as "name=Exchange". What only Terraform knows gets its defaults, so
// that a configuration that leaves them out has nothing to change.
func (r *connectionResource) ImportState(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	ctx, cancel := context.WithTimeout(ctx, controlplane.DefaultTimeout)
	defer cancel()
	connection, err := r.find(ctx, req.ID)
	switch {
	case api.IsNotFound(err):
		resp.Diagnostics.AddError(tfdiag.TitleImport, fmt.Sprintf("The control plane (%s) has no connection %q. Import by id, or "+
			"by name: \"name=Exchange\". The data source riva_connections lists what is there.", r.access.Where, req.ID))
		return
	case err != nil:
		tfdiag.Attempt{Doing: fmt.Sprintf("import the connection %q", req.ID)}.Report(&resp.Diagnostics, err)
		return
	}
	defaults := local{Verify: types.BoolValue(true), DeletionPolicy: types.StringValue(deletionDelete)}
	r.show(ctx, connection, defaults, &resp.State, &resp.Diagnostics)
	r.access.Remember(ctx, resp.Private, connection.Revision, &resp.Diagnostics)
}

func (r *connectionResource) find(ctx context.Context, id string) (api.Connection, error) {
	if name, ok := strings.CutPrefix(id, byName); ok {
		return r.access.Client.ConnectionByName(ctx, name)
	}
	return r.access.Client.Connection(ctx, id)
}
