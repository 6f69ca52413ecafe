package salesforce

import (
	"cmp"
	"net/http"
	"net/url"
	"regexp"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// The kinds of fault that Salesforce adds to those of every stand-in.
const (
	// KindTokenError refuses a token: 400 or Fault.Status, with Fault.Code as the error and Fault.Message as its description.
	KindTokenError sandbox.Kind = "token_error"
	// KindAPIError answers a call to the REST API, signed in or about to be, with an error of Fault.Code. Fault.Status
	// replaces the status that goes with the code; a wait is told in Retry-After.
	KindAPIError sandbox.Kind = "api_error"
	// KindIdentityError answers userinfo and identity URL with Fault.Code as a plain word, 403 or Fault.Status.
	KindIdentityError sandbox.Kind = "identity_error"
	// KindCallbackError sends the browser back from the authorize page with Fault.Code as the error.
	KindCallbackError sandbox.Kind = "callback_error"
	// KindDeep answers with JSON nested 100,000 levels deep.
	KindDeep sandbox.Kind = "deep"
	// KindEcho refuses a token with a 500 that repeats the secrets of the request: raw, URL-encoded and base64.
	KindEcho sandbox.Kind = "echo"
)

// Descriptions that several causes share the error code invalid_grant with.
const (
	expiredToken = "expired access/refresh token"
	notApproved  = "user hasn't approved this consumer"
)

// tokenErrors are what Salesforce says of its OAuth errors, where a fault says nothing else.
var tokenErrors = map[string]string{
	"access_denied":             "end-user denied authorization",
	"app_not_found":             "External client app is not installed in this org",
	"inactive_org":              "organization is locked, closed, or suspended",
	"inactive_user":             "user is inactive",
	"invalid_app_access":        "user is not admin approved to access this app",
	"invalid_client":            "invalid client credentials",
	"invalid_client_id":         "client identifier invalid",
	"invalid_grant":             "authentication failure",
	"invalid_scope":             "the requested scope is not allowed",
	"rate_limit_exceeded":       "number of logins exceeded",
	"redirect_uri_mismatch":     "redirect_uri must match configuration",
	"unsupported_grant_type":    "grant type not supported",
	"OAUTH_APP_ACCESS_DENIED":   "user is not admin approved to access this app",
	"OAUTH_EC_APP_NOT_FOUND":    "External client app is not installed in this org",
	"unsupported_response_type": "response type must be code",
}

// apiErrors are the errors of the REST API: the status that goes with each, and what Salesforce says.
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

// codeForm is what Salesforce's codes look like.
var codeForm = regexp.MustCompile(`^[A-Za-z][A-Za-z_]*$`)

// check says what is wrong with a fault of the kinds above.
func check(f sandbox.Fault) error {
	switch f.Kind {
	case KindTokenError, KindAPIError, KindIdentityError, KindCallbackError:
		if err := cmp.Or(f.CheckCode(codeForm, "one of Salesforce's error codes"), f.CheckStatus()); err != nil {
			return err
		}
	case KindDeep, KindEcho:
	default:
		return f.UnknownKindError()
	}
	if f.Kind == KindTokenError || f.Kind == KindCallbackError || f.Kind == KindEcho {
		return f.CheckNoAccount()
	}
	return nil
}

// TokenError is a refusal of the token endpoint, with the words that Salesforce has for the code.
func TokenError(code string) sandbox.Fault { return sandbox.Fault{Kind: KindTokenError, Code: code} }

// InvalidGrant is the refusal whose description tells the cause: "authentication failure", "ip restricted or invalid
// login hours", "user hasn't approved this consumer" and so on.
func InvalidGrant(description string) sandbox.Fault {
	return TokenError("invalid_grant").WithMessage(description)
}

// ExpiredToken is a refresh token that is revoked or expired.
func ExpiredToken() sandbox.Fault { return InvalidGrant(expiredToken) }

// NotApproved is a user who has not let the app in.
func NotApproved() sandbox.Fault { return InvalidGrant(notApproved) }

// IPRestricted is a sign-in from an address, or at a time, that the user's profile does not allow.
func IPRestricted() sandbox.Fault { return InvalidGrant("ip restricted or invalid login hours") }

// LoginRate is a user who signs in too often.
func LoginRate() sandbox.Fault { return InvalidGrant("login rate exceeded") }

// APIError is an error of the REST API, with the status and the words that go with the code.
func APIError(code string) sandbox.Fault { return sandbox.Fault{Kind: KindAPIError, Code: code} }

// RequestLimit is Salesforce's throttling, with the wait it asks for; 0 for none, as is usual.
func RequestLimit(wait time.Duration) sandbox.Fault {
	return APIError("REQUEST_LIMIT_EXCEEDED").Wait(wait)
}

// Unavailable is Salesforce under maintenance: 503 with its JSON. [sandbox.Maintenance] is one with a page.
func Unavailable() sandbox.Fault { return APIError("SERVER_UNAVAILABLE") }

// NoAPIScope is a session that was not given the scope api.
func NoAPIScope() sandbox.Fault { return APIError("INVALID_SESSION_ID").WithMessage(noAPIScope) }

// IdentityError is a refusal of userinfo and identity URL: Bad_OAuth_Token, Missing_OAuth_Token, Wrong_Org and so on.
func IdentityError(word string) sandbox.Fault {
	return sandbox.Fault{Kind: KindIdentityError, Code: word}
}

// CallbackError is the authorize page that sends the browser back with an error.
func CallbackError(code string) sandbox.Fault {
	return sandbox.Fault{Kind: KindCallbackError, Code: code}
}

// Deep is an answer nested deeper than a careful client reads.
func Deep() sandbox.Fault { return sandbox.Fault{Kind: KindDeep} }

// Echo is a token endpoint that repeats the secrets it was given in its error text.
func Echo() sandbox.Fault { return sandbox.Fault{Kind: KindEcho} }

func deep() sandbox.Response {
	return sandbox.DeepJSON(jsonResponse(http.StatusOK, nil), "id")
}

// echo performs KindEcho.
func echo(call *sandbox.Call, form url.Values) (sandbox.Response, bool) {
	if _, ok := call.Fault(KindEcho); !ok {
		return sandbox.Response{}, false
	}
	said := sandbox.EchoFormSecrets("cannot process the request", form,
		"client_secret", "refresh_token", "assertion", "code", "code_verifier")
	answer := newTokenError("server_error", said).answer()
	answer.Status = http.StatusInternalServerError
	return answer, true
}
