package user

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
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
	controlplane.Policies.CheckID(path.Root("sync_policy_id"), plan.SyncPolicyID, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := controlplane.WithTimeout(ctx, "read", plan.Timeouts.Read, &resp.Diagnostics)
	defer cancel()
	r.Access.CheckReference(ctx, policyReference, plan.SyncPolicyID, before, &resp.Diagnostics)
}

// policyReference is the sync policy of a user.
var policyReference = controlplane.Reference{Attribute: "sync_policy_id", Kind: controlplane.Policies}
