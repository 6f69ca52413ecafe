// Package user is the resource riva_user: a person in the User Manager.
package user

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/entity"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
)

const typeName = "riva_user"

// userResource is the resource, and the list resource of the same name.
type userResource struct {
	entity.Record[api.User, model]
}

var (
	_ resource.ResourceWithConfigure   = (*userResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*userResource)(nil)
	_ resource.ResourceWithImportState = (*userResource)(nil)
	_ resource.ResourceWithIdentity    = (*userResource)(nil)
)

// NewResource makes the resource riva_user.
func NewResource() resource.Resource { return newResource() }

func newResource() *userResource {
	return &userResource{entity.Record[api.User, model]{
		Resource:   entity.Resource{Type: typeName, Kind: controlplane.Users},
		Attributes: resourceSchema,
		Fields: func(m *model) entity.ModelFields {
			return entity.ModelFields{ID: m.ID.ValueString(), Title: m.title(), Timeouts: &m.Timeouts}
		},
		Version:   func(u *api.User) entity.ObjectVersion { return entity.ObjectVersion{ID: u.ID, Revision: u.Revision} },
		Show:      func(m *model, u *api.User) { m.attributes = show(u) },
		Differs:   (*model).differs,
		Operation: operation,
		Find:      (*api.Client).User, FindByKey: (*api.Client).UserByEmail,
		Key: "email", Example: "ada@example.com",
		CreateObject: func(ctx context.Context, c *api.Client, plan *model, _ *diag.Diagnostics) (api.User, error) {
			return c.CreateUser(ctx, plan.createRequest())
		},
		Change: func(
			ctx context.Context, c *api.Client, plan, state *model, revision int64, _ *diag.Diagnostics,
		) (api.User, error) {
			return c.UpdateUser(ctx, state.ID.ValueString(), revision, plan.updateRequest(state))
		},
		Remove: (*api.Client).DeleteUser, // sync logs keep the email address
	}}
}

// operation is something done to a user, for reporting what went wrong with it.
func operation(doing string) tfdiag.Operation {
	return tfdiag.Operation{Name: doing, Resource: typeName, AttributePath: attributePath}
}

// attributePath finds the attribute that a field of a request comes from. What is taken, where a name can be, is the address.
func attributePath(field string) (path.Path, bool) {
	switch field {
	case "email", "display_name", "enabled":
		return path.Root(field), true
	case "name":
		return path.Root("email"), true
	}
	return path.Empty(), false
}
