package connection

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
)

// Create sends the connection once. The control plane tests it before it stores it: what fails leaves nothing behind.
func (r *connectionResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	config, plan := read(ctx, req.Config, &resp.Diagnostics), read(ctx, req.Plan, &resp.Diagnostics)
	ctx, cancel := controlplane.WithTimeout(ctx, plan.Timeouts.Create, &resp.Diagnostics)
	defer cancel()
	// Asked before anything exists: an error after that would taint the connection.
	r.Access.InstanceID(ctx, &resp.Diagnostics)
	system := r.configuredSystem(config)
	if resp.Diagnostics.HasError() || system == nil {
		return
	}
	settings, _ := plan.settings(system)
	credentials, _ := config.secrets(system)
	connection, err := r.Access.Client.CreateConnection(ctx, api.CreateConnection{
		Name: plan.Name.ValueString(), System: system.Name,
		Settings: settings, Credentials: credentials, Verify: plan.Verify.ValueBoolPointer(),
	})
	if err != nil {
		tfdiag.Operation{
			Name: "create the " + describe(plan), SideEffect: "Nothing was created.",
			Resource: resourceType, AttributePath: attributePath(system),
		}.Report(&resp.Diagnostics, err)
		return
	}
	r.show(ctx, connection, plan.localAttributes, &resp.State, &resp.Diagnostics)
	memory := controlplane.ObjectRecord{ID: connection.ID, Revision: connection.Revision, Identity: resp.Identity, Private: resp.Private}
	r.Access.SaveOrigin(ctx, memory, &resp.Diagnostics)
}
