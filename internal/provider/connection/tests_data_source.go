package connection

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/entity"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/fault"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
)

var _ datasource.DataSourceWithConfigure = (*testsDataSource)(nil)

// testsDataSource is riva_connection_tests, the stored tests of a connection. It runs none.
type testsDataSource struct{ entity.DataSource }

type testsModel struct {
	ConnectionID types.String `tfsdk:"connection_id"`
	Passed       types.Bool   `tfsdk:"passed"`
	Limit        types.Int64  `tfsdk:"limit"`
	Tests        []pastTest   `tfsdk:"tests"`
}

// pastTest is one stored test.
type pastTest struct {
	ID         types.String      `tfsdk:"id"`
	Account    types.String      `tfsdk:"account"`
	UserEmail  types.String      `tfsdk:"user_email"`
	Test       types.String      `tfsdk:"test"`
	Passed     types.Bool        `tfsdk:"passed"`
	Summary    types.String      `tfsdk:"summary"`
	Fault      *fault.Model      `tfsdk:"fault"`
	Identity   *identityModel    `tfsdk:"identity"`
	Checks     []checkModel      `tfsdk:"checks"`
	TestedAt   timetypes.RFC3339 `tfsdk:"tested_at"`
	Remembered types.Bool        `tfsdk:"remembered"`
	Warnings   []string          `tfsdk:"warnings"`
}

// NewTestsDataSource returns the data source riva_connection_tests.
func NewTestsDataSource() datasource.DataSource {
	return &testsDataSource{entity.DataSource{Type: "riva_connection_tests"}}
}

// Schema declares the filters and the tests.
func (d *testsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = testsSchema()
}

// Read reads the tests, newest first.
func (d *testsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model testsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	checkConnectionID(model.ConnectionID, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := controlplane.WithFixedTimeout(ctx)
	defer cancel()
	id, limit := model.ConnectionID.ValueString(), api.KeptTests
	if !model.Limit.IsNull() {
		limit = int(model.Limit.ValueInt64())
	}
	tests, err := d.Access.Client.Tests(ctx, id, model.result(), limit)
	switch {
	case api.IsNotFound(err):
		d.Access.ReportMissing(ctx, controlplane.Connections, "connection_id", id, &resp.Diagnostics)
		return
	case err != nil:
		tfdiag.Operation{Name: fmt.Sprintf("read the tests of the connection %s", id)}.Report(&resp.Diagnostics, err)
		return
	}
	model.Tests = make([]pastTest, 0, len(tests))
	for i := range tests {
		model.Tests = append(model.Tests, showPastTest(&tests[i]))
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &model)...)
}

// result is the filter by result; empty for all tests.
func (m *testsModel) result() string {
	switch {
	case m.Passed.IsNull():
		return ""
	case m.Passed.ValueBool():
		return api.Passed
	}
	return api.Failed
}

// showPastTest maps the API response to a test.
func showPastTest(t *api.TestResult) pastTest {
	return pastTest{
		ID: types.StringValue(t.ID), Account: types.StringValue(t.Account), UserEmail: orNull(t.UserEmail),
		Test: types.StringValue(t.Test), Passed: types.BoolValue(t.Passed), Summary: types.StringValue(t.Summary),
		Fault: fault.Show(t.Fault), Identity: showIdentity(t.Identity), Checks: showChecks(t.Checks),
		TestedAt: controlplane.Timestamp(t.TestedAt), Remembered: types.BoolValue(t.Remembered),
		Warnings: showWarnings(t.Warnings),
	}
}
