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

// ValidateConfig checks that the settings go together and that the secrets, if any are given, make a sign-in possible.
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
			reportNotRevalidated(system, "revalidation_trigger"))
	}
}

// validateSystem asks for exactly one target system. The validator that the framework offers for it walks the whole
// configuration once for each of them.
func (r *connectionResource) validateSystem(config model, diags *diag.Diagnostics) {
	var all, given []string
	open := false
	for _, system := range r.systems {
		all = append(all, system.Name)
		switch nested := config.Systems[system.Name]; {
		case nested.IsUnknown():
			open = true
		case !nested.IsNull():
			given = append(given, system.Name)
		}
	}
	switch {
	case len(given) > 1:
		tfdiag.AddWithoutValue(diags, given[1], tfdiag.TitleOneSystem, "A connection is to one target system, and "+
			strings.Join(given, " and ")+" are given. Another system is another connection.")
	case len(given) == 0 && !open:
		diags.AddError(tfdiag.TitleOneSystem, "Give one of "+strings.Join(all, ", ")+".")
	}
}

// grantsText lists the grants in the words of the configuration.
func grantsText(system *target.System) string {
	ways := make([]string, len(system.Grants))
	for i, grant := range system.Grants {
		ways[i] = strings.Join(attributeNames(system, slices.Concat(grant.Secrets, grant.Settings)), " with ")
		if len(grant.Optional) > 0 {
			ways[i] += " (and " + strings.Join(attributeNames(system, grant.Optional), ", ") + ", if need be)"
		}
	}
	return strings.Join(ways, ", or ")
}

func attributeNames(system *target.System, fields []string) []string {
	names := make([]string, len(fields))
	for i, name := range fields {
		f, _ := system.Field(name)
		names[i] = attributeName(f)
	}
	return names
}

// fieldValidator checks one value against the field's declaration. Whether http to this machine is allowed depends on the
// control plane, which validation does not know: the plan asks again.
type fieldValidator struct{ field target.Field }

// Description says what is accepted.
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
// the bare name of the field, as faults have it.
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
