package connection

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/entity"
)

// create sends the connection once. The control plane tests it before it stores it: an error leaves nothing behind. Without
// complete credentials, the connection waits for a person.
func (r *connectionResource) create(
	ctx context.Context, w *entity.Write[model], diags *diag.Diagnostics,
) (api.Connection, error) {
	system := r.configuredSystem(*w.Plan)
	settings, _ := w.Plan.settings(system)
	credentials, _ := w.Config.secrets(system)
	created, err := r.Access.Client.CreateConnection(ctx, api.CreateConnection{
		Name: w.Plan.Name.ValueString(), System: system.Name,
		Settings: settings, Credentials: credentials, Verify: w.Plan.Verify.ValueBoolPointer(),
	})
	if err == nil {
		r.warnWaiting(ctx, &created, diags)
	}
	return created, err
}
