package connection

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tfdiag"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// showWarnings is never null, whatever an older control plane leaves out.
func showWarnings(warnings []string) []string { return append([]string{}, warnings...) }

// warn passes on what the control plane warns of a connection, once in a run.
func warn(access *controlplane.Access, c api.Connection, diags *diag.Diagnostics) {
	for _, warning := range c.Warnings {
		if access.First("warning of " + c.ID + ": " + warning) {
			diags.AddWarning(tfdiag.TitleAttention, fmt.Sprintf("The connection %q (%s): %s", c.Name, c.ID, warning))
		}
	}
}

// warn passes on what a test warns of. The test does not tell the name of the connection, so that is looked up.
func (d *testDataSource) warn(ctx context.Context, result api.TestResult, diags *diag.Diagnostics) {
	if len(result.Warnings) == 0 {
		return
	}
	tested, err := d.access.Client.Connection(ctx, result.ConnectionID)
	if err != nil {
		tfdiag.Attempt{Doing: fmt.Sprintf("read the connection %s", result.ConnectionID)}.Report(diags, err)
		return
	}
	tested.Warnings = result.Warnings
	warn(d.access, tested, diags)
}

// planWarnings points at what is configured and will not work for long. Values that are not known yet are left to the
// apply, which plans once more.
func (r *connectionResource) planWarnings(system *target.System, config model, diags *diag.Diagnostics) {
	settings, _ := config.settings(system)
	credentials, _ := config.secrets(system)
	for _, warning := range system.Warnings(settings, system.CredentialsExpireAt(credentials), time.Now()) {
		at, _ := locate(system)(warning.Field)
		if r.access.First("plan of " + config.Name.ValueString() + ": " + warning.Message) {
			diags.AddAttributeWarning(at, tfdiag.TitleAttention, warning.Message)
		}
	}
}
