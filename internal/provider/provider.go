// Package provider is Terraform's face of the project: it turns the provider's configuration into a client of a control
// plane and lists what Terraform can manage through it.
//
// Whether the control plane is a shared one behind a network or the embedded one in this process is decided in one
// place, [settings.connect]. Everything else reaches it through the client of package api alone.
package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/connection"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/synclog"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/syncpolicy"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/user"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// What needs more than the oldest supported Terraform is absent there, not broken.
var (
	_ provider.ProviderWithListResources = (*rivaProvider)(nil)
	_ provider.ProviderWithActions       = (*rivaProvider)(nil)
)

// New returns the provider for Terraform to start. The systems are what connections can be made to; open starts the
// embedded control plane when the configuration asks for it, and not before.
func New(version string, systems []*target.System, open OpenEmbedded) func() provider.Provider {
	return func() provider.Provider {
		return &rivaProvider{version: version, systems: systems, open: open}
	}
}

type rivaProvider struct {
	version string
	systems []*target.System
	open    OpenEmbedded
}

// Metadata names the provider.
func (p *rivaProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName, resp.Version = "riva", p.version
}

// Configure makes the way to the control plane that all resources and data sources share.
func (p *rivaProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var config configuration
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	settings, diags := config.resolve()
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	access := p.connect(ctx, settings, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.ResourceData, resp.DataSourceData, resp.ListResourceData, resp.ActionData = access, access, access, access
}

// Resources lists what can be managed.
func (p *rivaProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		connection.NewResource(p.systems),
		syncpolicy.NewResource,
		user.NewResource,
	}
}

// ListResources lists what can be queried.
func (p *rivaProvider) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{
		connection.NewListResource(p.systems),
		syncpolicy.NewListResource,
		user.NewListResource,
	}
}

// Actions lists what can be done once.
func (p *rivaProvider) Actions(context.Context) []func() action.Action {
	return []func() action.Action{
		connection.NewTestAction,
		connection.NewRevalidateAction,
		syncpolicy.NewCycleAction,
	}
}

// DataSources lists what can be looked up.
func (p *rivaProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		connection.NewDataSource,
		connection.NewListDataSource(p.systems),
		connection.NewTestDataSource,
		syncpolicy.NewDataSource,
		synclog.NewDataSource,
	}
}
