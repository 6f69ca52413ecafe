package user

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/controlplane"
)

// ImportState finds the user by id, or by email=….
func (r *userResource) ImportState(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	id := req.ID
	if email, byEmail := strings.CutPrefix(req.ID, "email="); byEmail {
		ctx, cancel := context.WithTimeout(ctx, controlplane.DefaultTimeout)
		defer cancel()
		user, err := r.access.Client.UserByEmail(ctx, email)
		if err != nil {
			attempt(fmt.Sprintf("find a user with the email address %q", email)).Report(&resp.Diagnostics, err)
			return
		}
		id = user.ID
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), id)...)
}
