package connection

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// ValidateConfig checks that there is one target system with its required settings, that the settings are valid together, and
// that the secrets, if any, are those of a grant.
func (r *connectionResource) ValidateConfig(
	ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse,
) {
	config := read(ctx, req.Config, &resp.Diagnostics)
	r.validateSystem(config, &resp.Diagnostics)
	system := r.configuredSystem(config)
	if resp.Diagnostics.HasError() || system == nil {
		return
	}
	validateRequired(system, config, &resp.Diagnostics)
	validateGrants(system, config, &resp.Diagnostics)
	if !config.Trigger.IsNull() && !system.Revalidates {
		resp.Diagnostics.AddAttributeError(path.Root("revalidation_trigger"), tfdiag.TitleInvalid,
			notRevalidatedText(system, "revalidation_trigger"))
	}
}

// validateRequired requires the settings that the schema cannot require (see systemBlock).
func validateRequired(system *target.System, config model, diags *diag.Diagnostics) {
	for _, f := range system.Settings() {
		if missing(system, config, f.Name) {
			tfdiag.AddAttributeError(diags, path.Root(system.Name).AtName(f.Name), tfdiag.TitleMissing,
				fmt.Sprintf("The block %s requires %s. %s", system.Name, f.Name, f.Help))
		}
	}
}

// missing reports that a required setting is absent.
func missing(system *target.System, config model, field string) bool {
	f, _ := system.Field(field)
	return f.Required && !f.Secret && config.field(system, f).IsNull()
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
