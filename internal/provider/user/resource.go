// Package user is the resource riva_user, a person in the User Manager, and its list resource.
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

// NewResource returns the resource riva_user.
func NewResource() resource.Resource { return newResource() }

func newResource() *userResource {
	r := &userResource{}
	r.Record = entity.Record[api.User, model]{
		Resource:   entity.Resource{Type: typeName, Kind: controlplane.Users},
		Attributes: resourceSchema,
		Fields: func(m *model) entity.ModelFields {
			return entity.ModelFields{ID: m.ID.ValueString(), Title: m.title(), Timeouts: m.Timeouts}
		},
		Version:   func(u *api.User) entity.ObjectVersion { return entity.ObjectVersion{ID: u.ID, Revision: u.Revision} },
		Defaults:  func() model { return model{Timeouts: controlplane.NoTimeouts()} },
		Show:      func(m *model, u *api.User, _ *diag.Diagnostics) { m.attributes = show(u) },
		Differs:   (*model).differs,
		Operation: func(entity.Verb, *model) tfdiag.Operation { return operation },
		Find:      (*api.Client).RecentUser, FindByKey: (*api.Client).UserByEmail,
		Key: "email", Example: "ada@example.com",
		Request: entity.Requests[api.User, model]{Create: r.create, Update: r.update, Delete: r.delete},
	}
	return r
}

func (r *userResource) create(ctx context.Context, w *entity.Write[model], _ *diag.Diagnostics) (api.User, error) {
	return r.Access.Client.CreateUser(ctx, w.Plan.createRequest())
}

func (r *userResource) update(ctx context.Context, w *entity.Write[model], _ *diag.Diagnostics) (api.User, error) {
	return r.Access.Client.UpdateUser(ctx, w.State.ID.ValueString(), w.Revision, w.Plan.updateRequest(w.State))
}

// delete deletes the user. Sync logs keep the email address.
func (r *userResource) delete(ctx context.Context, w *entity.Write[model], _ *diag.Diagnostics) error {
	return r.Access.Client.DeleteUser(ctx, w.State.ID.ValueString())
}

// operation is any verb, for error messages.
var operation = tfdiag.Operation{Resource: typeName, AttributePath: attributePath}

// attributePath finds the attribute that a field of a request comes from. A name that is taken is the email address.
func attributePath(field string) (path.Path, bool) {
	switch field {
	case "email", "display_name", "enabled", "sync_policy_id":
		return path.Root(field), true
	case "name":
		return path.Root("email"), true
	}
	return path.Empty(), false
}
