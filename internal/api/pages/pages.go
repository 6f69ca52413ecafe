// Package pages has the pages that a person sees while signing in to a target system for a connection, as view models, and the
// interface that renders them. The server decides which page it is and what is on it; the templates are elsewhere.
//
// Everything in a [Page] is safe to show: texts of a target system are scrubbed. It is text, never markup, so that a renderer
// escapes it. A page has no secrets but its addresses, which belong to the person who sees the page.
package pages

import (
	"io"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

// The paths of the pages. The path of the first page is followed by the secret of its link.
const (
	// LinkPath is the path of the first page, before the secret of the link. Its GET shows the page and changes nothing, so that
	// the preview of a link in a message does no harm; its POST is the button.
	LinkPath = "/authorize/"
	// CallbackPath is the path of the redirect address, where the target system sends the browser.
	CallbackPath = "/oauth/callback"
	// ConfirmPath is the path of the form that answers whether the right account has signed in.
	ConfirmPath = "/oauth/confirm"
	// StylesheetPath and IconPath are the paths of the style sheet and of the icon. Pages may refer to nothing else, and add a query
	// that changes with the content.
	StylesheetPath = "/assets/style.css"
	IconPath       = "/assets/icon.svg"
)

// ConfirmField is the field of the button that the form of a ConfirmAction sends, with one of the two values. ProofField is the
// hidden field with the ConfirmProof.
const (
	ConfirmField = "confirm"
	ConfirmYes   = "yes"
	ConfirmNo    = "no"
	ProofField   = "proof"
)

// Renderer makes HTML of pages.
type Renderer interface {
	// Render writes a page as a whole document. The server sends the headers of [SetHeaders].
	Render(w io.Writer, p Page) error
	// Stylesheet is the style sheet, in CSS. The server sends the headers of [SetStylesheetHeaders].
	Stylesheet() []byte
	// Icon is the icon of the pages, an SVG. The server sends the headers of [SetIconHeaders].
	Icon() []byte
}

// Kind is which page it is.
type Kind string

// The pages.
const (
	// KindStart is the first page: who is expected to sign in to what, the warning to log out of other sessions first, and the
	// button.
	KindStart Kind = "start"
	// KindSucceeded: the sign-in was tested and stored.
	KindSucceeded Kind = "succeeded"
	// KindConfirm: the sign-in was tested. It is stored once it is confirmed: with ConfirmAction on the page, else where the sign-in
	// was started.
	KindConfirm Kind = "confirm"

	// KindDiscarded: the person said that the account that signed in is not the right one. Nothing was stored.
	KindDiscarded Kind = "discarded"
	// KindSomebodyElse: another account, or an account of another organization, signed in. Nothing was stored.
	KindSomebodyElse Kind = "somebody_else"
	// KindCanceled: the person canceled, or did not consent.
	KindCanceled Kind = "canceled"
	// KindDenied: the person may not use the app.
	KindDenied Kind = "denied"
	// KindAdminConsent: an administrator must approve the app first, at AdminConsentURL if that is set.
	KindAdminConsent Kind = "admin_consent"
	// KindAdminConsented: an administrator has approved the app, and can close the page.
	KindAdminConsented Kind = "admin_consented"
	// KindScopeWithheld: Withheld scopes were not granted. Nothing was stored.
	KindScopeWithheld Kind = "scope_withheld"
	// KindCodeRefused: the system did not exchange the code, because the code, or a secret of the app, is not valid.
	KindCodeRefused Kind = "code_refused"
	// KindSystemError: the system sent an error instead of a code.
	KindSystemError Kind = "system_error"
	// KindSystemDown: the system could not be reached, or does not serve, after the person had signed in.
	KindSystemDown Kind = "system_down"
	// KindTestFailed: the person signed in, and the test of the connection failed. Nothing was stored.
	KindTestFailed Kind = "test_failed"

	// KindLinkUnknown: no sign-in has the link.
	KindLinkUnknown Kind = "link_unknown"
	// KindLinkExpired: the link is too old.
	KindLinkExpired Kind = "link_expired"
	// KindLinkEnded: the sign-in has succeeded, was canceled, or was replaced by a newer one.
	KindLinkEnded Kind = "link_ended"
	// KindTooManyAttempts: too many attempts with the link have failed.
	KindTooManyAttempts Kind = "too_many_attempts"
	// KindStateUnknown: the callback does not belong to a sign-in that was started here.
	KindStateUnknown Kind = "state_unknown"
	// KindStateExpired: the person took longer than 15 minutes.
	KindStateExpired Kind = "state_expired"
	// KindReplayed: the callback was used before, or the sign-in was started again since.
	KindReplayed Kind = "replayed"
	// KindOtherBrowser: the sign-in was started in another browser.
	KindOtherBrowser Kind = "other_browser"
	// KindChanged: the connection was changed since the sign-in was started.
	KindChanged Kind = "changed"
	// KindWrongHost: the request names another host than the one of the link.
	KindWrongHost Kind = "wrong_host"
	// KindNotFound: the address is not one of a page.
	KindNotFound Kind = "not_found"
	// KindFailed: this program failed.
	KindFailed Kind = "failed"
)

// Kinds lists every page.
func Kinds() []Kind {
	return []Kind{
		KindStart, KindSucceeded, KindConfirm, KindDiscarded, KindSomebodyElse, KindCanceled, KindDenied, KindAdminConsent,
		KindAdminConsented, KindScopeWithheld, KindCodeRefused, KindSystemError, KindSystemDown, KindTestFailed, KindLinkUnknown,
		KindLinkExpired, KindLinkEnded, KindTooManyAttempts, KindStateUnknown, KindStateExpired, KindReplayed, KindOtherBrowser,
		KindChanged, KindWrongHost, KindNotFound, KindFailed,
	}
}

// Page is one page. Members that a page does not need are empty.
type Page struct {
	Kind Kind
	// Connection is the connection; nil where the visitor has not shown a link or a sign-in of it.
	Connection *Connection
	// Action is the address of the form whose button, a POST without fields, starts a sign-in, or starts again; empty if the page
	// offers no button.
	Action string
	// ConfirmAction is the address of a form whose buttons, a POST with [ConfirmField] and [ProofField], store a sign-in or discard
	// it; empty if the sign-in is confirmed elsewhere. ConfirmProof is the value of ProofField.
	ConfirmAction, ConfirmProof string
	// ExpiresAt is until when the link is valid; nil if the page has no link.
	ExpiresAt *time.Time

	// SignedIn is who signed in; nil if it is not known.
	SignedIn *api.Identity
	// Fault is why the sign-in failed, with help; nil if it did not, or for a reason other than a fault.
	Fault *api.Fault
	// Wanted are the scopes that were asked for, Granted those that were granted, and Withheld those that were not.
	Wanted, Granted, Withheld []string
	// AdminConsentURL is the address where an administrator approves the app; empty if the system has no such address.
	AdminConsentURL string
	// Test is the test of the connection after the sign-in; nil if it was not reached.
	Test *api.TestResult
	// MetadataRefreshedAt is when the metadata was read after the sign-in; nil if it was not.
	MetadataRefreshedAt *time.Time
	// RequestID identifies the request in the log of the control plane.
	RequestID string
}

// Connection is the connection that a person signs in for.
type Connection struct {
	Name string
	// System is the identifier of the target system, and SystemTitle its display name.
	System, SystemTitle string
	// Username is the account that is expected, and Organization its organization; empty: any.
	Username, Organization string
	// RequestedBy is who asked for the sign-in, and RequestedAt when.
	RequestedBy string
	RequestedAt time.Time
}
