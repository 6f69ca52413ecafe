// Package syncpolicy is the resource and the data source riva_sync_policy: one CRM connection, one email connection,
// enabled or not, and an interval.
package syncpolicy

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tfdiag"
)

const typeName = "riva_sync_policy"

// policyResource is the resource; its verbs are in files of their own.
type policyResource struct{ access *controlplane.Access }

var (
	_ resource.ResourceWithConfigure   = (*policyResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*policyResource)(nil)
	_ resource.ResourceWithImportState = (*policyResource)(nil)
	_ resource.ResourceWithIdentity    = (*policyResource)(nil)
)

// NewResource makes the resource riva_sync_policy.
func NewResource() resource.Resource { return &policyResource{} }

// Metadata names the resource.
func (r *policyResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = typeName
}

// Schema declares the attributes.
func (r *policyResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = resourceSchema(ctx)
}

// IdentitySchema declares the id.
func (r *policyResource) IdentitySchema(
	_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse,
) {
	controlplane.IdentitySchema("sync policy", resp)
}

// Configure takes the way to the control plane.
func (r *policyResource) Configure(
	_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse,
) {
	r.access = controlplane.FromProvider(req.ProviderData, &resp.Diagnostics)
}

// attempt is something done to a policy, for reporting what went wrong with it.
func attempt(doing string) tfdiag.Attempt {
	return tfdiag.Attempt{Doing: doing, Resource: typeName, Locate: locate}
}

// locate finds the attribute that a field of a request comes from.
func locate(field string) (path.Path, bool) {
	switch field {
	case "name", "crm_connection_id", "email_connection_id", "enabled":
		return path.Root(field), true
	case "interval_seconds":
		return path.Root("interval"), true
	}
	return path.Empty(), false
}
