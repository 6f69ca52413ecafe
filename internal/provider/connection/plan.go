package connection

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// ModifyPlan says at plan what would go wrong at apply, and finds changed secrets. It creates and changes nothing.
// Terraform calls it once more at apply, and for a replacement a second time, with no state, for the new connection.
func (r *connectionResource) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	if r.Access == nil {
		return
	}
	if req.Plan.Raw.IsNull() { // destroy
		state := read(ctx, req.State, &resp.Diagnostics)
		if !resp.Diagnostics.HasError() {
			r.planDestroy(ctx, state, &resp.Diagnostics)
		}
		return
	}
	plan, config := read(ctx, req.Plan, &resp.Diagnostics), read(ctx, req.Config, &resp.Diagnostics)
	system := r.configuredSystem(config)
	if resp.Diagnostics.HasError() || system == nil {
		return // without a system the validation has said so
	}
	ctx, cancel := controlplane.WithTimeout(ctx, plan.Timeouts.Read, &resp.Diagnostics)
	defer cancel()
	r.checkServer(ctx, system, config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	r.planWarnings(system, config, &resp.Diagnostics)
	if req.State.Raw.IsNull() {
		planCreate(ctx, system, config, resp)
		return
	}
	state := read(ctx, req.State, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if state.System.ValueString() != system.Name {
		r.planReplace(ctx, system, plan, state, resp)
		return
	}
	r.planUpdate(ctx, system, config, plan, state, resp)
}

// planCreate refuses a connection that nobody could sign in with, and tells what is certain already.
func planCreate(ctx context.Context, system *target.System, config model, resp *resource.ModifyPlanResponse) {
	known, unknown := config.secrets(system)
	if len(known)+len(unknown) == 0 {
		tfdiag.AddWithoutValue(&resp.Diagnostics, system.Name, tfdiag.TitleNoSecret, fmt.Sprintf(
			"To create a connection to %s, give %s.\n\nTerraform drops attributes of any other name below %s without a word: if "+
				"there is a secret, compare its name.\n\nSecrets are optional for connections that exist, such as imported "+
				"ones: without them, the stored ones stay.", system.Title, grantsText(system), system.Name))
		return
	}
	set(ctx, resp, "system", types.StringValue(system.Name))
	set(ctx, resp, "kind", types.StringValue(string(system.Kind)))
}

// set plans the value of an attribute.
func set(ctx context.Context, resp *resource.ModifyPlanResponse, attribute string, value any) {
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root(attribute), value)...)
}

// planReplace is for another target system: another connection, for which the old one has to go.
func (r *connectionResource) planReplace(
	ctx context.Context, system *target.System, plan, state model, resp *resource.ModifyPlanResponse,
) {
	before := path.Root(state.System.ValueString())
	resp.RequiresReplace.Append(path.Root(system.Name), before)
	switch {
	case state.DeletionPolicy.ValueString() != deletionAbandon:
		if used := r.used(ctx, state, &resp.Diagnostics); used != nil {
			tfdiag.AddWithoutValue(&resp.Diagnostics, system.Name, tfdiag.TitleReplaceUsed, fmt.Sprintf(
				"The target system of a connection never changes: another system is another connection, and the %s would have to "+
					"be deleted.\n\n%s", describe(state), inUseDetail(used)))
		}
	case plan.Name.Equal(state.Name):
		resp.Diagnostics.AddAttributeError(path.Root("name"), tfdiag.TitleNameTaken, fmt.Sprintf(
			"The target system of a connection never changes: another system is another connection. The %s is abandoned, "+
				"not deleted, so it keeps its name. Give the new one another name.", describe(state)))
	}
}

// planDestroy refuses at plan, before anything else is destroyed, to delete a connection that a sync policy has used. A
// connection that is only named by an enabled policy is left to the apply, which may delete the policy first.
func (r *connectionResource) planDestroy(ctx context.Context, state model, diags *diag.Diagnostics) {
	if state.DeletionPolicy.ValueString() == deletionAbandon {
		warnAbandoned(state, diags)
		return
	}
	ctx, cancel := controlplane.WithTimeout(ctx, state.Timeouts.Delete, diags)
	defer cancel()
	if used := r.used(ctx, state, diags); used != nil {
		diags.AddError(tfdiag.TitleConnectionInUse, inUseDetail(used))
	}
}

// used returns the connection if a cycle of a sync policy has used it. What is not there is not used.
func (r *connectionResource) used(ctx context.Context, state model, diags *diag.Diagnostics) *api.Connection {
	connection, err := r.Access.Client.Connection(ctx, state.ID.ValueString())
	if api.IsNotFound(err) {
		return nil
	}
	if err != nil {
		tfdiag.Operation{Name: "ask whether the " + describe(state) + " may be deleted"}.Report(diags, err)
		return nil
	}
	if len(connection.Uses) == 0 {
		return nil
	}
	return &connection
}
