package connection

import (
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
)

// removedBlock is the end of a hint. Terraform wraps lines that do not begin with white space.
const removedBlock = `

  removed {
    from = riva_connection.example
    lifecycle {
      destroy = false
    }
  }`

// deletionHint lists the solutions for a connection that cannot be deleted.
const deletionHint = `Solutions:
1. Contact the Riva Success Team, who can remove the connection.
2. Keep the connection and remove it from the state only: set deletion_policy = "abandon" and apply that first, since a ` +
	`destroy uses the state alone; then destroy. Or remove the resource from the configuration with a removed block:` + removedBlock

// replacementHint takes the name of the new target system, and lists the steps that lead to a connection to it.
const replacementHint = `Apply after each step:
1. Keep this resource unchanged, and add another resource riva_connection, with the block %s and another name.
2. Change the sync policies that use the old connection to the new one.
3. Remove the old connection from the state only: set deletion_policy = "abandon" in this resource, apply, and then remove it. ` +
	`Or replace this resource by a removed block:` + removedBlock + `

The guide "Moving from Exchange to Microsoft 365" shows these steps.`

// inUseDetail explains why a connection that sync policies have used is not deleted, and lists solutions.
func (r *connectionResource) inUseDetail(name string, uses []api.Use) string {
	text := usesText(name, uses) + "\n\n" + deletionHint
	if r.Access.Embedded {
		owned := "data directory"
		if r.Access.Database != "" {
			owned = "database"
		}
		text += "\n\n3. As the owner of the " + owned + ", remove the connection for good. Remove the resource from the state " +
			"first, as above. Disable the sync policy or give it another connection. Then run this command, which asks for the name " +
			"of the connection:\n\n  " + r.Access.Command("connections purge", name)
	}
	return text
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
func (r *connectionResource) reportInUse(state model, problem *api.Problem, diags *diag.Diagnostics) {
	if len(problem.Uses) > 0 {
		diags.AddError(tfdiag.TitleConnectionInUse, r.inUseDetail(state.Name.ValueString(), problem.Uses))
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
func (r *connectionResource) warnAbandoned(state model, diags *diag.Diagnostics) {
	text := fmt.Sprintf("deletion_policy is \"abandon\": destroying only removes the %s from the state. It stays on the control "+
		"plane, with its credentials and its name.", describe(state))
	if r.Access.Embedded {
		text += " To remove it for good after that:\n\n  " + r.Access.Command("connections purge", state.Name.ValueString())
	}
	diags.AddWarning(tfdiag.TitleAbandoned, text)
}
