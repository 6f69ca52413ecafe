package connection

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// configuredSystems are the target systems whose block is in a configuration, a plan or a state, and those whose block may turn
// out to be in it: Terraform passes a dynamic block with an unknown for_each as one block, in which all values of its content
// are unknown.
func (r *connectionResource) configuredSystems(m model) (certain, possible []*target.System) {
	for _, system := range r.systems {
		switch block, ok := m.Systems[system.Name]; {
		case !ok, block.IsNull():
		case undecided(block):
			possible = append(possible, system)
		default:
			certain = append(certain, system)
		}
	}
	return certain, possible
}

// configuredSystem is the target system of a configuration, a plan or a state. It is nil unless exactly one is configured.
func (r *connectionResource) configuredSystem(m model) *target.System {
	certain, possible := r.configuredSystems(m)
	if len(certain) == 0 {
		certain = possible
	}
	if len(certain) != 1 {
		return nil
	}
	return certain[0]
}

// validateSystem requires the block of exactly one target system.
func (r *connectionResource) validateSystem(config model, diags *diag.Diagnostics) {
	certain, possible := r.configuredSystems(config)
	switch {
	case len(certain) > 1:
		diags.AddAttributeError(path.Root(certain[1].Name), tfdiag.TitleOneSystem, "A connection has one target system, but it has "+
			"the blocks "+strings.Join(names(certain), " and ")+". Another system requires another connection.")
	case len(certain)+len(possible) == 0:
		diags.AddError(tfdiag.TitleOneSystem, "Add the block of a target system: one of "+strings.Join(names(r.systems), ", ")+".")
	}
}

// planSystem returns the target system, or nil after an error. With ignore_changes, Terraform plans with the block of the state,
// which was not validated. A second block that may be absent later is an error now: Terraform ends every such apply with an error
// that names the provider as the cause.
func (r *connectionResource) planSystem(config model, diags *diag.Diagnostics) *target.System {
	r.validateSystem(config, diags)
	certain, possible := r.configuredSystems(config)
	if !diags.HasError() && len(certain)+len(possible) > 1 {
		diags.AddError(tfdiag.TitleSystemUnknown, fmt.Sprintf(
			"A connection has one target system. Whether it has the block %s depends on a value that is known only after apply, and "+
				"there is a block %s as well.\n\nUse a value that is known at plan in the for_each of the block, such as a variable. Or "+
				"apply what the value comes from first, with the option -target.",
			possible[0].Name, slices.Concat(certain, possible[1:])[0].Name))
	}
	if diags.HasError() {
		return nil
	}
	return r.configuredSystem(config)
}

// undecided reports that a block may turn out to be absent: nothing in it is known.
func undecided(block types.Object) bool {
	unknown := block.IsUnknown()
	for _, value := range block.Attributes() {
		switch {
		case value.IsUnknown():
			unknown = true
		case !value.IsNull():
			return false
		}
	}
	return unknown
}

func names(systems []*target.System) []string {
	all := make([]string, len(systems))
	for i, system := range systems {
		all[i] = system.Name
	}
	return all
}
