package synclog

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
)

// Read reads the sync logs that match the filters, newest first.
func (d *logsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	controlplane.Policies.CheckID(path.Root("policy_id"), config.PolicyID, &resp.Diagnostics)
	controlplane.Connections.CheckID(path.Root("connection_id"), config.ConnectionID, &resp.Diagnostics)
	filter, limit := config.filter(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := controlplane.WithFixedTimeout(ctx)
	defer cancel()
	logs, err := d.Access.Client.SyncLogs(ctx, filter, limit)
	if err != nil {
		tfdiag.Operation{Name: "read sync logs", AttributePath: attributePath}.Report(&resp.Diagnostics, err)
		return
	}
	config.Logs = make([]logModel, 0, len(logs))
	for i := range logs {
		config.Logs = append(config.Logs, show(&logs[i]))
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &config)...)
}

// attributePath finds the filter that a field of a request comes from.
func attributePath(field string) (path.Path, bool) {
	switch field {
	case "user_email", "policy_id", "connection_id", "since":
		return path.Root(field), true
	}
	return path.Empty(), false
}
