package connection

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/entity"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
)

var _ entity.Coder = (*model)(nil)

// read reads a model from a configuration, a plan or a state.
func read(ctx context.Context, from entity.Source, diags *diag.Diagnostics) model {
	var m model
	m.Decode(ctx, from, diags)
	return m
}

// Decode reads the model from a configuration, a plan or a state.
func (m *model) Decode(ctx context.Context, from entity.Source, diags *diag.Diagnostics) {
	var object types.Object
	diags.Append(from.Get(ctx, &object)...)
	attributes := object.Attributes()
	*m = model{
		ID:                   value[types.String](attributes, "id"),
		Name:                 value[types.String](attributes, "name"),
		System:               value[types.String](attributes, "system"),
		Kind:                 value[types.String](attributes, "kind"),
		CreatedAt:            value[timetypes.RFC3339](attributes, "created_at"),
		LastModifiedAt:       value[timetypes.RFC3339](attributes, "last_modified_at"),
		CredentialsUpdatedAt: value[timetypes.RFC3339](attributes, "credentials_updated_at"),
		MetadataRefreshedAt:  value[timetypes.RFC3339](attributes, "metadata_refreshed_at"),
		Systems:              map[string]types.Object{},
		localAttributes: localAttributes{
			Verify:             value[types.Bool](attributes, "verify_credentials"),
			CredentialsVersion: value[types.Int64](attributes, "credentials_wo_version"),
			Trigger:            value[types.String](attributes, "revalidation_trigger"),
			DeletionPolicy:     value[types.String](attributes, "deletion_policy"),
			Timeouts:           value[timeouts.Value](attributes, timeoutsBlock),
		},
	}
	if _, ok := attributes[timeoutsBlock]; !ok { // a part of the schema
		m.Timeouts = controlplane.NoTimeouts()
	}
	for name, v := range attributes {
		if nested, ok := v.(types.Object); ok {
			m.Systems[name] = nested
		}
	}
}

// Encode writes the model into a state. Attributes of target systems that the model does not have become null.
func (m *model) Encode(ctx context.Context, to *tfsdk.State, diags *diag.Diagnostics) {
	values := map[string]attr.Value{
		"id": m.ID, "name": m.Name, "system": m.System, "kind": m.Kind,
		"created_at": m.CreatedAt, "last_modified_at": m.LastModifiedAt,
		"credentials_updated_at": m.CredentialsUpdatedAt, "metadata_refreshed_at": m.MetadataRefreshedAt,
		"verify_credentials": m.Verify, "credentials_wo_version": m.CredentialsVersion,
		"revalidation_trigger": m.Trigger, "deletion_policy": m.DeletionPolicy,
	}
	object, ok := to.Schema.Type().(types.ObjectType)
	if !ok {
		diags.AddError(tfdiag.TitleProviderBug, fmt.Sprintf("The schema of %s is a %T.", ResourceType, to.Schema.Type()))
		return
	}
	if _, ok := object.AttrTypes[timeoutsBlock]; ok {
		values[timeoutsBlock] = m.Timeouts
	}
	for name, t := range object.AttrTypes {
		if nested, ok := t.(types.ObjectType); ok { // of a target system
			values[name] = types.ObjectNull(nested.AttrTypes)
			if value, ok := m.Systems[name]; ok {
				values[name] = value
			}
		}
	}
	for name := range m.Systems {
		if _, ok := values[name]; !ok {
			diags.AddError(tfdiag.TitleProviderBug, fmt.Sprintf(
				"%s is a connection to %s, but its state or configuration has the block of another target system.", describe(*m), name))
			return
		}
	}
	state, d := types.ObjectValue(object.AttrTypes, values)
	diags.Append(d...)
	if !diags.HasError() {
		diags.Append(to.Set(ctx, state)...)
	}
}

// value is an attribute with the type that the schema gives it.
func value[T attr.Value](attributes map[string]attr.Value, name string) T {
	v, _ := attributes[name].(T)
	return v
}
