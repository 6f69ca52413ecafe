// Package synclog is the data source riva_sync_logs: what full sync cycles wrote for users.
package synclog

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/controlplane"
)

// logsDataSource is the data source; reading it is in a file of its own.
type logsDataSource struct{ access *controlplane.Access }

var _ datasource.DataSourceWithConfigure = (*logsDataSource)(nil)

// NewDataSource makes the data source riva_sync_logs.
func NewDataSource() datasource.DataSource { return &logsDataSource{} }

// Metadata names the data source.
func (d *logsDataSource) Metadata(
	_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse,
) {
	resp.TypeName = "riva_sync_logs"
}

// Schema declares the attributes.
func (d *logsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = logsSchema()
}

// Configure takes the way to the control plane.
func (d *logsDataSource) Configure(
	_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse,
) {
	d.access = controlplane.FromProvider(req.ProviderData, &resp.Diagnostics)
}
