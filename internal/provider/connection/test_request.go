package connection

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/validators"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// The accounts of a connection test.
const (
	serviceAccount = "service_account"
	userAccount    = "user"
)

// testInput is the input of a connection test, the same in the data source and in the action.
type testInput struct {
	ConnectionID types.String `tfsdk:"connection_id"`
	Account      types.String `tfsdk:"account"`
	UserEmail    types.String `tfsdk:"user_email"`
	Test         types.String `tfsdk:"test"`
}

const (
	connectionIDDescription  = "Id of the connection to test."
	accountDescription       = "The account to test: `\"service_account\"` (default), or `\"user\"` with `user_email`."
	userEmailDescription     = "Email address of the user in the target system."
	testAttributeDescription = "`\"general\"` (default) signs in and checks which account signed in. `\"impersonation\"`, " +
		"`\"calendar\"`, `\"contacts\"`, `\"mail\"` and `\"metadata\"` test more, if the target system supports it."
)

// accounts, userEmails and testNames are the validators of the attributes.
func accounts() []validator.String {
	return []validator.String{stringvalidator.OneOf(serviceAccount, userAccount)}
}

func userEmails() []validator.String { return append(validators.Email(), userEmailValidator{}) }

func testNames() []validator.String {
	return []validator.String{stringvalidator.OneOf(
		string(target.General), string(target.Impersonation), string(target.Calendar),
		string(target.Contacts), string(target.Mail), string(target.Metadata),
	)}
}

// userEmailValidator requires a value if the account is a user, and rejects one if not.
type userEmailValidator struct{}

func (userEmailValidator) Description(context.Context) string {
	return "value must be set for the account \"user\", and for no other"
}

func (v userEmailValidator) MarkdownDescription(ctx context.Context) string {
	return v.Description(ctx)
}

func (userEmailValidator) ValidateString(
	ctx context.Context, req validator.StringRequest, resp *validator.StringResponse,
) {
	var account types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("account"), &account)...)
	if resp.Diagnostics.HasError() || account.IsUnknown() || req.ConfigValue.IsUnknown() {
		return
	}
	asUser := account.ValueString() == userAccount
	switch {
	case asUser && req.ConfigValue.IsNull():
		resp.Diagnostics.AddAttributeError(req.Path, tfdiag.TitleInvalid,
			"The account \"user\" requires an email address: set user_email.")
	case !asUser && !req.ConfigValue.IsNull():
		resp.Diagnostics.AddAttributeError(req.Path, tfdiag.TitleInvalid,
			"user_email is for the account \"user\": set account = \"user\", or remove user_email.")
	}
}

// setDefaults sets the defaults of attributes that are not configured.
func (q *testInput) setDefaults() {
	if q.Account.IsNull() {
		q.Account = types.StringValue(serviceAccount)
	}
	if q.Test.IsNull() {
		q.Test = types.StringValue(string(target.General))
	}
}

// run runs the test. With force it calls the target system even if that rejected the same credentials before. A fault is a
// result; run returns false after it has reported that the test cannot run.
func (q *testInput) run(
	ctx context.Context, access *controlplane.Access, force bool, diags *diag.Diagnostics,
) (api.TestResult, bool) {
	q.setDefaults()
	id := q.ConnectionID.ValueString()
	result, err := access.Client.RunTest(ctx, id, api.RunTest{
		Account: q.Account.ValueString(), UserEmail: q.UserEmail.ValueString(), Test: q.Test.ValueString(), Force: force,
	})
	switch {
	case api.IsNotFound(err):
		access.ReportMissing(ctx, controlplane.Connections, "connection_id", id, diags)
		return result, false
	case err != nil:
		tfdiag.Operation{
			Name: fmt.Sprintf("run the test %q of the connection %s", q.Test.ValueString(), id), AttributePath: testAttributePath,
		}.Report(diags, err)
		return result, false
	}
	return result, true
}

// checkConnectionID reports a connection_id that is not an id.
func checkConnectionID(id types.String, diags *diag.Diagnostics) {
	controlplane.Connections.CheckID(path.Root("connection_id"), id, diags)
}

// testAttributePath finds the attribute that a field of the request comes from.
func testAttributePath(field string) (path.Path, bool) {
	switch name := strings.TrimPrefix(field, "body."); name {
	case "account", "user_email", "test":
		return path.Root(name), true
	}
	return path.Empty(), false
}
