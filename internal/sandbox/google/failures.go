package google

import (
	"cmp"
	"net/http"
	"net/url"
	"regexp"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/oauthpages"
)

// The kinds of fault that Google adds to those of every stand-in.
const (
	// KindTokenError rejects a token request with Fault.Code as the error and Fault.Message as its description. The
	// status is that of the code.
	KindTokenError sandbox.Kind = "token_error"
	// KindAPIError returns an error of an API with the reason Fault.Code. Fault.Status and Fault.Message replace those
	// of the reason. A wait is returned in Retry-After.
	KindAPIError sandbox.Kind = "api_error"
)

var kinds = sandbox.Kinds{
	KindTokenError: sandbox.BeforeSignIn(needsCode), KindAPIError: needsCode, oauthpages.KindError: needsCode,
	sandbox.KindDeep: nil, sandbox.KindEcho: nil,
}

// Descriptions that Google uses for more than one cause.
const (
	notDelegated = "Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of " +
		"the scopes requested."
	notShortLived = "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your " +
		"iat and exp values in the JWT claim."
)

// tokenErrors are Google's descriptions of OAuth errors, for faults without a message.
var tokenErrors = map[string]string{
	"access_denied":         "Requested client not authorized.",
	"admin_policy_enforced": "The account is not allowed to authorize the scopes requested.",
	"deleted_client":        "The OAuth client was deleted.",
	"disabled_client":       "The OAuth client was disabled.",
	"internal_failure":      "Backend Error",
	"invalid_client":        "The OAuth client was not found.",
	"invalid_grant":         "Bad Request",
	"invalid_request":       "Invalid impersonation prn email address.",
	"invalid_scope":         "Invalid OAuth scope or ID token audience provided.",
	"org_internal":          "This client is restricted to users within its organization.",
	"unauthorized_client":   notDelegated,
}

// tokenStatus is the status of an OAuth error; all others have 400.
var tokenStatus = map[string]int{
	"access_denied": http.StatusForbidden, "deleted_client": http.StatusUnauthorized,
	"disabled_client": http.StatusUnauthorized, "internal_failure": http.StatusInternalServerError,
	"invalid_client": http.StatusUnauthorized, "org_internal": http.StatusForbidden,
	"unauthorized_client": http.StatusUnauthorized,
}

// codeForm matches Google's codes.
var codeForm = regexp.MustCompile(`^[A-Za-z][A-Za-z_]*$`)

var needsCode = sandbox.NeedsCode(codeForm, "one of Google's error codes")

// AuthorizeError ends a person's sign-in with one of Google's errors instead of a code.
func AuthorizeError(code string) sandbox.Fault { return oauthpages.Error(code) }

// TokenError is an error of the token endpoint, with Google's description of the code.
func TokenError(code string) sandbox.Fault { return sandbox.Fault{Kind: KindTokenError, Code: code} }

// InvalidGrant is an invalid_grant error, whose description contains the cause.
func InvalidGrant(description string) sandbox.Fault {
	return TokenError("invalid_grant").WithMessage(description)
}

// APIError is an error of the APIs, with the status and the message of the reason.
func APIError(reason string) sandbox.Fault { return sandbox.Fault{Kind: KindAPIError, Code: reason} }

// RateLimit is Google's throttling, with the wait in Retry-After. 0 means no such header, which is the normal case.
func RateLimit(wait time.Duration) sandbox.Fault { return APIError("rateLimitExceeded").Wait(wait) }

// Deep is a response that is nested deeper than a careful client reads.
func Deep() sandbox.Fault { return sandbox.Deep() }

// Echo is a token endpoint that repeats the secrets of the request in its error text.
func Echo() sandbox.Fault { return sandbox.Echo() }

// echo applies KindEcho.
func echo(call *sandbox.Call, form url.Values) (sandbox.Response, bool) {
	f, ok := call.Fault(sandbox.KindEcho)
	if !ok {
		return sandbox.Response{}, false
	}
	text := call.EchoForm(f, "Backend Error", form, "client_secret", "refresh_token", "assertion", "code", "code_verifier")
	return newTokenError("internal_failure", text).response(), true
}

// scriptedError is the error of a fault.
func scriptedError(f sandbox.Fault) *apiError {
	err := newAPIError(f.Code)
	err.status = cmp.Or(f.Status, err.status)
	err.message = cmp.Or(f.Message, err.message)
	if f.WaitMilliseconds > 0 {
		err.retryAfter = f.RetryAfter()
	}
	return err
}
