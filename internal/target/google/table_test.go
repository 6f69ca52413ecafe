package google_test

import (
	"testing"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/google"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

// A known error has its own first help step, and names the field that it is about.
func TestVerdicts(t *testing.T) {
	t.Parallel()
	const ada, gmailOn = "ada@example.com", "Admin console → Apps → Google Workspace: turn Gmail on"
	noMailbox := sandbox.APIError("failedPrecondition").WithMessage("Precondition check failed.")
	for name, test := range map[string]struct {
		grant, user string
		fault       sandboxcore.Fault
		want        conformance.Verdict
	}{
		"administrator without a mailbox": {serviceAccount, "", noMailbox.ForOperation("profile"), conformance.Verdict{
			Fault: target.UserNotFound, Field: "admin_email", Help: gmailOn, Message: "Precondition check failed.",
		}},
		"user without a mailbox": {serviceAccount, ada, noMailbox.ForOperation("messages"),
			conformance.Verdict{Fault: target.UserNotFound, Help: gmailOn}},
		"wrong signature": {serviceAccount, "", sandbox.InvalidGrant("Invalid JWT Signature."), conformance.Verdict{
			Fault: target.GivenCredentials, Field: "service_account_key", Certain: true, Help: "Google Cloud console → IAM & Admin",
		}},
		"clock": {serviceAccount, "", sandbox.InvalidGrant("Invalid JWT: Token must be a short-lived token (60 minutes)"),
			conformance.Verdict{Fault: target.Misconfigured, Help: "Correct the clock of this machine"}},
		"session control": {refreshToken, "", sandbox.InvalidGrant("reauth related error (invalid_rapt)"), conformance.Verdict{
			Fault: target.GivenCredentials, Field: refreshToken, Help: "Admin console → Security → Google Cloud session control",
		}},
		"revoked": {refreshToken, "", sandbox.InvalidGrant("Token has been expired or revoked."), conformance.Verdict{
			Fault: target.GivenCredentials, Field: refreshToken, Certain: true, Help: "Obtain a new refresh token",
		}},
		"wrong client secret": {refreshToken, "",
			sandbox.TokenError("invalid_client").WithMessage("The provided client secret is invalid."), conformance.Verdict{
				Fault: target.GivenCredentials, Field: "client_secret", Certain: true, Help: "Google Cloud console",
			}},
		"client without a reason": {refreshToken, "", sandbox.TokenError("invalid_client").WithMessage("Unauthorized"),
			conformance.Verdict{Fault: target.GivenCredentials, Field: "client_secret", Help: "Google Cloud console"}},
		"disabled account": {serviceAccount, "", sandbox.APIError("ACCOUNT_STATE_INVALID"), conformance.Verdict{
			Fault: target.GivenCredentials, Field: "admin_email", Help: "Admin console → Directory → Users: enable",
		}},
		"new text": {refreshToken, "", sandbox.InvalidGrant("Something new."), conformance.Verdict{
			Fault: target.GivenCredentials, Field: refreshToken, Help: "Check the key", Message: "Something new. (invalid_grant)",
		}},
		"new reason": {serviceAccount, "", sandbox.APIError("neverHeardOf"), conformance.Verdict{
			Fault: target.SystemNotAvailable, Field: "api_url", Message: "(neverHeardOf)",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := start(t, sandbox.Options{})
			conformance.FailUntilCleared(t, server, test.fault)
			read := target.General
			if test.user != "" {
				read = target.Mail
			}
			test.want.Verify(t, conformance.RequireFault(t, account(server, test.grant), read, test.user))
		})
	}
}
