package user

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
)

// ModifyPlan rejects a sync policy that does not exist, and plans last_modified_at.
func (r *userResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	r.Record.ModifyPlan(ctx, req, resp)
	if req.Plan.Raw.IsNull() || r.Access == nil {
		return
	}
	var plan model
	var before types.String
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("sync_policy_id"), &before)...)
	}
	planned := plan.SyncPolicyID
	controlplane.Policies.CheckID(path.Root("sync_policy_id"), planned, &resp.Diagnostics)
	if resp.Diagnostics.HasError() || planned.IsUnknown() || planned.IsNull() || planned.Equal(before) {
		return
	}
	ctx, cancel := controlplane.WithTimeout(ctx, "read", plan.Timeouts.Read, &resp.Diagnostics)
	defer cancel()
	r.requirePolicy(ctx, planned.ValueString(), &resp.Diagnostics)
}

// requirePolicy reports an id that is not the id of a sync policy. It makes one call for each policy of a run, not for each user.
func (r *userResource) requirePolicy(ctx context.Context, id string, diags *diag.Diagnostics) {
	exists, err := r.Access.PolicyExists(ctx, id)
	if err != nil {
		tfdiag.Operation{Name: fmt.Sprintf("find the sync policy %q", id)}.Report(diags, err)
		return
	}
	if exists {
		return
	}
	detail := r.Access.NotFoundText(controlplane.Policies, id)
	if connection, err := r.Access.Client.Connection(ctx, id); err == nil {
		detail = fmt.Sprintf("%q is the id of the connection %q. sync_policy_id must be the id of a sync policy. %s",
			id, connection.Name, controlplane.Policies.IDHint)
	} else if !api.IsNotFound(err) {
		tfdiag.Operation{Name: fmt.Sprintf("find out what has the id %q", id)}.Report(diags, err)
		return
	}
	diags.AddAttributeError(path.Root("sync_policy_id"), tfdiag.TitleInvalid, detail)
}
