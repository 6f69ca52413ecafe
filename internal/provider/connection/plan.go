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

// ModifyPlan reports at plan what would fail at apply, and detects changed secrets. It does not change anything. Terraform calls
// it again at apply, and a second time for a replacement, without a state, for the new connection.
func (r *connectionResource) ModifyPlan(
	ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse,
) {
	if r.Access == nil || !r.CheckPlan(ctx, req, &resp.Diagnostics) {
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
	if resp.Diagnostics.HasError() {
		return
	}
	system := r.planSystem(config, &resp.Diagnostics)
	if system == nil {
		return
	}
	ctx, cancel := controlplane.WithTimeout(ctx, "read", plan.Timeouts.Read, &resp.Diagnostics)
	defer cancel()
	if !undecided(config.Systems[system.Name]) {
		r.checkServer(ctx, system, config, &resp.Diagnostics)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	r.planWarnings(system, config, &resp.Diagnostics)
	if req.State.Raw.IsNull() {
		r.planCreate(ctx, system, config, resp)
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

// planCreate plans the attributes that are known already. A connection without secrets waits for a person, or is rejected if its
// target system does not support that.
func (r *connectionResource) planCreate(
	ctx context.Context, system *target.System, config model, resp *resource.ModifyPlanResponse,
) {
	settings, _ := config.settings(system)
	known, unknown := config.secrets(system)
	switch {
	case len(unknown) > 0:
	case system.Waits(settings, known):
		why := "The configured secrets are completed by a person"
		if len(known) == 0 {
			why = "No secret is configured"
		}
		r.planPerson(ctx, system, config, why+", so the connection is created without working credentials.", &resp.Diagnostics)
	case len(known) == 0:
		rejectNoSecret(system, &resp.Diagnostics)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	set(ctx, resp, "system", types.StringValue(system.Name))
	set(ctx, resp, "kind", types.StringValue(string(system.Kind)))
}

// rejectNoSecret reports that a new connection needs a secret.
func rejectNoSecret(system *target.System, diags *diag.Diagnostics) {
	at := path.Root(system.Name)
	if secrets := system.Secrets(); len(secrets) > 0 {
		at = at.AtName(attributeName(secrets[0])) // absent: Terraform shows the line of the block
	}
	text := fmt.Sprintf("To create a connection to %s, set %s.", system.Title, grantsText(system))
	if needed := personGrantsText(system); needed != "" {
		text += fmt.Sprintf(" For a person who signs in with a browser, set %s.", needed)
	}
	diags.AddAttributeError(at, tfdiag.TitleNoSecret, text+"\n\nSecrets are optional for existing connections, such as imported "+
		"ones: without them, the stored ones stay.")
}

// set plans the value of an attribute.
func set(ctx context.Context, resp *resource.ModifyPlanResponse, attribute string, value any) {
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root(attribute), value)...)
}

// planReplace plans another target system: that is another connection, and the old one is deleted.
func (r *connectionResource) planReplace(
	ctx context.Context, system *target.System, plan, state model, resp *resource.ModifyPlanResponse,
) {
	before := path.Root(state.System.ValueString())
	resp.RequiresReplace.Append(path.Root(system.Name), before)
	switch {
	case state.DeletionPolicy.ValueString() != deletionAbandon:
		if used := r.used(ctx, state, &resp.Diagnostics); used != nil {
			resp.Diagnostics.AddAttributeError(path.Root(system.Name), tfdiag.TitleReplaceUsed, fmt.Sprintf(
				"The target system of a connection never changes: another system requires another connection. %s\n\n"+replacementHint,
				usesText(used.Name, used.Uses), system.Name))
		}
	case plan.Name.Equal(state.Name):
		resp.Diagnostics.AddAttributeError(path.Root("name"), tfdiag.TitleNameTaken, fmt.Sprintf(
			"The target system of a connection never changes. Another system requires another connection. The %s is abandoned, "+
				"not deleted, so it keeps its name. Use another name for the new connection.", describe(state)))
	}
}

// planDestroy rejects the deletion of a connection that a sync policy has used at plan, before anything else is destroyed. The
// apply checks whether an enabled policy uses the connection, since it can delete the policy first.
func (r *connectionResource) planDestroy(ctx context.Context, state model, diags *diag.Diagnostics) {
	if state.DeletionPolicy.ValueString() == deletionAbandon {
		r.warnAbandoned(state, diags)
		return
	}
	ctx, cancel := controlplane.WithTimeout(ctx, "delete", state.Timeouts.Delete, diags)
	defer cancel()
	if used := r.used(ctx, state, diags); used != nil {
		diags.AddError(tfdiag.TitleConnectionInUse, r.inUseDetail(used.Name, used.Uses))
	}
}

// used returns the connection if a cycle of a sync policy has used it, and nil if not or if it does not exist.
func (r *connectionResource) used(ctx context.Context, state model, diags *diag.Diagnostics) *api.Connection {
	connection, err := r.Access.Client.RecentConnection(ctx, state.ID.ValueString())
	if api.IsNotFound(err) {
		return nil
	}
	if err != nil {
		tfdiag.Operation{Name: "check whether the " + describe(state) + " can be deleted"}.Report(diags, err)
		return nil
	}
	if len(connection.Uses) == 0 {
		return nil
	}
	return &connection
}
