package office365

import (
	"cmp"
	"net/http"
	"regexp"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/entra"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
)

// The kinds of fault that Graph adds to those of Entra and EWS.
const (
	// KindGraphError returns an error with Fault.Code for a call of Graph, with or without a valid token. Fault.Status
	// replaces the status of the code; a wait is returned in Retry-After.
	KindGraphError sandbox.Kind = "graph_error"
	// KindInnerError returns an error with a general code, and Fault.Code in its inner error.
	KindInnerError sandbox.Kind = "graph_inner_error"
	// KindClaimsChallenge requires a new sign-in, as Conditional Access does.
	KindClaimsChallenge sandbox.Kind = "claims_challenge"
	// KindEWSDiagnostics rejects the token of a call of EWS. Fault.Code is the category, such as invalid_lifetime.
	KindEWSDiagnostics sandbox.Kind = "ews_diagnostics"
)

// graphErrors are the errors of Graph: the status of each code, and Microsoft's message.
var graphErrors = map[string]struct {
	status int
	text   string
}{
	"ApplicationThrottled":        {http.StatusTooManyRequests, "Application is over its MailboxConcurrency limit."},
	"Authorization_RequestDenied": {http.StatusForbidden, "Insufficient privileges to complete the operation."},
	"BadRequest":                  {http.StatusBadRequest, "The request is malformed or incorrect."},
	"ErrorAccessDenied":           {http.StatusForbidden, "Access is denied. Check credentials and try again."},
	"ErrorInvalidUser":            {http.StatusNotFound, "The requested user is invalid."},
	"ErrorItemNotFound":           {http.StatusNotFound, "The specified object was not found in the store."},
	"ErrorNonExistentMailbox":     {http.StatusNotFound, "The SMTP address has no mailbox associated with it."},
	"InvalidAuthenticationToken":  {http.StatusUnauthorized, "Access token validation failure."},
	"MailboxNotEnabledForRESTAPI": {
		http.StatusNotFound, "The mailbox is either inactive, soft-deleted, or is hosted on-premise.",
	},
	"Request_MethodNotAllowed": {http.StatusMethodNotAllowed, "Specified HTTP method is not allowed for the request target."},
	"Request_ResourceNotFound": {http.StatusNotFound, "Resource does not exist."},
	"ServiceUnavailable":       {http.StatusServiceUnavailable, "The service is temporarily unavailable."},
	"TooManyRequests":          {http.StatusTooManyRequests, "Too many requests."},
	"UnknownError":             {http.StatusInternalServerError, "An unexpected error occurred."},
	"accessDenied":             {http.StatusForbidden, "The caller doesn't have permission to perform the action."},
	"activityLimitReached":     {http.StatusTooManyRequests, "The app or user has been throttled."},
	"extensionError": {
		http.StatusForbidden, "The mailbox is located on premises, or an application policy prevents access.",
	},
	"generalException": {http.StatusInternalServerError, "An unspecified error has occurred."},
	"serviceNotAvailable": {
		http.StatusServiceUnavailable, "The service is not available. Try the request again after a delay.",
	},
	"throttledRequest":               {http.StatusTooManyRequests, "Too many requests."},
	"unauthenticated":                {http.StatusUnauthorized, "The caller is not authenticated."},
	"Authorization_IdentityNotFound": {http.StatusForbidden, "The identity of the calling application could not be established."},
}

// codeForm matches Graph's codes and Exchange's categories.
var codeForm = regexp.MustCompile(`^[A-Za-z][A-Za-z_]*$`)

var kinds = sandbox.Kinds{
	KindGraphError: needsCode, KindInnerError: needsCode, KindEWSDiagnostics: needsCode, KindClaimsChallenge: nil,
}.With(entra.Kinds).With(ews.Kinds)

var needsCode = sandbox.NeedsCode(codeForm, "a code such as ErrorAccessDenied or invalid_lifetime")

// GraphError is an error of Graph, with the status and the message of the code.
func GraphError(code string) sandbox.Fault { return sandbox.Fault{Kind: KindGraphError, Code: code} }

// InnerError is an error of Graph whose code is in its inner error.
func InnerError(code string) sandbox.Fault { return sandbox.Fault{Kind: KindInnerError, Code: code} }

// Throttled is Graph's throttling of an app in a mailbox, with the wait.
func Throttled(wait time.Duration) sandbox.Fault {
	return GraphError("ApplicationThrottled").Wait(wait)
}

// AccessPolicy is an application access policy that denies the app access to the mailbox.
func AccessPolicy() sandbox.Fault { return GraphError("ErrorAccessDenied").WithMessage(accessPolicy) }

const accessPolicy = "Access to OData is disabled: [RAOP] : Blocked by tenant configured AppOnly AccessPolicy settings."

// ClaimsChallenge is a call for which Conditional Access requires a new sign-in. Its status is 401, or the status
// of the fault (403).
func ClaimsChallenge() sandbox.Fault { return sandbox.Fault{Kind: KindClaimsChallenge} }

// EWSDiagnostics is a call of EWS whose token is rejected with a category, such as invalid_lifetime.
func EWSDiagnostics(category string) sandbox.Fault {
	return sandbox.Fault{Kind: KindEWSDiagnostics, Code: category}.WithMessage("The token is rejected.")
}

// scriptedError returns the error of a fault.
func scriptedError(f sandbox.Fault) *graphError {
	var e *graphError
	switch f.Kind {
	case KindInnerError:
		e = newGraphError("UnknownError", "")
		e.inner, e.status = f.Code, cmp.Or(graphErrors[f.Code].status, e.status)
	case KindClaimsChallenge:
		e = newGraphError("InvalidAuthenticationToken",
			"Continuous access evaluation resulted in challenge with result: InteractionRequired.")
		e.challenge = `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", ` +
			`error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnt9fQ=="`
	default:
		e = newGraphError(f.Code, "")
	}
	e.status, e.text = cmp.Or(f.Status, e.status), cmp.Or(f.Message, e.text)
	e.retryAfter = int((f.WaitMilliseconds + 999) / 1000)
	return e
}
