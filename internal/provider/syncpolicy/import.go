package syncpolicy

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/controlplane"
)

// ImportState finds a policy by id, identity or name.
func (r *policyResource) ImportState(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	policy, ok := controlplane.Lookup[api.Policy]{
		Object: "sync policy", Key: "name", Example: "Mail",
		ByID: r.access.Client.Policy, ByKey: r.access.Client.PolicyByName,
	}.Import(ctx, r.access, req, &resp.Diagnostics)
	if !ok {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, imported(&policy))...)
	memory := controlplane.Memory{ID: policy.ID, Revision: policy.Revision, Identity: resp.Identity, Private: resp.Private}
	r.access.Remember(ctx, memory, &resp.Diagnostics)
}

// imported is a policy that was not configured yet.
func imported(p *api.Policy) *model {
	return &model{attributes: show(p), Timeouts: controlplane.NoTimeouts()}
}
