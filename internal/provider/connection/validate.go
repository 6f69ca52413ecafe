package connection

import (
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// ValidateConfig checks that the settings are valid together and that the secrets, if any, are those of a grant.
func (r *connectionResource) ValidateConfig(
	ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse,
) {
	config := read(ctx, req.Config, &resp.Diagnostics)
	r.validateSystem(config, &resp.Diagnostics)
	system := r.configuredSystem(config)
	if resp.Diagnostics.HasError() || system == nil || config.Systems[system.Name].IsUnknown() {
		return
	}
	validateGrants(system, config, &resp.Diagnostics)
	if !config.Trigger.IsNull() && !system.Revalidates {
		resp.Diagnostics.AddAttributeError(path.Root("revalidation_trigger"), tfdiag.TitleInvalid,
			notRevalidatedText(system, "revalidation_trigger"))
	}
}

// validateSystem requires exactly one target system. The framework's own validator for this walks the whole configuration once
// for each of them.
func (r *connectionResource) validateSystem(config model, diags *diag.Diagnostics) {
	var set []string
	all := make([]string, 0, len(r.systems))
	unknown := false
	for _, system := range r.systems {
		all = append(all, system.Name)
		switch nested := config.Systems[system.Name]; {
		case nested.IsUnknown():
			unknown = true
		case !nested.IsNull():
			set = append(set, system.Name)
		}
	}
	switch {
	case len(set) > 1:
		tfdiag.AddWithoutValue(diags, set[1], tfdiag.TitleOneSystem, "A connection has one target system, but "+
			strings.Join(set, " and ")+" are set. Another system requires another connection.")
	case len(set) == 0 && !unknown:
		diags.AddError(tfdiag.TitleOneSystem, "Set one of "+strings.Join(all, ", ")+".")
	}
}

// grantsText lists the grants with the names of the attributes.
func grantsText(system *target.System) string {
	grants := make([]string, len(system.Grants))
	for i, grant := range system.Grants {
		grants[i] = strings.Join(attributeNames(system, slices.Concat(grant.Secrets, grant.Settings)), " with ")
		if len(grant.Optional) > 0 {
			grants[i] += " (and " + strings.Join(attributeNames(system, grant.Optional), ", ") + ", if needed)"
		}
	}
	return strings.Join(grants, ", or ")
}

func attributeNames(system *target.System, fields []string) []string {
	names := make([]string, len(fields))
	for i, name := range fields {
		f, _ := system.Field(name)
		names[i] = attributeName(f)
	}
	return names
}

// fieldValidator checks one value against the declaration of the field. Whether http to this machine is allowed depends on the
// control plane, which is not known during validation. So the plan checks it again.
type fieldValidator struct{ field target.Field }

// Description describes the accepted values.
func (v fieldValidator) Description(context.Context) string {
	if len(v.field.Allowed) > 0 {
		return "value must be one of " + strings.Join(v.field.Allowed, ", ")
	}
	return "value must be valid for " + v.field.Name
}

// MarkdownDescription is the same.
func (v fieldValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateString never shows the value: it may be a secret.
func (v fieldValidator) ValidateString(
	_ context.Context, req validator.StringRequest, resp *validator.StringResponse,
) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if err := v.field.Check(req.ConfigValue.ValueString(), target.Network{LoopbackHTTP: true}); err != nil {
		tfdiag.AddAttributeError(&resp.Diagnostics, req.Path, tfdiag.TitleInvalid, err.Error())
	}
}

// attributePath finds the attribute that a field of a request comes from: "name", "settings.<field>", "credentials.<field>", or
// the name of the field alone, as in a fault.
func attributePath(system *target.System) func(string) (path.Path, bool) {
	return func(field string) (path.Path, bool) {
		if field == "name" {
			return path.Root("name"), true
		}
		if system == nil {
			return path.Empty(), false
		}
		bare := strings.TrimPrefix(strings.TrimPrefix(field, "settings."), "credentials.")
		f, ok := system.Field(bare)
		if !ok {
			return path.Empty(), false
		}
		return path.Root(system.Name).AtName(attributeName(f)), true
	}
}
