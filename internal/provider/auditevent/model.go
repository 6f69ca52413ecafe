package auditevent

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
)

// model is the data source: the filters, and the events that match them.
type model struct {
	ObjectID types.String      `tfsdk:"object_id"`
	Actor    types.String      `tfsdk:"actor"`
	Action   types.String      `tfsdk:"action"`
	Outcome  types.String      `tfsdk:"outcome"`
	Since    timetypes.RFC3339 `tfsdk:"since"`
	Until    timetypes.RFC3339 `tfsdk:"until"`
	Limit    types.Int64       `tfsdk:"limit"`
	Events   []eventModel      `tfsdk:"events"`
}

// eventModel is one audit event.
type eventModel struct {
	ID        types.String      `tfsdk:"id"`
	At        timetypes.RFC3339 `tfsdk:"at"`
	Actor     types.String      `tfsdk:"actor"`
	RequestID types.String      `tfsdk:"request_id"`
	Action    types.String      `tfsdk:"action"`
	ObjectID  types.String      `tfsdk:"object_id"`
	Outcome   types.String      `tfsdk:"outcome"`
	Detail    types.String      `tfsdk:"detail"`
}

// filter converts the filters of the configuration.
func (m *model) filter(diags *diag.Diagnostics) (api.AuditFilter, int) {
	limit := defaultLimit
	if !m.Limit.IsNull() {
		limit = int(m.Limit.ValueInt64())
	}
	return api.AuditFilter{
		ObjectID: m.ObjectID.ValueString(),
		Actor:    m.Actor.ValueString(),
		Action:   m.Action.ValueString(),
		Outcome:  m.Outcome.ValueString(),
		Since:    timeOf(m.Since, diags),
		Until:    timeOf(m.Until, diags),
	}, limit
}

// timeOf is the time of an optional attribute; null is the zero time.
func timeOf(value timetypes.RFC3339, diags *diag.Diagnostics) time.Time {
	if value.IsNull() {
		return time.Time{}
	}
	at, d := value.ValueRFC3339Time()
	diags.Append(d...)
	return at
}

// show maps the API response to an event.
func show(e *api.AuditEvent) eventModel {
	return eventModel{
		ID:        types.StringValue(e.ID),
		At:        controlplane.Timestamp(e.At),
		Actor:     types.StringValue(e.Actor),
		RequestID: types.StringValue(e.RequestID),
		Action:    types.StringValue(e.Action),
		ObjectID:  types.StringValue(e.ObjectID),
		Outcome:   types.StringValue(e.Outcome),
		Detail:    types.StringValue(e.Detail),
	}
}
