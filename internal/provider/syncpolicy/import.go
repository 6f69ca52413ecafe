package syncpolicy

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/controlplane"
)

// ImportState finds the policy by id, or by name=….
func (r *policyResource) ImportState(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	id := req.ID
	if name, byName := strings.CutPrefix(req.ID, "name="); byName {
		ctx, cancel := context.WithTimeout(ctx, controlplane.DefaultTimeout)
		defer cancel()
		policy, err := r.access.Client.PolicyByName(ctx, name)
		if err != nil {
			attempt(fmt.Sprintf("find a sync policy named %q", name)).Report(&resp.Diagnostics, err)
			return
		}
		id = policy.ID
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), id)...)
}
