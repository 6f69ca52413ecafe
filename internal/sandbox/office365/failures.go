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

// The kinds of fault that Graph adds to those of Entra and of EWS.
const (
	// KindGraphError answers a call of Graph, signed in or about to be, with an error of Fault.Code. Fault.Status replaces
	// the status that goes with the code; a wait is told in Retry-After.
	KindGraphError sandbox.Kind = "graph_error"
	// KindInnerError is one whose code says nothing, with Fault.Code in the error below it.
	KindInnerError sandbox.Kind = "graph_inner_error"
	// KindClaimsChallenge demands a new sign-in, as Conditional Access does.
	KindClaimsChallenge sandbox.Kind = "claims_challenge"
	// KindDeep answers a call of Graph with JSON nested 100,000 levels deep, and one of EWS with such XML.
	KindDeep = ews.KindDeep
	// KindEWSDiagnostics refuses the token of a call of EWS. Fault.Code is the category, such as invalid_lifetime.
	KindEWSDiagnostics sandbox.Kind = "ews_diagnostics"
)

// graphErrors are errors of Graph: the status that goes with each, and what Microsoft says.
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

// codeForm is what Graph's codes look like, and Exchange's categories.
var codeForm = regexp.MustCompile(`^[A-Za-z][A-Za-z_]*$`)

// check says what is wrong with a fault of any kind that is added.
func check(f sandbox.Fault) error {
	if known, err := entra.Check(f); known {
		return err
	}
	switch f.Kind {
	case KindGraphError, KindInnerError, KindEWSDiagnostics:
		return cmp.Or(f.CheckCode(codeForm, "a code such as ErrorAccessDenied or invalid_lifetime"), f.CheckStatus())
	case KindClaimsChallenge:
	default:
		return ews.Check(f)
	}
	return nil
}

// GraphError is an error of Graph, with the status and the words that go with the code.
func GraphError(code string) sandbox.Fault { return sandbox.Fault{Kind: KindGraphError, Code: code} }

// InnerError is an error of Graph whose code is in the error below it.
func InnerError(code string) sandbox.Fault { return sandbox.Fault{Kind: KindInnerError, Code: code} }

// Throttled is Graph's throttling of an app in a mailbox, with the wait that it asks for.
func Throttled(wait time.Duration) sandbox.Fault {
	return GraphError("ApplicationThrottled").Wait(wait)
}

// AccessPolicy is a mailbox that an application access policy keeps the app from.
func AccessPolicy() sandbox.Fault { return GraphError("ErrorAccessDenied").WithMessage(accessPolicy) }

const accessPolicy = "Access to OData is disabled: [RAOP] : Blocked by tenant configured AppOnly AccessPolicy settings."

// ClaimsChallenge is a call that Conditional Access wants a new sign-in for; with the status 403 instead of 401 if chosen.
func ClaimsChallenge() sandbox.Fault { return sandbox.Fault{Kind: KindClaimsChallenge} }

// EWSDiagnostics is a call of EWS whose token is refused with a category, such as invalid_lifetime.
func EWSDiagnostics(category string) sandbox.Fault {
	return sandbox.Fault{Kind: KindEWSDiagnostics, Code: category}.WithMessage("The token is refused.")
}

// scripted is the error that a fault orders.
func scripted(f sandbox.Fault) *graphError {
	var e *graphError
	switch f.Kind {
	case KindInnerError:
		e = newGraphError("UnknownError", "")
		e.inner, e.status = f.Code, cmp.Or(graphErrors[f.Code].status, e.status)
	case KindClaimsChallenge:
		e = newGraphError("InvalidAuthenticationToken", "Continuous access evaluation resulted in challenge with result: InteractionRequired.")
		e.challenge = `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", ` +
			`error="insufficient_claims", claims="eyJhY2Nlc3NfdG9rZW4iOnt9fQ=="`
	default:
		e = newGraphError(f.Code, "")
	}
	e.status, e.text = cmp.Or(f.Status, e.status), cmp.Or(f.Message, e.text)
	e.retryAfter = int((f.WaitMilliseconds + 999) / 1000)
	return e
}

// deep performs KindDeep for Graph.
func deep() sandbox.Response {
	return sandbox.DeepJSON(jsonResponse(http.StatusOK, nil), "id")
}
