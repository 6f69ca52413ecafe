package user

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
)

// attributes are the attributes that the control plane has.
type attributes struct {
	ID             types.String      `tfsdk:"id"`
	Email          types.String      `tfsdk:"email"`
	DisplayName    types.String      `tfsdk:"display_name"`
	Enabled        types.Bool        `tfsdk:"enabled"`
	SyncPolicyID   types.String      `tfsdk:"sync_policy_id"`
	CreatedAt      timetypes.RFC3339 `tfsdk:"created_at"`
	LastModifiedAt timetypes.RFC3339 `tfsdk:"last_modified_at"`
}

// show maps the API response to attributes. In the API, the display name of a user without one is empty.
func show(u *api.User) attributes {
	shown := attributes{
		ID:             types.StringValue(u.ID),
		Email:          types.StringValue(u.Email),
		DisplayName:    types.StringNull(),
		Enabled:        types.BoolValue(u.Enabled),
		SyncPolicyID:   types.StringPointerValue(u.SyncPolicyID),
		CreatedAt:      controlplane.Timestamp(u.CreatedAt),
		LastModifiedAt: controlplane.Timestamp(u.LastModifiedAt),
	}
	if u.DisplayName != "" {
		shown.DisplayName = types.StringValue(u.DisplayName)
	}
	return shown
}

// model is the resource: a user, and the attributes that only Terraform has.
type model struct {
	attributes

	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

// title names the user in messages. During an import only the id is known.
func (m *model) title() string {
	if m.Email.ValueString() == "" {
		return fmt.Sprintf("user with the id %q", m.ID.ValueString())
	}
	return fmt.Sprintf("user %q", m.Email.ValueString())
}

// createRequest is the request that creates the planned user.
func (m *model) createRequest() api.CreateUser {
	return api.CreateUser{
		Email:        m.Email.ValueString(),
		DisplayName:  m.DisplayName.ValueString(),
		Enabled:      m.Enabled.ValueBool(),
		SyncPolicyID: m.SyncPolicyID.ValueStringPointer(),
	}
}

// differs reports whether the plan changes anything at the control plane. Timeouts exist in Terraform only.
func (m *model) differs(state *model) bool {
	planned := m.attributes
	planned.ID, planned.CreatedAt, planned.LastModifiedAt = state.ID, state.CreatedAt, state.LastModifiedAt
	return planned != state.attributes
}

// updateRequest is the request that changes the user from state to plan. It has only what differs.
func (m *model) updateRequest(state *model) api.UpdateUser {
	var body api.UpdateUser
	if !m.Email.Equal(state.Email) {
		body.Email = m.Email.ValueStringPointer()
	}
	if !m.DisplayName.Equal(state.DisplayName) {
		name := m.DisplayName.ValueString()
		body.DisplayName = &name
	}
	if !m.Enabled.Equal(state.Enabled) {
		body.Enabled = m.Enabled.ValueBoolPointer()
	}
	if !m.SyncPolicyID.Equal(state.SyncPolicyID) {
		id := m.SyncPolicyID.ValueString() // an empty one ends the assignment
		body.SyncPolicyID = &id
	}
	return body
}
