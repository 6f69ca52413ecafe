package connection

import (
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
)

// deletionHint lists the solutions for a connection that cannot be deleted. Terraform wraps lines that do not begin with white
// space.
const deletionHint = `Solutions:
1. Contact the Riva Success Team, who can remove the connection.%s
2. Keep the connection and remove it from the state only: set deletion_policy = "abandon" and apply that first, since a ` +
	`destroy uses the state alone; then destroy. Or remove the resource from the configuration with a removed block:

  removed {
    from = riva_connection.example
    lifecycle {
      destroy = false
    }
  }`

// deletionHintFor is the hint for a connection. In embedded mode, its owner can remove it.
func deletionHintFor(access *controlplane.Access, name string) string {
	owner := ""
	if access.Embedded {
		owner = " This control plane is embedded, so you own its data: abandon the connection as below, then remove it for good:" +
			"\n\n  " + access.Command("connections purge", name) + "\n"
	}
	return fmt.Sprintf(deletionHint, owner)
}

// inUseDetail explains why a connection that sync policies have used is not deleted, and lists solutions.
func inUseDetail(access *controlplane.Access, c *api.Connection) string {
	return usesText(c.Name, c.Uses) + "\n\n" + deletionHintFor(access, c.Name)
}

// usesText lists the policies with their first use.
func usesText(name string, uses []api.Use) string {
	var text strings.Builder
	fmt.Fprintf(&text, "The connection %q cannot be deleted, because a full sync cycle has used it.", name)
	for _, use := range uses {
		fmt.Fprintf(&text, "\n- sync policy %q, first on %s", use.PolicyName, use.FirstAt.UTC().Format(time.RFC3339))
	}
	return text.String()
}

// replaceHint is for -replace and terraform taint, which the provider cannot distinguish from other deletions. The new connection
// has the same name, so create_before_destroy does not help.
const replaceHint = `To replace the connection (terraform apply -replace, or after terraform taint), set enabled = false in ` +
	`the sync policy and apply, then replace the connection, then enable the policy again. New credentials need no replacement: ` +
	`change them, or credentials_wo_version.`

// reportInUse reports that the control plane did not delete a connection.
func reportInUse(access *controlplane.Access, state model, problem *api.Problem, diags *diag.Diagnostics) {
	if len(problem.Uses) > 0 {
		diags.AddError(tfdiag.TitleConnectionInUse, usesText(state.Name.ValueString(), problem.Uses)+"\n\n"+
			deletionHintFor(access, state.Name.ValueString()))
		return
	}
	var names []string
	for _, policy := range problem.Policies {
		if policy.Enabled {
			names = append(names, fmt.Sprintf("%q", policy.Name))
		}
	}
	diags.AddError(tfdiag.TitlePolicyEnabled, fmt.Sprintf("The %s cannot be deleted while an enabled sync policy uses it: %s.\n\n"+
		"%s\n\n%s\n\nFor help, contact the Riva Success Team.", describe(state), strings.Join(names, ", "),
		tfdiag.DestroyOrderHint("connection", "change the sync policy to another connection, disable it or delete it"), replaceHint))
}

// warnAbandoned warns that the connection stays on the control plane.
func warnAbandoned(state model, diags *diag.Diagnostics) {
	diags.AddWarning(tfdiag.TitleAbandoned, fmt.Sprintf("deletion_policy is \"abandon\": destroying only removes the %s from the "+
		"state. It stays on the control plane, with its credentials and its name.", describe(state)))
}
