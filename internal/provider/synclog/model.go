package synclog

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/fault"
)

// model is the data source: the filters, and the logs that match them.
type model struct {
	UserEmail    types.String      `tfsdk:"user_email"`
	PolicyID     types.String      `tfsdk:"policy_id"`
	ConnectionID types.String      `tfsdk:"connection_id"`
	OnlyErrors   types.Bool        `tfsdk:"only_errors"`
	Since        timetypes.RFC3339 `tfsdk:"since"`
	Limit        types.Int64       `tfsdk:"limit"`
	Logs         []logModel        `tfsdk:"logs"`
}

// logModel is one sync log.
type logModel struct {
	ID             types.String      `tfsdk:"id"`
	CycleID        types.String      `tfsdk:"cycle_id"`
	PolicyID       types.String      `tfsdk:"policy_id"`
	PolicyName     types.String      `tfsdk:"policy_name"`
	UserID         types.String      `tfsdk:"user_id"`
	UserEmail      types.String      `tfsdk:"user_email"`
	ConnectionID   types.String      `tfsdk:"connection_id"`
	ConnectionName types.String      `tfsdk:"connection_name"`
	At             timetypes.RFC3339 `tfsdk:"at"`
	Passed         types.Bool        `tfsdk:"passed"`
	Message        types.String      `tfsdk:"message"`
	Fault          *fault.Model      `tfsdk:"fault"`
}

// filter converts the filters of the configuration.
func (m *model) filter(diags *diag.Diagnostics) (api.SyncLogFilter, int) {
	var since time.Time
	if !m.Since.IsNull() {
		at, d := m.Since.ValueRFC3339Time()
		diags.Append(d...)
		since = at
	}
	limit := defaultLimit
	if !m.Limit.IsNull() {
		limit = int(m.Limit.ValueInt64())
	}
	return api.SyncLogFilter{
		UserEmail:    m.UserEmail.ValueString(),
		PolicyID:     m.PolicyID.ValueString(),
		ConnectionID: m.ConnectionID.ValueString(),
		OnlyErrors:   m.OnlyErrors.ValueBool(),
		Since:        since,
	}, limit
}

// show maps the API response to a sync log.
func show(l *api.SyncLog) logModel {
	return logModel{
		ID:             types.StringValue(l.ID),
		CycleID:        types.StringValue(l.CycleID),
		PolicyID:       types.StringValue(l.PolicyID),
		PolicyName:     types.StringValue(l.PolicyName),
		UserID:         types.StringValue(l.UserID),
		UserEmail:      types.StringValue(l.UserEmail),
		ConnectionID:   types.StringValue(l.ConnectionID),
		ConnectionName: types.StringValue(l.ConnectionName),
		At:             controlplane.Timestamp(l.At),
		Passed:         types.BoolValue(l.Passed),
		Message:        types.StringValue(l.Message),
		Fault:          fault.Show(l.Fault),
	}
}
