package syncpolicy

import (
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/duration"
)

// attributes are the attributes that the resource and the data source share.
type attributes struct {
	ID                types.String      `tfsdk:"id"`
	Name              types.String      `tfsdk:"name"`
	CRMConnectionID   types.String      `tfsdk:"crm_connection_id"`
	EmailConnectionID types.String      `tfsdk:"email_connection_id"`
	Enabled           types.Bool        `tfsdk:"enabled"`
	Interval          duration.Value    `tfsdk:"interval"`
	CreatedAt         timetypes.RFC3339 `tfsdk:"created_at"`
	LastModifiedAt    timetypes.RFC3339 `tfsdk:"last_modified_at"`
}

// show maps the API response to attributes. The semantic equality of its type keeps the spelling of the interval.
func show(p *api.Policy) attributes {
	return attributes{
		ID:                types.StringValue(p.ID),
		Name:              types.StringValue(p.Name),
		CRMConnectionID:   types.StringPointerValue(p.CRMConnectionID),
		EmailConnectionID: types.StringPointerValue(p.EmailConnectionID),
		Enabled:           types.BoolValue(p.Enabled),
		Interval:          formatInterval(time.Duration(p.IntervalSeconds) * time.Second),
		CreatedAt:         controlplane.Timestamp(p.CreatedAt),
		LastModifiedAt:    controlplane.Timestamp(p.LastModifiedAt),
	}
}

// model is the resource: a policy, and the attributes that only Terraform has.
type model struct {
	attributes

	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

// title names the policy in messages. During an import only the id is known.
func (m *attributes) title() string {
	if m.Name.ValueString() == "" {
		return fmt.Sprintf("sync policy with the id %q", m.ID.ValueString())
	}
	return fmt.Sprintf("sync policy %q", m.Name.ValueString())
}

// createRequest is the request that creates the planned policy.
func (m *model) createRequest(diags *diag.Diagnostics) api.CreatePolicy {
	return api.CreatePolicy{
		Name:              m.Name.ValueString(),
		CRMConnectionID:   m.CRMConnectionID.ValueStringPointer(),
		EmailConnectionID: m.EmailConnectionID.ValueStringPointer(),
		Enabled:           m.Enabled.ValueBool(),
		IntervalSeconds:   m.seconds(diags),
	}
}

// differs reports whether the plan changes anything at the control plane. Timeouts exist in Terraform only.
func (m *model) differs(state *model) bool {
	planned := m.attributes
	planned.ID, planned.CreatedAt, planned.LastModifiedAt = state.ID, state.CreatedAt, state.LastModifiedAt
	return planned != state.attributes
}

// updateRequest is the request that changes the policy from state to plan. It has only what differs.
func (m *model) updateRequest(state *model, diags *diag.Diagnostics) api.UpdatePolicy {
	var body api.UpdatePolicy
	if !m.Name.Equal(state.Name) {
		body.Name = m.Name.ValueStringPointer()
	}
	if !m.CRMConnectionID.Equal(state.CRMConnectionID) {
		body.CRMConnectionID = orEmpty(m.CRMConnectionID)
	}
	if !m.EmailConnectionID.Equal(state.EmailConnectionID) {
		body.EmailConnectionID = orEmpty(m.EmailConnectionID)
	}
	if !m.Enabled.Equal(state.Enabled) {
		body.Enabled = m.Enabled.ValueBoolPointer()
	}
	if !m.Interval.Equal(state.Interval) {
		seconds := m.seconds(diags)
		body.IntervalSeconds = &seconds
	}
	return body
}

// seconds is the interval in the unit of the API.
func (m *model) seconds(diags *diag.Diagnostics) int64 {
	interval, d := m.Interval.ValueGoDuration()
	diags.Append(d...)
	return int64(interval / time.Second)
}

// orEmpty is the id of a connection for the API: an empty one removes the connection from the policy.
func orEmpty(id types.String) *string {
	text := id.ValueString()
	return &text
}
