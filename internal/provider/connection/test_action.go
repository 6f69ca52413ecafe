package connection

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/action/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/entity"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/fault"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/progress"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
)

var _ action.ActionWithConfigure = (*testAction)(nil)

// testAction is riva_test_connection. It runs a connection test, and fails if the test fails.
type testAction struct{ entity.Action }

type testActionModel struct {
	testInput

	Force    types.Bool     `tfsdk:"force"`
	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

const testActionDescription = `
Runs a connection test, and fails if the test does not pass: with the title of the fault, the target system's own message and
the next steps. It reports the checks before it runs them, every ten seconds what it waits for, and at the end the result of
each check.
` + triggerDescription + `
Actions need Terraform 1.14. With older versions and with OpenTofu, and if a failed test must not end the run, use the data
source ` + "`riva_connection_test`" + ` with a ` + "`check`" + ` block.
`

// triggerDescription describes actions that a connection triggers.
const triggerDescription = `
To invoke it after changes, add it to an ` + "`action_trigger`" + ` of the connection. If it fails, the apply fails, but the
changes stay and nothing is tainted. So the next plan is empty, and Terraform invokes the action again only after the next
change, or manually. With Terraform 1.16 and newer, use ` + "`connection_id = caller.id`" + ` in a triggered action: there the
address of the connection that triggers it causes a warning, or an error, as with ` + "`-invoke`" + `.
`

// NewTestAction returns the action riva_test_connection.
func NewTestAction() action.Action { return &testAction{entity.Action{Type: "riva_test_connection"}} }

// Schema declares the attributes.
func (a *testAction) Schema(ctx context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: testActionDescription,
		Attributes: map[string]schema.Attribute{
			"connection_id": schema.StringAttribute{
				Required: true, MarkdownDescription: connectionIDDescription,
			},
			"account": schema.StringAttribute{
				Optional: true, MarkdownDescription: accountDescription,
				Validators: accounts(),
			},
			"user_email": schema.StringAttribute{
				Optional: true, MarkdownDescription: userEmailDescription, Validators: userEmails(),
			},
			"test": schema.StringAttribute{
				Optional: true, MarkdownDescription: testAttributeDescription,
				Validators: testNames(),
			},
			"force": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Call the target system even if it rejected the same credentials before (default " +
					"`false`). Too many attempts can lock the account.",
			},
		},
		Blocks: map[string]schema.Block{"timeouts": actionTimeouts(ctx)},
	}
}

// actionTimeouts declares the timeouts of an action about a connection.
func actionTimeouts(ctx context.Context) schema.Block {
	return controlplane.ActionTimeouts(ctx, "How long the action may take, as a duration such as `\"90s\"`. Default: 5 minutes.")
}

// Invoke runs the test. A fault is an error here, since an action has no other result.
func (a *testAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var config testActionModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	checkConnectionID(config.ConnectionID, &resp.Diagnostics)
	ctx, cancel := controlplane.WithTimeout(ctx, "invoke", config.Timeouts.Invoke, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	reporter, end := progress.Begin(ctx, resp, "the control plane")
	defer end()
	tested, ok := find(ctx, a.Access, config.ConnectionID.ValueString(), &resp.Diagnostics)
	if !ok {
		return
	}
	showConnectionWarnings(a.Access, tested, &resp.Diagnostics)
	config.setDefaults()
	test := config.Test.ValueString()
	checks := "sign_in, identity, " + test // one call returns all of them
	reporter.Reportf("Testing the connection %q (%s): %s, as %s. Checks: %s.",
		tested.Name, tested.System, test, config.accountText(), checks)
	reporter.StartWaitingf("%s", checks)
	result, ok := config.run(ctx, a.Access, config.Force.ValueBool(), &resp.Diagnostics)
	if !ok {
		return
	}
	for _, check := range result.Checks {
		reporter.Reportf("%s", checkLine(check))
	}
	reporter.Reportf("%s", result.Summary)
	if !result.Passed {
		what := fmt.Sprintf("The test %q of the connection %q did not pass.", result.Test, tested.Name)
		reportTestFailed(what, &result, &resp.Diagnostics)
	}
}

// accountText names the account.
func (m *testActionModel) accountText() string {
	if m.Account.ValueString() == userAccount {
		return "the user " + m.UserEmail.ValueString()
	}
	return "the service account"
}

// find reads the connection of an action. It returns false after it has reported an error.
func find(ctx context.Context, access *controlplane.Access, id string, diags *diag.Diagnostics) (api.Connection, bool) {
	found, err := access.Client.Connection(ctx, id)
	switch {
	case api.IsNotFound(err):
		access.ReportMissing(ctx, controlplane.Connections, "connection_id", id, diags)
	case err != nil:
		tfdiag.Operation{Name: "read the connection " + id}.Report(diags, err)
	}
	return found, err == nil
}

// checkLine is one check of a test as a line.
func checkLine(c api.Check) string {
	result := "passed"
	if !c.Passed {
		result = "failed"
	}
	line := fmt.Sprintf("%s: %s in %d ms", c.Name, result, c.DurationMS)
	if c.Message != "" {
		line += ": " + c.Message
	}
	return line
}

// reportTestFailed reports a failed test.
func reportTestFailed(what string, result *api.TestResult, diags *diag.Diagnostics) {
	if result.Fault == nil { // such as from a control plane of another version
		diags.AddError(result.Summary, what)
		return
	}
	diags.AddError(fault.Title(result.Fault), what+"\n\n"+fault.Detail(result.Fault))
}
