package connection

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// show is the one way from the control plane's answer to a state: after a create, a read, an update and an import.
func (r *connectionResource) show(
	ctx context.Context, c api.Connection, own localAttributes, to *tfsdk.State, diags *diag.Diagnostics,
) {
	system := r.system(c.System)
	if system == nil {
		diags.AddError(tfdiag.TitleProviderTooOld, r.unknownSystem(&c))
		return
	}
	settings := showSettings(system, c.Settings, diags)
	write(ctx, model{
		ID: types.StringValue(c.ID), Name: types.StringValue(c.Name),
		System: types.StringValue(c.System), Kind: types.StringValue(c.Kind),
		CreatedAt:            controlplane.Timestamp(c.CreatedAt),
		LastModifiedAt:       controlplane.Timestamp(c.LastModifiedAt),
		CredentialsUpdatedAt: controlplane.OptionalTimestamp(c.CredentialsUpdatedAt),
		MetadataRefreshedAt:  controlplane.OptionalTimestamp(c.MetadataRefreshedAt),
		Systems:              map[string]types.Object{system.Name: settings},
		localAttributes:      own,
	}, to, diags)
}

// unknownSystem says that a connection is newer than the provider.
func (r *connectionResource) unknownSystem(c *api.Connection) string {
	return fmt.Sprintf("The connection %q is of the target system %q, which version %s of the provider does not know. "+
		"Use a newer version of the provider.", c.Name, c.System, r.Access.Version)
}

// showSettings gives the settings back as they were given. Secrets are never there.
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

// write puts the model into a state. Attributes of target systems that the model does not have become null.
func write(ctx context.Context, m model, to *tfsdk.State, diags *diag.Diagnostics) {
	values := map[string]attr.Value{
		"id": m.ID, "name": m.Name, "system": m.System, "kind": m.Kind,
		"created_at": m.CreatedAt, "last_modified_at": m.LastModifiedAt,
		"credentials_updated_at": m.CredentialsUpdatedAt, "metadata_refreshed_at": m.MetadataRefreshedAt,
		"verify_credentials": m.Verify, "credentials_wo_version": m.CredentialsVersion,
		"revalidation_trigger": m.Trigger, "deletion_policy": m.DeletionPolicy, "timeouts": m.Timeouts,
	}
	object, ok := to.Schema.Type().(types.ObjectType)
	if !ok {
		diags.AddError(tfdiag.TitleProviderBug, fmt.Sprintf("The schema of %s is a %T.", resourceType, to.Schema.Type()))
		return
	}
	for name, t := range object.AttrTypes {
		if nested, ok := t.(types.ObjectType); ok { // of a target system
			values[name] = types.ObjectNull(nested.AttrTypes)
			if given, ok := m.Systems[name]; ok {
				values[name] = given
			}
		}
	}
	state, d := types.ObjectValue(object.AttrTypes, values)
	diags.Append(d...)
	if !diags.HasError() {
		diags.Append(to.Set(ctx, state)...)
	}
}
