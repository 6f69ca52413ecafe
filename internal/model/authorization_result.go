package model

import (
	"errors"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// ErrNothingToConfirm means that no sign-in of a person waits to be confirmed.
var ErrNothingToConfirm = errors.New("no sign-in of a person waits to be confirmed")

// AuthorizationEnd is how a visit of a person ended. The pages of package api/pages have the same names.
type AuthorizationEnd string

// How a visit ends. See the comment of the engine's authorizations for what each leaves behind.
const (
	EndStart     AuthorizationEnd = "start" // a person can sign in
	EndSucceeded AuthorizationEnd = "succeeded"
	EndConfirm   AuthorizationEnd = "confirm"

	EndDiscarded       AuthorizationEnd = "discarded"
	EndSomebodyElse    AuthorizationEnd = "somebody_else"
	EndCanceled        AuthorizationEnd = "canceled"
	EndDenied          AuthorizationEnd = "denied"
	EndAdminConsent    AuthorizationEnd = "admin_consent"
	EndScopeWithheld   AuthorizationEnd = "scope_withheld"
	EndCodeRefused     AuthorizationEnd = "code_refused"
	EndSystemError     AuthorizationEnd = "system_error"
	EndSystemDown      AuthorizationEnd = "system_down"
	EndTestFailed      AuthorizationEnd = "test_failed"
	EndLinkUnknown     AuthorizationEnd = "link_unknown"
	EndLinkExpired     AuthorizationEnd = "link_expired"
	EndLinkEnded       AuthorizationEnd = "link_ended"
	EndTooManyAttempts AuthorizationEnd = "too_many_attempts"
	EndStateUnknown    AuthorizationEnd = "state_unknown"
	EndStateExpired    AuthorizationEnd = "state_expired"
	EndReplayed        AuthorizationEnd = "replayed"
	EndOtherBrowser    AuthorizationEnd = "other_browser"
	EndChanged         AuthorizationEnd = "changed"
)

// AuthorizationStart is a request of a browser to start a sign-in.
type AuthorizationStart struct {
	// Link is the secret of the link.
	Link string
	// Browser is a secret that only the browser knows, which it sends again at the end.
	Browser string
	// RedirectURI is where the target system sends the browser.
	RedirectURI string
}

// AuthorizationStarted is a sign-in that was started.
type AuthorizationStarted struct {
	// URL is the address of the target system, with State and the challenge in it.
	URL string
	// State is the OAuth state.
	State string
}

// AuthorizationCallback is what the target system sent with the browser.
type AuthorizationCallback struct {
	State, Browser string
	// Code is the code; empty with an Error.
	Code string
	// Error and ErrorDescription are the texts of the system.
	Error, ErrorDescription string
}

// AuthorizationAnswer is what a person answers to the question whether the right account has signed in.
type AuthorizationAnswer struct {
	// State and Browser are those of the sign-in, and Proof that of its result.
	State, Browser string
	Proof          []byte
	// Yes means that the account is the right one.
	Yes bool
}

// AuthorizationResult is what a person sees.
type AuthorizationResult struct {
	End AuthorizationEnd
	// Authorization and Connection are zero where the visitor has shown neither a link nor a sign-in of them.
	Authorization Authorization
	Connection    Connection
	SystemTitle   string
	Expected      target.Expected
	// Link is the secret of the link, to start again; empty if that is not possible or not for this visitor.
	Link string
	// Fault is why the attempt failed; nil if it did not, or for a reason other than a fault.
	Fault *Fault
	// Identity is who signed in; nil before a sign-in.
	Identity *target.Identity
	Withheld []string
	// AdminConsentURL is where an administrator approves the app; empty if that is not needed or not possible.
	AdminConsentURL string
	// Proof shows that an answer is about the sign-in that waits to be confirmed; nil for other ends, and for other browsers.
	Proof []byte
	// Test is the test after the sign-in; nil before it.
	Test                *TestResult
	MetadataRefreshedAt *time.Time
}
