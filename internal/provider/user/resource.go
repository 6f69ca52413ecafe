// Package user is the resource riva_user: a person in the User Manager.
package user

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tfdiag"
)

const typeName = "riva_user"

// userResource is the resource; its verbs are in files of their own.
type userResource struct{ access *controlplane.Access }

var (
	_ resource.ResourceWithConfigure   = (*userResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*userResource)(nil)
	_ resource.ResourceWithImportState = (*userResource)(nil)
	_ resource.ResourceWithIdentity    = (*userResource)(nil)
)

// NewResource makes the resource riva_user.
func NewResource() resource.Resource { return &userResource{} }

// Metadata names the resource.
func (r *userResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = typeName
}

// Schema declares the attributes.
func (r *userResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = resourceSchema(ctx)
}

// IdentitySchema declares the id.
func (r *userResource) IdentitySchema(
	_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse,
) {
	controlplane.IdentitySchema("user", resp)
}

// Configure takes the way to the control plane.
func (r *userResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.access = controlplane.FromProvider(req.ProviderData, &resp.Diagnostics)
}

// attempt is something done to a user, for reporting what went wrong with it.
func attempt(doing string) tfdiag.Attempt {
	return tfdiag.Attempt{Doing: doing, Resource: typeName, Locate: locate}
}

// locate finds the attribute that a field of a request comes from. What is taken, where a name can be, is the address.
func locate(field string) (path.Path, bool) {
	switch field {
	case "email", "display_name", "enabled":
		return path.Root(field), true
	case "name":
		return path.Root("email"), true
	}
	return path.Empty(), false
}
