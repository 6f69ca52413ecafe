package syncpolicy

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tfdiag"
)

// ImportState finds a policy by id, or by name as "name=Mail". Terraform reads the rest.
func (r *policyResource) ImportState(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	ctx, cancel := context.WithTimeout(ctx, controlplane.DefaultTimeout)
	defer cancel()
	policy, err := r.find(ctx, req.ID)
	switch {
	case api.IsNotFound(err):
		resp.Diagnostics.AddError(tfdiag.TitleImport, fmt.Sprintf(
			"The control plane (%s) has no sync policy %q. Import by id, or by name: \"name=Mail\".", r.access.Where, req.ID))
	case err != nil:
		attempt(fmt.Sprintf("import the sync policy %q", req.ID)).Report(&resp.Diagnostics, err)
	default:
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), policy.ID)...)
	}
}

func (r *policyResource) find(ctx context.Context, id string) (api.Policy, error) {
	if name, ok := strings.CutPrefix(id, "name="); ok {
		return r.access.Client.PolicyByName(ctx, name)
	}
	return r.access.Client.Policy(ctx, id)
}
