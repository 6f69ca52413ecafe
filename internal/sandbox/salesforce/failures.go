package salesforce

import (
	"net/http"
	"net/url"
	"regexp"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/oauthpages"
)

// The kinds of fault that Salesforce adds to those of every stand-in.
const (
	// KindTokenError rejects a token request with 400 or Fault.Status. Fault.Code is the error, Fault.Message its
	// description.
	KindTokenError sandbox.Kind = "token_error"
	// KindAPIError returns an error with Fault.Code for a call of the REST API, with or without a valid session.
	// Fault.Status replaces the status of the code; a wait is returned in Retry-After.
	KindAPIError sandbox.Kind = "api_error"
	// KindIdentityError makes userinfo and the identity URL return Fault.Code as plain text, with 403 or Fault.Status.
	KindIdentityError sandbox.Kind = "identity_error"
)

var kinds = sandbox.Kinds{
	KindTokenError: sandbox.BeforeSignIn(needsCode), KindAPIError: needsCode, KindIdentityError: needsCode,
	oauthpages.KindError: needsCode,
	sandbox.KindDeep:     nil, sandbox.KindEcho: nil,
}

// Descriptions of invalid_grant, which is the error code of several causes.
const (
	expiredToken = "expired access/refresh token"
	notApproved  = "user hasn't approved this consumer"
)

// tokenErrors are Salesforce's descriptions of OAuth errors, for faults without a message.
var tokenErrors = map[string]string{
	"access_denied":             "end-user denied authorization",
	"app_not_found":             "External client app is not installed in this org",
	"inactive_org":              "organization is locked, closed, or suspended",
	"inactive_user":             "user is inactive",
	"immediate_unsuccessful":    "immediate unsuccessful",
	"invalid_app_access":        "user is not admin approved to access this app",
	"invalid_client":            "invalid client credentials",
	"invalid_client_id":         "client identifier invalid",
	"invalid_grant":             "authentication failure",
	"invalid_request":           "missing or unsupported code challenge",
	"invalid_scope":             "the requested scope is not allowed",
	"rate_limit_exceeded":       "number of logins exceeded",
	"redirect_uri_mismatch":     "redirect_uri must match configuration",
	"redirect_uri_missing":      "redirect_uri not provided",
	"server_error":              "unexpected error",
	"temporarily_unavailable":   "the server is temporarily unavailable",
	"unsupported_grant_type":    "grant type not supported",
	"OAUTH_APP_ACCESS_DENIED":   "user is not admin approved to access this app",
	"OAUTH_APP_BLOCKED":         "this app is blocked by admin",
	"OAUTH_EC_APP_NOT_FOUND":    "External client app is not installed in this org",
	"unsupported_response_type": "response type must be code",

	"OAUTH_APPROVAL_ERROR_GENERIC": "An unexpected error has occurred during authentication. Please try again.",
}

// apiErrors are the errors of the REST API: the status of each code, and Salesforce's message.
var apiErrors = map[string]struct {
	status int
	text   string
}{
	"API_CURRENTLY_DISABLED":    {http.StatusForbidden, "API is disabled for this User"},
	"API_DISABLED_FOR_ORG":      {http.StatusForbidden, "The REST API is not enabled for this Organization."},
	"INSUFFICIENT_ACCESS":       {http.StatusForbidden, "insufficient access rights on object id"},
	"INVALID_AUTH_HEADER":       {http.StatusUnauthorized, "INVALID_HEADER_TYPE"},
	"INVALID_FIELD":             {http.StatusBadRequest, "No such column on the entity."},
	"INVALID_SESSION_ID":        {http.StatusUnauthorized, "Session expired or invalid"},
	"INVALID_TYPE":              {http.StatusBadRequest, "sObject type is not supported."},
	"MALFORMED_QUERY":           {http.StatusBadRequest, "unexpected token"},
	"METHOD_NOT_ALLOWED":        {http.StatusMethodNotAllowed, "HTTP Method not allowed. Allowed are HEAD,GET"},
	"NOT_FOUND":                 {http.StatusNotFound, "The requested resource does not exist"},
	"REQUEST_LIMIT_EXCEEDED":    {http.StatusForbidden, "TotalRequests Limit exceeded."},
	"SERVER_UNAVAILABLE":        {http.StatusServiceUnavailable, "server is unavailable for maintenance"},
	"UNKNOWN_EXCEPTION":         {http.StatusInternalServerError, "An unexpected error occurred."},
	"UNSUPPORTED_API_VERSION":   {http.StatusNotFound, "The requested API version is not supported"},
	"QUERY_TIMEOUT":             {http.StatusBadRequest, "Your query request was running for too long."},
	"FUNCTIONALITY_NOT_ENABLED": {http.StatusForbidden, "This functionality is not enabled for this organization."},
}

// codeForm matches Salesforce's codes.
var codeForm = regexp.MustCompile(`^[A-Za-z][A-Za-z_]*$`)

var needsCode = sandbox.NeedsCode(codeForm, "one of Salesforce's error codes")

// AuthorizeError ends a person's sign-in with one of Salesforce's errors instead of a code.
func AuthorizeError(code string) sandbox.Fault { return oauthpages.Error(code) }

// TokenError is an error of the token endpoint, with Salesforce's description of the code.
func TokenError(code string) sandbox.Fault { return sandbox.Fault{Kind: KindTokenError, Code: code} }

// InvalidGrant is an invalid_grant error, whose description contains the cause: "authentication failure", "ip
// restricted or invalid login hours", "user hasn't approved this consumer" and so on.
func InvalidGrant(description string) sandbox.Fault {
	return TokenError("invalid_grant").WithMessage(description)
}

// ExpiredToken is a refresh token that was revoked or has expired.
func ExpiredToken() sandbox.Fault { return InvalidGrant(expiredToken) }

// NotApproved is a user who has not approved the app.
func NotApproved() sandbox.Fault { return InvalidGrant(notApproved) }

// IPRestricted is a sign-in from an address, or at a time, that the user's profile does not allow.
func IPRestricted() sandbox.Fault { return InvalidGrant("ip restricted or invalid login hours") }

// LoginRate is a user who signs in too often.
func LoginRate() sandbox.Fault { return InvalidGrant("login rate exceeded") }

// APIError is an error of the REST API, with the status and the message of the code.
func APIError(code string) sandbox.Fault { return sandbox.Fault{Kind: KindAPIError, Code: code} }

// RequestLimit is Salesforce's throttling, with the wait. 0 means no wait, which is the normal case.
func RequestLimit(wait time.Duration) sandbox.Fault {
	return APIError("REQUEST_LIMIT_EXCEEDED").Wait(wait)
}

// Unavailable is Salesforce under maintenance: 503 with JSON. [sandbox.Maintenance] returns a page instead.
func Unavailable() sandbox.Fault { return APIError("SERVER_UNAVAILABLE") }

// NoAPIScope is a session without the scope api.
func NoAPIScope() sandbox.Fault { return APIError("INVALID_SESSION_ID").WithMessage(noAPIScope) }

// IdentityError is an error of userinfo and the identity URL: Bad_OAuth_Token, Missing_OAuth_Token, Wrong_Org and so
// on.
func IdentityError(word string) sandbox.Fault {
	return sandbox.Fault{Kind: KindIdentityError, Code: word}
}

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
	text := call.EchoForm(f, "cannot process the request", form,
		"client_secret", "refresh_token", "assertion", "code", "code_verifier")
	response := newTokenError("server_error", text).response()
	response.Status = http.StatusInternalServerError
	return response, true
}
