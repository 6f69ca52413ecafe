package connection

import (
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// model is a riva_connection in Terraform: a configuration, a plan or a state.
type model struct {
	ID, Name, System, Kind                                               types.String
	CreatedAt, LastModifiedAt, CredentialsUpdatedAt, MetadataRefreshedAt timetypes.RFC3339
	// Systems are the blocks, by the name of their target system. All but one are null.
	Systems map[string]types.Object
	localAttributes

	// change is what an update was found to change, before its call; else nil.
	change *change
}

// localAttributes are the attributes that only Terraform has.
type localAttributes struct {
	Verify             types.Bool
	CredentialsVersion types.Int64
	Trigger            types.String
	DeletionPolicy     types.String
	Timeouts           timeouts.Value
}

func (l localAttributes) equal(other localAttributes) bool {
	return l.Verify.Equal(other.Verify) && l.CredentialsVersion.Equal(other.CredentialsVersion) &&
		l.Trigger.Equal(other.Trigger) && l.DeletionPolicy.Equal(other.DeletionPolicy) && l.Timeouts.Equal(other.Timeouts)
}

// field is the value of one field. All fields of a block that is unknown as a whole are unknown.
func (m *model) field(system *target.System, f target.Field) types.String {
	nested := m.Systems[system.Name]
	if nested.IsUnknown() {
		return types.StringUnknown()
	}
	return value[types.String](nested.Attributes(), attributeName(f))
}

// settings are the values of the fields that are not secret. Unknown are the names of those that are not known yet.
func (m *model) settings(system *target.System) (known target.Settings, unknown []string) {
	return m.values(system, system.Settings())
}

// secrets are the values of the secret fields. Only a configuration has any.
func (m *model) secrets(system *target.System) (known target.Credentials, unknown []string) {
	return m.values(system, system.Secrets())
}

func (m *model) values(system *target.System, fields []target.Field) (known map[string]string, unknown []string) {
	known = map[string]string{}
	for _, f := range fields {
		switch v := m.field(system, f); {
		case v.IsUnknown():
			unknown = append(unknown, f.Name)
		case !v.IsNull():
			known[f.Name] = v.ValueString()
		}
	}
	return known, unknown
}

// place names the target system in messages, with the host and port of its address if it has one.
func (m *model) place(system *target.System) string {
	for _, f := range system.Settings() {
		if f.Type != target.URL {
			continue
		}
		if hostPort := target.HostPort(m.field(system, f).ValueString()); hostPort != "" {
			return system.Title + " at " + hostPort
		}
	}
	return system.Title
}
