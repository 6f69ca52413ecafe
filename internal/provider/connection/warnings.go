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

// showWarnings is never null, whatever an older control plane leaves out.
func showWarnings(warnings []string) []string { return append([]string{}, warnings...) }

// showConnectionWarnings passes on what the control plane warns of a connection, once in a run. It is one warning a connection, and its title
// names the connection: of warnings with the same title, Terraform shows the first and counts the others.
func showConnectionWarnings(access *controlplane.Access, c api.Connection, diags *diag.Diagnostics) {
	if len(c.Warnings) == 0 {
		return
	}
	known, called := c.ID, c.ID
	if c.Name != "" {
		known, called = fmt.Sprintf("%q (%s)", c.Name, c.ID), c.Name
	}
	detail := fmt.Sprintf("The control plane says of the connection %s:\n\n%s", known, strings.Join(c.Warnings, "\n"))
	if access.FirstTime(detail) {
		diags.AddWarning(fmt.Sprintf(tfdiag.TitleExpiresSoon, called), detail)
	}
}

// warn passes on what a test warns of. The test does not tell the name of the connection, so that is looked up. The test
// has its result by then: without the name, the id has to do.
func (d *testDataSource) warn(ctx context.Context, result api.TestResult, diags *diag.Diagnostics) {
	if len(result.Warnings) == 0 {
		return
	}
	tested, err := d.Access.Client.Connection(ctx, result.ConnectionID)
	if err != nil {
		tflog.Warn(ctx, "cannot look up the name of the connection", map[string]any{"error": err.Error()})
		tested = api.Connection{ID: result.ConnectionID}
	}
	tested.Warnings = result.Warnings
	showConnectionWarnings(d.Access, tested, diags)
}

// planWarnings points at what is configured and will not work for long. Values that are not known yet are left to the
// apply, which plans once more.
func (r *connectionResource) planWarnings(system *target.System, config model, diags *diag.Diagnostics) {
	settings, _ := config.settings(system)
	credentials, _ := config.secrets(system)
	for _, warning := range system.Warnings(settings, system.CredentialsExpireAt(credentials), time.Now()) {
		f, _ := system.Field(warning.Field)
		title := fmt.Sprintf(tfdiag.TitleExpiresSoon+": %s", config.Name.ValueString(), attributeName(f))
		if r.Access.FirstTime(title + warning.Message) { // a replacement is planned twice
			diags.AddAttributeWarning(path.Root(system.Name).AtName(attributeName(f)), title, warning.Message)
		}
	}
}
