// Package entity has what resources, data sources and actions have in common: a name, the access to the control plane that
// Terraform passes to each of them, and the verbs of a resource, once for all entities (see [Record]).
package entity

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
)

// Resource is embedded in every resource, and in the list resource of the same name, which is the same value.
type Resource struct {
	// Type is the name in configurations, such as riva_sync_policy.
	Type string
	Kind controlplane.ObjectKind
	// Access is nil until the provider is configured, as during validation.
	Access *controlplane.Access
}

// Metadata names the resource.
func (r *Resource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = r.Type
}

// IdentitySchema declares the id.
func (r *Resource) IdentitySchema(
	_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse,
) {
	controlplane.IdentitySchema(r.Kind.Name, resp)
}

// Configure receives the access to the control plane.
func (r *Resource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.Access = controlplane.FromProvider(req.ProviderData, &resp.Diagnostics)
}

// DataSource is embedded in every data source.
type DataSource struct {
	// Type is the name in configurations.
	Type string
	// Access is nil until the provider is configured.
	Access *controlplane.Access
}

// Metadata names the data source.
func (d *DataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = d.Type
}

// Configure receives the access to the control plane.
func (d *DataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.Access = controlplane.FromProvider(req.ProviderData, &resp.Diagnostics)
}

// Action is embedded in every action.
type Action struct {
	// Type is the name in configurations.
	Type string
	// Access is nil until the provider is configured.
	Access *controlplane.Access
}

// Metadata names the action.
func (a *Action) Metadata(_ context.Context, _ action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = a.Type
}

// Configure receives the access to the control plane.
func (a *Action) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	a.Access = controlplane.FromProvider(req.ProviderData, &resp.Diagnostics)
}
