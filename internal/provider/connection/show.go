package connection

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// show copies a connection into a model: after a create, a read, an update and an import. Attributes that only Terraform has
// stay as they are.
func (r *connectionResource) show(m *model, c *api.Connection, diags *diag.Diagnostics) {
	system := r.system(c.System)
	if system == nil {
		diags.AddError(tfdiag.TitleProviderTooOld, r.unknownSystem(c))
		return
	}
	m.ID, m.Name = types.StringValue(c.ID), types.StringValue(c.Name)
	m.System, m.Kind = types.StringValue(c.System), types.StringValue(c.Kind)
	m.CreatedAt, m.LastModifiedAt = controlplane.Timestamp(c.CreatedAt), controlplane.Timestamp(c.LastModifiedAt)
	m.CredentialsUpdatedAt = controlplane.OptionalTimestamp(c.CredentialsUpdatedAt)
	m.MetadataRefreshedAt = controlplane.OptionalTimestamp(c.MetadataRefreshedAt)
	m.Systems = map[string]types.Object{system.Name: showSettings(system, c.Settings, diags)}
}

// unknownSystem explains that a connection is newer than the provider.
func (r *connectionResource) unknownSystem(c *api.Connection) string {
	return fmt.Sprintf("The connection %q is of the target system %q, which version %s of the provider does not know. "+
		"Use a newer version of the provider.", c.Name, c.System, r.Access.Version)
}

// showSettings is the block of a system, with the settings as they are stored. The API returns no secrets.
func showSettings(system *target.System, settings map[string]string, diags *diag.Diagnostics) types.Object {
	fields := make(map[string]attr.Type, len(system.Fields))
	values := make(map[string]attr.Value, len(system.Fields))
	for _, f := range system.Fields {
		name := attributeName(f)
		fields[name], values[name] = types.StringType, types.StringNull()
		if v, ok := settings[f.Name]; ok && !f.Secret {
			values[name] = types.StringValue(v)
		}
	}
	nested, d := types.ObjectValue(fields, values)
	diags.Append(d...)
	return nested
}
