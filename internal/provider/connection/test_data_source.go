package connection

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/fault"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tfdiag"
)

var (
	_ datasource.DataSourceWithConfigure      = (*testDataSource)(nil)
	_ datasource.DataSourceWithValidateConfig = (*testDataSource)(nil)
)

// The accounts of a connection test.
const (
	serviceAccount = "service_account"
	userAccount    = "user"
)

// testDataSource is riva_connection_test: it runs a connection test and answers with what it found.
type testDataSource struct{ access *controlplane.Access }

type testModel struct {
	ConnectionID types.String      `tfsdk:"connection_id"`
	Account      types.String      `tfsdk:"account"`
	UserEmail    types.String      `tfsdk:"user_email"`
	Test         types.String      `tfsdk:"test"`
	Passed       types.Bool        `tfsdk:"passed"`
	Summary      types.String      `tfsdk:"summary"`
	Fault        *fault.Model      `tfsdk:"fault"`
	Identity     *identityModel    `tfsdk:"identity"`
	Checks       []checkModel      `tfsdk:"checks"`
	TestedAt     timetypes.RFC3339 `tfsdk:"tested_at"`
	Remembered   types.Bool        `tfsdk:"remembered"`
	Warnings     []string          `tfsdk:"warnings"`
	Timeouts     timeouts.Value    `tfsdk:"timeouts"`
}

type checkModel struct {
	Name     types.String `tfsdk:"name"`
	Passed   types.Bool   `tfsdk:"passed"`
	Message  types.String `tfsdk:"message"`
	Duration types.Int64  `tfsdk:"duration"`
}

// NewTestDataSource makes the data source riva_connection_test.
func NewTestDataSource() datasource.DataSource { return &testDataSource{} }

// Metadata names the data source.
func (d *testDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "riva_connection_test"
}

// Schema describes what is asked and answered.
func (d *testDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = testSchema(ctx)
}

// Configure takes over the way to the control plane.
func (d *testDataSource) Configure(
	_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse,
) {
	d.access = controlplane.FromProvider(req.ProviderData, &resp.Diagnostics)
}

// ValidateConfig asks for a user exactly where a user is tested.
func (d *testDataSource) ValidateConfig(
	ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse,
) {
	var config testModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() || config.Account.IsUnknown() || config.UserEmail.IsUnknown() {
		return
	}
	asUser := config.Account.ValueString() == userAccount
	switch {
	case asUser && config.UserEmail.IsNull():
		resp.Diagnostics.AddAttributeError(path.Root("user_email"), tfdiag.TitleInvalid,
			"The account \"user\" is one person: give the email address in user_email.")
	case !asUser && !config.UserEmail.IsNull():
		resp.Diagnostics.AddAttributeError(path.Root("user_email"), tfdiag.TitleInvalid,
			"user_email is for the account \"user\": set account = \"user\", or leave user_email out.")
	}
}

// Read runs the test. A fault is an answer; only a test that cannot be run is an error.
func (d *testDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model testModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	ctx, cancel := controlplane.Bound(ctx, model.Timeouts.Read, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	if model.Account.IsNull() {
		model.Account = types.StringValue(serviceAccount)
	}
	if model.Test.IsNull() {
		model.Test = types.StringValue("general")
	}
	id := model.ConnectionID.ValueString()
	result, err := d.access.Client.RunTest(ctx, id, api.RunTest{
		Account: model.Account.ValueString(), UserEmail: model.UserEmail.ValueString(), Test: model.Test.ValueString(),
	})
	switch {
	case api.IsNotFound(err):
		resp.Diagnostics.AddAttributeError(path.Root("connection_id"), tfdiag.TitleNotFound,
			fmt.Sprintf("The control plane (%s) has no connection %q to test.", d.access.Where, id))
		return
	case err != nil:
		tfdiag.Attempt{
			Doing: fmt.Sprintf("run the test %q of the connection %s", model.Test.ValueString(), id), Locate: locateTest,
		}.Report(&resp.Diagnostics, err)
		return
	}
	d.warn(ctx, result, &resp.Diagnostics)
	model.show(result)
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

// show takes over what the test found.
func (m *testModel) show(result api.TestResult) {
	m.Passed, m.Summary = types.BoolValue(result.Passed), types.StringValue(result.Summary)
	m.Fault, m.Identity = fault.Show(result.Fault), showIdentity(result.Identity)
	m.TestedAt, m.Remembered = controlplane.Timestamp(result.TestedAt), types.BoolValue(result.Remembered)
	m.Warnings = showWarnings(result.Warnings)
	m.Checks = make([]checkModel, len(result.Checks))
	for i, check := range result.Checks {
		m.Checks[i] = checkModel{
			Name: types.StringValue(check.Name), Passed: types.BoolValue(check.Passed),
			Message: orNull(check.Message), Duration: types.Int64Value(check.DurationMS),
		}
	}
}

// locateTest finds the attribute that a field of the request comes from.
func locateTest(field string) (path.Path, bool) {
	switch name := strings.TrimPrefix(field, "body."); name {
	case "account", "user_email", "test":
		return path.Root(name), true
	}
	return path.Empty(), false
}
