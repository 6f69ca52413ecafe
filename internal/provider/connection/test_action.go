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

// testAction is riva_test_connection: it runs a connection test and fails if that does.
type testAction struct{ entity.Action }

type testActionModel struct {
	testInput

	Force    types.Bool     `tfsdk:"force"`
	Timeouts timeouts.Value `tfsdk:"timeouts"`
}

const testActionDescription = `
Runs a connection test and fails if it does not pass: with the fault's title, the target system's own words and what to do
next. It says what it checks before, every ten seconds what it still waits for, and at the end what came of each check.
` + triggerDescription + `
Actions need Terraform 1.14. Where there are none, and where a test that fails should not end the run, use the data source
` + "`riva_connection_test`" + ` with a ` + "`check`" + ` block.
`

// triggerDescription is what holds for actions that a connection triggers.
const triggerDescription = `
To invoke it after changes, name it in an ` + "`action_trigger`" + ` of the connection. If it fails, so does the apply, but what
was changed stays changed and nothing is tainted. So the next plan is empty, and Terraform invokes it again only after the
next change, or by hand. From Terraform 1.16 on, give a triggered action ` + "`connection_id = caller.id`" + `: the address of
the connection that triggers it is a warning there, and can be an error, as with ` + "`-invoke`" + `.
`

// NewTestAction makes the action riva_test_connection.
func NewTestAction() action.Action { return &testAction{entity.Action{Type: "riva_test_connection"}} }

// Schema describes what is asked.
func (a *testAction) Schema(ctx context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: testActionDescription,
		Attributes: map[string]schema.Attribute{
			"connection_id": schema.StringAttribute{
				Required: true, MarkdownDescription: connectionIDDescription, Validators: controlplane.Connections.ID(),
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
				MarkdownDescription: "Ask the target system even if it refused the same credentials before. Asking too often can lock " +
					"the account. Default: `false`.",
			},
			"timeouts": actionTimeouts(ctx),
		},
	}
}

// actionTimeouts bounds an action about a connection.
func actionTimeouts(ctx context.Context) schema.Attribute {
	return timeouts.AttributesWithOpts(ctx, timeouts.Opts{
		InvokeDescription: "How long the action may take, as a duration such as `\"90s\"`. Default: 5 minutes.",
	})
}

// Invoke runs the test. A fault is an error here: an action has no other answer.
func (a *testAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var config testActionModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	ctx, cancel := controlplane.WithTimeout(ctx, config.Timeouts.Invoke, &resp.Diagnostics)
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
	checks := "sign_in, identity, " + test // one call, whose answer has all: none is known to have ended before
	reporter.Report("Testing the connection %q (%s): %s, as %s. Checks: %s.", tested.Name, tested.System, test, config.accountText(), checks)
	reporter.StartWaiting("%s", checks)
	result, ok := config.run(ctx, a.Access, config.Force.ValueBool(), &resp.Diagnostics)
	if !ok {
		return
	}
	for _, check := range result.Checks {
		reporter.Report("%s", checkLine(check))
	}
	reporter.Report("%s", result.Summary)
	if !result.Passed {
		reportTestFailed(fmt.Sprintf("The test %q of the connection %q did not pass.", result.Test, tested.Name), &result, &resp.Diagnostics)
	}
}

// accountText is the account in words.
func (m *testActionModel) accountText() string {
	if m.Account.ValueString() == userAccount {
		return "the user " + m.UserEmail.ValueString()
	}
	return "the service account"
}

// find reads the connection that an action is about; false if it reported why it cannot.
func find(ctx context.Context, access *controlplane.Access, id string, diags *diag.Diagnostics) (api.Connection, bool) {
	found, err := access.Client.Connection(ctx, id)
	switch {
	case api.IsNotFound(err):
		noConnection(access, id, diags)
	case err != nil:
		tfdiag.Operation{Name: "read the connection " + id}.Report(diags, err)
	}
	return found, err == nil
}

// checkLine is one step of a test in words.
func checkLine(c api.Check) string {
	verdict := "passed"
	if !c.Passed {
		verdict = "failed"
	}
	line := fmt.Sprintf("%s: %s in %d ms", c.Name, verdict, c.DurationMS)
	if c.Message != "" {
		line += ": " + c.Message
	}
	return line
}

// reportTestFailed reports a test that did not pass.
func reportTestFailed(what string, result *api.TestResult, diags *diag.Diagnostics) {
	if result.Fault == nil { // as from a control plane of another version
		diags.AddError(result.Summary, what)
		return
	}
	diags.AddError(result.Fault.Title, what+"\n\n"+fault.Detail(result.Fault))
}
