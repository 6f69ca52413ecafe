// Package synclog is the data source riva_sync_logs: the logs that full sync cycles wrote for users.
package synclog

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/entity"
)

// logsDataSource is the data source.
type logsDataSource struct{ entity.DataSource }

var _ datasource.DataSourceWithConfigure = (*logsDataSource)(nil)

// NewDataSource returns the data source riva_sync_logs.
func NewDataSource() datasource.DataSource {
	return &logsDataSource{entity.DataSource{Type: "riva_sync_logs"}}
}

// Schema declares the attributes.
func (d *logsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = logsSchema()
}
