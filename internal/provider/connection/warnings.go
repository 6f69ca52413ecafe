package connection

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// showWarnings returns the warnings. It is never null, even if an older control plane leaves them out.
func showWarnings(warnings []string) []string { return append([]string{}, warnings...) }

// showConnectionWarnings shows the warnings of the control plane about a connection, once in a run. It is one diagnostic for
// each connection, with the name in the title: Terraform shows only the first of several warnings with the same title.
func showConnectionWarnings(access *controlplane.Access, c api.Connection, diags *diag.Diagnostics) {
	if len(c.Warnings) == 0 {
		return
	}
	name, nameAndID := c.ID, c.ID
	if c.Name != "" {
		name, nameAndID = c.Name, fmt.Sprintf("%q (%s)", c.Name, c.ID)
	}
	detail := fmt.Sprintf("The control plane warns about the connection %s:\n\n%s", nameAndID, strings.Join(c.Warnings, "\n"))
	if access.FirstTime(detail) {
		diags.AddWarning(fmt.Sprintf(tfdiag.TitleExpiresSoon, name), detail)
	}
}

// warn shows the warnings of a test. The result of a test does not have the name of the connection, so that is read. If that
// fails, the test still has its result, and the id is used.
func (d *testDataSource) warn(ctx context.Context, result api.TestResult, diags *diag.Diagnostics) {
	if len(result.Warnings) == 0 {
		return
	}
	tested, err := d.Access.Client.Connection(ctx, result.ConnectionID)
	if err != nil {
		tflog.Warn(ctx, "cannot read the name of the connection", map[string]any{"error": err.Error()})
		tested = api.Connection{ID: result.ConnectionID}
	}
	tested.Warnings = result.Warnings
	showConnectionWarnings(d.Access, tested, diags)
}

// planWarnings warns about configured values that expire soon or are deprecated, and about secrets with white space. Values that
// are not known yet are checked by the apply, which plans again.
func (r *connectionResource) planWarnings(system *target.System, config model, diags *diag.Diagnostics) {
	settings, _ := config.settings(system)
	credentials, _ := config.secrets(system)
	warn := func(title string, warnings []target.Warning) {
		for _, warning := range warnings {
			f, _ := system.Field(warning.Field)
			title := fmt.Sprintf(title+": %s", config.Name.ValueString(), attributeName(f))
			if r.Access.FirstTime(title + warning.Message) { // a replacement is planned twice
				diags.AddAttributeWarning(path.Root(system.Name).AtName(attributeName(f)), title, warning.Message)
			}
		}
	}
	warn(tfdiag.TitleExpiresSoon, system.Warnings(settings, system.CredentialsExpireAt(credentials), time.Now()))
	warn(tfdiag.TitleWhiteSpace, system.SecretWarnings(credentials))
}

// warnReplaced warns that the update replaces the stored credentials, and why: in the plan, a rename and a rotation change the
// same timestamps.
func (r *connectionResource) warnReplaced(plan model, c change, diags *diag.Diagnostics) {
	if c.why == "" {
		return
	}
	title := fmt.Sprintf(tfdiag.TitleCredentialsReplaced, plan.Name.ValueString())
	if r.Access.FirstTime(title) {
		diags.AddWarning(title, c.why+" The apply sends the configured credentials to the control plane.")
	}
}
