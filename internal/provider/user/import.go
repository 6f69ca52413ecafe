package user

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

// ImportState finds a user by id, or by email address as "email=ada@example.com". Terraform reads the rest.
func (r *userResource) ImportState(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	ctx, cancel := context.WithTimeout(ctx, controlplane.DefaultTimeout)
	defer cancel()
	user, err := r.find(ctx, req.ID)
	switch {
	case api.IsNotFound(err):
		resp.Diagnostics.AddError(tfdiag.TitleImport, fmt.Sprintf("The control plane (%s) has no user %q. Import by id, or by "+
			"email address: \"email=ada@example.com\".", r.access.Where, req.ID))
	case err != nil:
		attempt(fmt.Sprintf("import the user %q", req.ID)).Report(&resp.Diagnostics, err)
	default:
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), user.ID)...)
	}
}

func (r *userResource) find(ctx context.Context, id string) (api.User, error) {
	if email, ok := strings.CutPrefix(id, "email="); ok {
		return r.access.Client.UserByEmail(ctx, email)
	}
	return r.access.Client.User(ctx, id)
}
