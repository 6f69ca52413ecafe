package user

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
)

// attributes are what the control plane knows of a user.
type attributes struct {
	ID             types.String      `tfsdk:"id"`
	Email          types.String      `tfsdk:"email"`
	DisplayName    types.String      `tfsdk:"display_name"`
	Enabled        types.Bool        `tfsdk:"enabled"`
	CreatedAt      timetypes.RFC3339 `tfsdk:"created_at"`
	LastModifiedAt timetypes.RFC3339 `tfsdk:"last_modified_at"`
}

// show is the one way from the control plane's answer to attributes. No display name travels as an empty one.
func show(u *api.User) attributes {
	shown := attributes{
		ID:             types.StringValue(u.ID),
		Email:          types.StringValue(u.Email),
		DisplayName:    types.StringNull(),
		Enabled:        types.BoolValue(u.Enabled),
		CreatedAt:      controlplane.Timestamp(u.CreatedAt),
		LastModifiedAt: controlplane.Timestamp(u.LastModifiedAt),
	}
	if u.DisplayName != "" {
		shown.DisplayName = types.StringValue(u.DisplayName)
	}
	return shown
}

// model is the resource: a user, and what only Terraform knows of it.
type model struct {
	attributes

	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

// title is the user in the words of diagnostics. While it is being imported only its id is known.
func (m *model) title() string {
	if m.Email.ValueString() == "" {
		return fmt.Sprintf("user with the id %q", m.ID.ValueString())
	}
	return fmt.Sprintf("user %q", m.Email.ValueString())
}

// createRequest is the request that makes the planned user.
func (m *model) createRequest() api.CreateUser {
	return api.CreateUser{
		Email:       m.Email.ValueString(),
		DisplayName: m.DisplayName.ValueString(),
		Enabled:     m.Enabled.ValueBool(),
	}
}

// differs tells whether the plan asks the control plane for anything. Time-outs are between Terraform and the provider.
func (m *model) differs(state *model) bool {
	planned := m.attributes
	planned.ID, planned.CreatedAt, planned.LastModifiedAt = state.ID, state.CreatedAt, state.LastModifiedAt
	return planned != state.attributes
}

// updateRequest is the request that brings the user from state to plan. What is equal is left out of it.
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
	return body
}
