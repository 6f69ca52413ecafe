package connection

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// checkServer checks that the control plane supports the configuration: provider and control plane are released together, but
// can be installed in different versions. The client reads the catalog once in a run.
func (r *connectionResource) checkServer(
	ctx context.Context, system *target.System, config model, diags *diag.Diagnostics,
) {
	if r.Access.Missing() { // this version of the provider makes it
		checkSettings(system, config, target.Network{LoopbackHTTP: true}, diags)
		return
	}
	operation := tfdiag.Operation{Name: "read the target systems of the control plane"}
	instance, err := r.Access.Client.Instance(ctx)
	if err != nil {
		operation.Report(diags, err)
		return
	}
	catalog, err := r.Access.Client.TargetSystems(ctx)
	if err != nil {
		operation.Report(diags, err)
		return
	}
	versions := fmt.Sprintf("version %s of the control plane (%s) does not support it, but version %s of the provider does. "+
		"Update the control plane, or remove it from the configuration.", instance.Version, r.Access.Location, r.Access.Version)
	i := slices.IndexFunc(catalog, func(s api.TargetSystem) bool { return s.Name == system.Name })
	if i < 0 {
		diags.AddAttributeError(path.Root(system.Name), tfdiag.TitleServerTooOld,
			fmt.Sprintf("Target system %s: %s", system.Title, versions))
		return
	}
	if !config.Trigger.IsNull() && !slices.Contains(instance.Capabilities, api.CapabilityRevalidations) {
		diags.AddAttributeError(path.Root("revalidation_trigger"), tfdiag.TitleServerTooOld,
			fmt.Sprintf("revalidation_trigger: %s", versions))
	}
	for _, f := range system.Fields {
		known := slices.ContainsFunc(catalog[i].Fields, func(known api.TargetField) bool { return known.Name == f.Name })
		if !known && !config.field(system, f).IsNull() {
			diags.AddAttributeError(settingPath(system, f), tfdiag.TitleServerTooOld, fmt.Sprintf("%s: %s", attributeName(f), versions))
		}
	}
	loopbackHTTP := slices.Contains(instance.Capabilities, api.CapabilityLoopbackHTTP)
	checkSettings(system, config, target.Network{LoopbackHTTP: loopbackHTTP}, diags)
}

// checkSettings checks the values that are known.
func checkSettings(system *target.System, config model, network target.Network, diags *diag.Diagnostics) {
	for _, f := range system.Fields {
		value := config.field(system, f)
		if value.IsNull() || value.IsUnknown() {
			continue
		}
		if err := f.Check(value.ValueString(), network); err != nil {
			tfdiag.AddAttributeError(diags, settingPath(system, f), tfdiag.TitleInvalid, err.Error())
		}
	}
}

func settingPath(system *target.System, f target.Field) path.Path {
	return path.Root(system.Name).AtName(attributeName(f))
}
