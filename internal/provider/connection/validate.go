package connection

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/resourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tfdiag"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// ConfigValidators ask for exactly one target system.
func (r *connectionResource) ConfigValidators(context.Context) []resource.ConfigValidator {
	expressions := make([]path.Expression, len(r.systems))
	for i, system := range r.systems {
		expressions[i] = path.MatchRoot(system.Name)
	}
	return []resource.ConfigValidator{resourcevalidator.ExactlyOneOf(expressions...)}
}

// ValidateConfig checks that the secrets, if any are given, make a sign-in possible together.
func (r *connectionResource) ValidateConfig(
	ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse,
) {
	config := read(ctx, req.Config, &resp.Diagnostics)
	system := r.given(config)
	if resp.Diagnostics.HasError() || system == nil || config.Systems[system.Name].IsUnknown() {
		return
	}
	validateGrant(system, config, &resp.Diagnostics)
	if !config.Trigger.IsNull() && !system.Revalidates {
		resp.Diagnostics.AddAttributeError(path.Root("revalidation_trigger"), tfdiag.TitleInvalid, "Connections to "+
			system.Title+" are not re-validated: leave revalidation_trigger out, and give the new secret to mend one.")
	}
}

// validateGrant checks that the secrets, with the settings, make one of the grants.
func validateGrant(system *target.System, config model, diags *diag.Diagnostics) {
	settings, unknownSettings := config.settings(system)
	for _, name := range unknownSettings {
		settings[name] = knownLater
	}
	credentials, unknown := config.secrets(system)
	var problem target.Problem
	if err := grantProblem(system, settings, credentials, unknown); errors.As(err, &problem) {
		at := path.Root(system.Name)
		if found, ok := locate(system)(problem.Field); ok {
			at = found
		}
		diags.AddAttributeError(at, tfdiag.TitleGrant,
			problem.Message+"\n\nCredentials of "+system.Title+" are "+waysToSignIn(system)+".")
	}
}

// knownLater stands for a value that is not known yet.
const knownLater = "known after apply"

// grantProblem says why credentials make no grant, whether or not there will be a value for each unknown secret: a
// variable may turn out to be null, as for a module that leaves the choice of the grant to its caller.
func grantProblem(
	system *target.System, settings target.Settings, known target.Credentials, unknown []string,
) (err error) {
	for given := range 1 << len(unknown) {
		credentials := maps.Clone(known)
		for i, name := range unknown {
			if given>>i&1 == 1 {
				credentials[name] = knownLater
			}
		}
		if len(credentials) == 0 {
			return nil
		}
		if _, err = system.Grant(settings, credentials); err == nil {
			return nil
		}
	}
	return err
}

// waysToSignIn lists the grants in the words of the configuration.
func waysToSignIn(system *target.System) string {
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
		resp.Diagnostics.AddAttributeError(req.Path, tfdiag.TitleInvalid, err.Error())
	}
}

// locate finds the attribute that a field of a request comes from: "name", "settings.<field>", "credentials.<field>", or
// the bare name of the field, as faults have it.
func locate(system *target.System) func(string) (path.Path, bool) {
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
