// Package provider is the Terraform provider: it makes an API client from the configuration, and lists the resources, data
// sources, list resources and actions.
//
// One place decides whether the control plane is a shared one behind a network or the embedded one in this process:
// [rivaProvider.connect]. Everything else uses the client of package api.
package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/accesstoken"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/auditevent"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/connection"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/narrow"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/synclog"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/syncpolicy"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/terminal"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/user"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// An older Terraform that does not support these features ignores them.
var (
	_ provider.ProviderWithListResources      = (*rivaProvider)(nil)
	_ provider.ProviderWithActions            = (*rivaProvider)(nil)
	_ provider.ProviderWithEphemeralResources = (*rivaProvider)(nil)
)

// New returns the constructor of the provider, as it is served to Terraform. Systems are the target systems of connections. Open
// starts the embedded control plane; it is called only if the configuration requires it.
func New(version string, systems []*target.System, open OpenEmbedded) func() tfprotov6.ProviderServer {
	return func() tfprotov6.ProviderServer {
		whole := &rivaProvider{version: version, systems: systems, blocks: connection.Blocks(systems), open: open}
		return terminal.Server(whole.narrowed())
	}
}

type rivaProvider struct {
	version string
	systems []*target.System
	open    OpenEmbedded

	// blocks are the names of the blocks in the schema of the resource for connections: all of them, but some in a part.
	blocks []string
	// whole is the provider of which this is a part, with the same access to the control plane; nil if it is the whole.
	whole *rivaProvider
	// access is nil until the provider is configured.
	access *controlplane.Access
}

// narrowed is the server of the provider and its parts.
func (p *rivaProvider) narrowed() tfprotov6.ProviderServer {
	served := providerserver.NewProtocol6(p)()
	server, ok := served.(narrow.Provider)
	if !ok {
		return served
	}
	return narrow.Server(server, narrow.Resource{
		Type: connection.ResourceType, Blocks: p.blocks,
		Part: func(blocks []string) tfprotov6.ProviderServer {
			part := &rivaProvider{version: p.version, systems: p.systems, blocks: blocks, open: p.open, whole: p}
			return providerserver.NewProtocol6(part)()
		},
	})
}

// Metadata names the provider.
func (p *rivaProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName, resp.Version = "riva", p.version
}

// Configure creates the access to the control plane that all resources and data sources share.
func (p *rivaProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	if p.whole != nil {
		resp.ResourceData = p.whole.access
		return
	}
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
	p.access = access
	resp.ResourceData, resp.DataSourceData, resp.ListResourceData, resp.ActionData = access, access, access, access
	resp.EphemeralResourceData = access
}

// Resources lists the resources.
func (p *rivaProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		connection.NewResource(p.systems, p.blocks),
		syncpolicy.NewResource,
		user.NewResource,
	}
}

// ListResources lists the list resources.
func (p *rivaProvider) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{
		connection.NewListResource(p.systems),
		syncpolicy.NewListResource,
		user.NewListResource,
	}
}

// Actions lists the actions.
func (p *rivaProvider) Actions(context.Context) []func() action.Action {
	return []func() action.Action{
		connection.NewTestAction,
		connection.NewRevalidateAction,
		syncpolicy.NewCycleAction,
	}
}

// EphemeralResources lists the ephemeral resources.
func (p *rivaProvider) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{accesstoken.New}
}

// DataSources lists the data sources.
func (p *rivaProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		connection.NewDataSource,
		connection.NewListDataSource(p.systems),
		connection.NewTestDataSource,
		connection.NewTestsDataSource,
		syncpolicy.NewDataSource,
		synclog.NewDataSource,
		auditevent.NewDataSource,
	}
}
