package user

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/controlplane"
)

// ImportState finds a user by id, identity or email address.
func (r *userResource) ImportState(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	user, ok := controlplane.Lookup[api.User]{
		Object: "user", Key: "email", Example: "ada@example.com",
		ByID: r.access.Client.User, ByKey: r.access.Client.UserByEmail,
	}.Import(ctx, r.access, req, &resp.Diagnostics)
	if !ok {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, imported(&user))...)
	memory := controlplane.Memory{ID: user.ID, Revision: user.Revision, Identity: resp.Identity, Private: resp.Private}
	r.access.Remember(ctx, memory, &resp.Diagnostics)
}

// imported is a user that was not configured yet.
func imported(u *api.User) *model {
	return &model{attributes: show(u), Timeouts: controlplane.NoTimeouts()}
}
