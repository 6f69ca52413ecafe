package connection

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/entity"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/fault"
)

var _ datasource.DataSourceWithConfigure = (*testDataSource)(nil)

// testDataSource is riva_connection_test. It runs a connection test and returns the result.
type testDataSource struct{ entity.DataSource }

type testModel struct {
	testInput

	Passed     types.Bool        `tfsdk:"passed"`
	Summary    types.String      `tfsdk:"summary"`
	Report     types.String      `tfsdk:"report"`
	Fault      *fault.Model      `tfsdk:"fault"`
	Identity   *identityModel    `tfsdk:"identity"`
	Checks     []checkModel      `tfsdk:"checks"`
	TestedAt   timetypes.RFC3339 `tfsdk:"tested_at"`
	Remembered types.Bool        `tfsdk:"remembered"`
	Warnings   []string          `tfsdk:"warnings"`
	Timeouts   timeouts.Value    `tfsdk:"timeouts"`
}

type checkModel struct {
	Name     types.String `tfsdk:"name"`
	Passed   types.Bool   `tfsdk:"passed"`
	Message  types.String `tfsdk:"message"`
	Duration types.Int64  `tfsdk:"duration"`
}

// NewTestDataSource returns the data source riva_connection_test.
func NewTestDataSource() datasource.DataSource {
	return &testDataSource{entity.DataSource{Type: "riva_connection_test"}}
}

// Schema declares the input and the result.
func (d *testDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = testSchema(ctx)
}

// Read runs the test. A fault is a result; only a test that cannot run is an error.
func (d *testDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model testModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	checkConnectionID(model.ConnectionID, &resp.Diagnostics)
	ctx, cancel := controlplane.WithTimeout(ctx, "read", model.Timeouts.Read, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	result, ok := model.run(ctx, d.Access, false, &resp.Diagnostics)
	if !ok {
		return
	}
	d.warn(ctx, result, &resp.Diagnostics)
	model.show(result)
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

// show maps the API response to the model.
func (m *testModel) show(result api.TestResult) {
	m.Passed, m.Summary = types.BoolValue(result.Passed), types.StringValue(result.Summary)
	m.Report = types.StringValue(report(&result))
	m.Fault, m.Identity = fault.Show(result.Fault), showIdentity(result.Identity)
	m.TestedAt, m.Remembered = controlplane.Timestamp(result.TestedAt), types.BoolValue(result.Remembered)
	m.Warnings, m.Checks = showWarnings(result.Warnings), showChecks(result.Checks)
}

func showChecks(checks []api.Check) []checkModel {
	shown := make([]checkModel, len(checks))
	for i, check := range checks {
		shown[i] = checkModel{
			Name: types.StringValue(check.Name), Passed: types.BoolValue(check.Passed),
			Message: orNull(check.Message), Duration: types.Int64Value(check.DurationMS),
		}
	}
	return shown
}

// report is a complete message about the test. A passed test has one as well, since Terraform evaluates the message of a check
// even if the check passes.
func report(result *api.TestResult) string {
	if result.Fault == nil {
		return result.Summary
	}
	return strings.TrimSpace(result.Summary + "\n\n" + fault.Detail(result.Fault))
}
