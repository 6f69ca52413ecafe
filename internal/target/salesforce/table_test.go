package salesforce_test

import (
	"net/http"
	"testing"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

// A known error has its own first help step, and names the field that it is about.
func TestVerdicts(t *testing.T) {
	t.Parallel()
	grant := func(text string) sandboxcore.Fault { return sandbox.TokenError("invalid_grant").WithMessage(text) }
	newCode := sandbox.APIError("NEVER_HEARD_OF").WithMessage("It")
	newCode.Status = http.StatusUnauthorized
	for name, test := range map[string]struct {
		grant string
		fault sandboxcore.Fault
		want  conformance.Verdict
	}{
		"wrong secret of the app": {refreshToken, sandbox.TokenError("invalid_client").WithMessage("invalid client credentials"),
			conformance.Verdict{Fault: target.GivenCredentials, Field: "client_secret", Certain: true, Help: "Compare client_secret"}},
		"wrong secret of the app alone": {clientCredentials, sandbox.TokenError("invalid_client"),
			conformance.Verdict{Fault: target.GivenCredentials, Field: "client_secret", Certain: true, Help: "Compare client_secret"}},
		"revoked token": {refreshToken, grant("expired access/refresh token"),
			conformance.Verdict{Fault: target.GivenCredentials, Field: refreshToken, Certain: true, Help: "Obtain a new refresh token"}},
		"inactive user": {jwtBearer, grant("inactive user"),
			conformance.Verdict{Fault: target.GivenCredentials, Field: "username", Help: "Setup → Users → Users: activate"}},
		"unapproved app": {jwtBearer, grant("user hasn't approved this consumer"), conformance.Verdict{
			Fault: target.InsufficientPermission,
			Help:  "Pre-authorize the app for the service user. If it is, login_url or username is wrong",
		}},
		"rejected without a reason": {jwtBearer, grant("authentication failure"),
			conformance.Verdict{Fault: target.GivenCredentials, Help: "Setup → Identity → Login History"}},
		"API with a problem": {jwtBearer, sandbox.APIError("API_CURRENTLY_DISABLED").WithMessage("API functionality is not available."),
			conformance.Verdict{Fault: target.SystemNotAvailable, Field: "login_url", Help: "Wait, and check https://status"}},
		"user without API": {jwtBearer, sandbox.APIError("API_CURRENTLY_DISABLED"),
			conformance.Verdict{Fault: target.InsufficientPermission, Field: "username", Message: "API is disabled for this User"}},
		"new code": {jwtBearer, newCode, conformance.Verdict{
			Fault: target.GivenCredentials, Help: target.HelpUnclear, Message: "It (NEVER_HEARD_OF)",
		}},
		"new error of the token endpoint": {jwtBearer, sandbox.TokenError("new_error").WithMessage("It"), conformance.Verdict{
			Fault: target.Misconfigured, Field: "login_url", Message: "It (new_error)",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := start(t, sandbox.Options{})
			conformance.FailUntilCleared(t, server, test.fault)
			test.want.Verify(t, conformance.RequireFault(t, account(t, server, test.grant), target.General, ""))
		})
	}
}
