package google_test

import (
	"testing"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/google"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

// errorMeaning is an error of Google, and its fault.
type errorMeaning struct {
	name  string
	fault sandboxcore.Fault
	means target.Code
	field string // with a service account; empty for any
}

// tokenErrors are the errors of the token endpoint.
func tokenErrors() []errorMeaning {
	const key = "service_account_key"
	grant := sandbox.InvalidGrant
	return []errorMeaning{
		{"wrong signature", grant("Invalid JWT Signature."), target.GivenCredentials, key},
		{"no such service account", grant("Invalid grant: account not found"), target.GivenCredentials, key},
		{"expired or revoked", grant("Token has been expired or revoked."), target.GivenCredentials, key},
		{"bad request", grant("Bad Request"), target.GivenCredentials, key},
		{"no verifier", grant("Invalid JWT: No valid verifier found for issuer."), target.GivenCredentials, key},
		{"disabled robot", grant("Robot is disabled."), target.GivenCredentials, key},
		{"reauthentication", grant("reauth related error (rapt_required)"), target.GivenCredentials, key},
		{"reauthentication is over", grant("reauth related error (invalid_rapt)"), target.GivenCredentials, key},
		{"rapt_required", sandbox.TokenError("rapt_required"), target.GivenCredentials, key},
		{"invalid_rapt", sandbox.TokenError("invalid_rapt"), target.GivenCredentials, key},
		{"invalid_client", sandbox.TokenError("invalid_client"), target.GivenCredentials, key},
		{"deleted_client", sandbox.TokenError("deleted_client"), target.GivenCredentials, key},
		{"disabled_client", sandbox.TokenError("disabled_client"), target.GivenCredentials, key},
		{
			"clock skew", grant("Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe."),
			target.Misconfigured, "",
		},
		{"audience", grant("Invalid JWT: Failed audience check."), target.Misconfigured, "token_url"},
		{"invalid_scope", sandbox.TokenError("invalid_scope"), target.Misconfigured, ""},
		{"no such user", grant("Invalid email or User ID"), target.UserNotFound, "admin_email"},
		{"invalid address", grant("Not a valid email."), target.UserNotFound, "admin_email"},
		{"deleted user", grant("The account has been deleted"), target.UserNotFound, "admin_email"},
		{"deleted user", sandbox.TokenError("invalid_request"), target.UserNotFound, "admin_email"},
		{
			"deleted user, another text",
			sandbox.TokenError("invalid_request").WithMessage(`Invalid impersonation &quot;sub&quot; field: nobody@example.com`),
			target.UserNotFound, "admin_email",
		},
		{"not delegated", sandbox.TokenError("unauthorized_client"), target.InsufficientPermission, ""},
		{
			"not delegated, in other words",
			sandbox.TokenError("unauthorized_client").WithMessage("Unauthorized client or scope in request."),
			target.InsufficientPermission, "",
		},
		{"access_denied", sandbox.TokenError("access_denied"), target.InsufficientPermission, ""},
		{
			"account restricted", sandbox.TokenError("access_denied").WithMessage("Account restricted"),
			target.InsufficientPermission, "",
		},
		{"admin_policy_enforced", sandbox.TokenError("admin_policy_enforced"), target.InsufficientPermission, ""},
		{"org_internal", sandbox.TokenError("org_internal"), target.InsufficientPermission, ""},
		{"internal_failure", sandbox.TokenError("internal_failure"), target.SystemNotAvailable, "token_url"},
		{"token endpoint 502", sandboxcore.Status(502).ForOperation("token"), target.SystemNotAvailable, "token_url"},
		{"token endpoint 504", sandboxcore.Status(504).ForOperation("token"), target.SystemNotAvailable, "token_url"},
		{"token endpoint 429", sandboxcore.Status(429).ForOperation("token"), target.Throttled, ""},
	}
}

// apiErrors are the errors of the APIs.
func apiErrors() []errorMeaning {
	const key = "service_account_key"
	return []errorMeaning{
		{"authError", sandbox.APIError("authError"), target.GivenCredentials, ""},
		{"insufficientPermissions", sandbox.APIError("insufficientPermissions"), target.InsufficientPermission, ""},
		{"forbidden", sandbox.APIError("forbidden"), target.InsufficientPermission, ""},
		{
			"delegation denied", sandbox.APIError("forbidden").WithMessage("Delegation denied for ada@example.com"),
			target.InsufficientPermission, "",
		},
		{"domainPolicy", sandbox.APIError("domainPolicy"), target.InsufficientPermission, ""},
		{"accessNotConfigured", sandbox.APIError("accessNotConfigured"), target.Misconfigured, key},
		{"no mailbox, as Google words it", sandbox.APIError("failedPrecondition").WithMessage("Precondition check failed."),
			target.UserNotFound, "admin_email"},
		{"no mail", sandbox.APIError("failedPrecondition"), target.UserNotFound, "admin_email"},
		{"no calendar", sandbox.APIError("notACalendarUser"), target.UserNotFound, "admin_email"},
		{"429", sandbox.RateLimit(0), target.Throttled, ""},
		{"403 rateLimitExceeded", with403("rateLimitExceeded"), target.Throttled, ""},
		{"userRateLimitExceeded", sandbox.APIError("userRateLimitExceeded"), target.Throttled, ""},
		{"quotaExceeded", sandbox.APIError("quotaExceeded"), target.Throttled, ""},
		{"dailyLimitExceeded", sandbox.APIError("dailyLimitExceeded"), target.Throttled, ""},
		{"backendError", sandbox.APIError("backendError"), target.SystemNotAvailable, "api_url"},
		{"500", sandbox.APIError("internalError"), target.SystemNotAvailable, "api_url"},
		{"502", sandboxcore.Status(502).ForOperation("profile"), target.SystemNotAvailable, "api_url"},
		{"504", sandboxcore.Status(504).ForOperation("profile"), target.SystemNotAvailable, "api_url"},
		{"400", sandbox.APIError("badRequest"), target.Misconfigured, ""},
	}
}

func with403(reason string) sandboxcore.Fault {
	f := sandbox.APIError(reason)
	f.Status = 403
	return f
}

// errorCases sets up each error for a general test, and for a test of a user if the API's error is about a user.
func errorCases(grant string) map[string]conformance.ErrorCase {
	all := map[string]conformance.ErrorCase{}
	for _, s := range append(tokenErrors(), apiErrors()...) {
		field := s.field
		if grant == refreshToken && field == "service_account_key" {
			field = "" // TestFaultFields tests which of three fields it is
		}
		all[s.name] = conformance.ErrorCase{Fault: s.means, Field: field, Setup: starter(grant).With(
			func(t *testing.T, server *sandbox.Server, tc *conformance.Case) {
				conformance.FailUntilCleared(t, server, s.fault)
				if s.fault.Kind == sandbox.KindAPIError {
					tc.SignIns = nil // a rejected token is replaced once
				}
			})}
	}
	all["another mailbox"] = conformance.ErrorCase{
		Fault: target.WrongIdentity, Field: "admin_email", Setup: accountCases(grant)[conformance.OtherIdentity],
	}
	return all
}
