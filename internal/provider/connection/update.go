package connection

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
)

// Update makes all changes in one call, all or nothing, and only on the revision that was planned with.
func (r *connectionResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	config, plan := read(ctx, req.Config, &resp.Diagnostics), read(ctx, req.Plan, &resp.Diagnostics)
	state := read(ctx, req.State, &resp.Diagnostics)
	origin := controlplane.ReadOrigin(ctx, req.Private, &resp.Diagnostics)
	ctx, cancel := controlplane.WithTimeout(ctx, plan.Timeouts.Update, &resp.Diagnostics)
	defer cancel()
	system := r.configuredSystem(config)
	if resp.Diagnostics.HasError() || system == nil {
		return
	}
	// Asked again: a secret that was unknown at plan is known now, and may turn out to be the stored one.
	c := r.change(ctx, system, config, plan, state, &resp.Diagnostics)
	refuseWithoutSecrets(c, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if !c.needsUpdate() {
		state.localAttributes = plan.localAttributes
		write(ctx, state, &resp.State, &resp.Diagnostics)
		controlplane.Identify(ctx, resp.Identity, state.ID.ValueString(), &resp.Diagnostics)
		return
	}
	connection, err := r.Access.Client.UpdateConnection(ctx, state.ID.ValueString(), origin.Revision, c.request(plan))
	if err != nil {
		tfdiag.Operation{
			Name: "update the " + describe(state), SideEffect: "Nothing was changed: what was stored before stays in force.",
			Resource: resourceType, AttributePath: attributePath(system),
		}.Report(&resp.Diagnostics, err)
		return
	}
	r.show(ctx, connection, plan.localAttributes, &resp.State, &resp.Diagnostics)
	memory := controlplane.ObjectRecord{ID: connection.ID, Revision: connection.Revision, Identity: resp.Identity, Private: resp.Private}
	r.Access.SaveOrigin(ctx, memory, &resp.Diagnostics)
}

// request holds what changes and nothing else.
func (c *change) request(plan model) api.UpdateConnection {
	body := api.UpdateConnection{Verify: plan.Verify.ValueBoolPointer(), Revalidate: c.revalidate}
	if c.renamed {
		body.Name = plan.Name.ValueStringPointer()
	}
	if c.settings {
		body.Settings, _ = plan.settings(c.system)
	}
	if c.sendCredentials == decisionYes {
		body.Credentials = c.credentials
	}
	return body
}
