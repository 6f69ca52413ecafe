package console

import (
	"slices"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api/pages"
)

// view is what the templates see.
type view struct {
	pages.Page
	// Stylesheet and Icon are addresses.
	Stylesheet, Icon string
	now              time.Time
}

// outcome is how a page looks: the tone chooses color and icon, and the status says the same in words.
type outcome struct{ tone, status string }

// The tones are classes of the style sheet, and names of icons.
const (
	toneInfo    = "info"
	toneSuccess = "success"
	toneWarning = "warning"
	toneError   = "error"
)

var outcomes = map[pages.Kind]outcome{
	pages.KindStart:          {toneInfo, "Sign-in requested"},
	pages.KindSucceeded:      {toneSuccess, "Connected"},
	pages.KindConfirm:        {toneInfo, "Waiting for your answer"},
	pages.KindAdminConsented: {toneSuccess, "Approved"},

	pages.KindDiscarded:     {toneWarning, "Discarded"},
	pages.KindSomebodyElse:  {toneError, "Refused, nothing was stored"},
	pages.KindScopeWithheld: {toneError, "Refused, nothing was stored"},
	pages.KindDenied:        {toneError, "Refused, nothing was stored"},
	pages.KindCodeRefused:   {toneError, "Failed, nothing was stored"},
	pages.KindSystemError:   {toneError, "Failed, nothing was stored"},
	pages.KindSystemDown:    {toneError, "Failed, nothing was stored"},
	pages.KindTestFailed:    {toneError, "Failed, nothing was stored"},
	pages.KindFailed:        {toneError, "Error"},

	pages.KindCanceled:        {toneWarning, "Canceled, nothing was stored"},
	pages.KindAdminConsent:    {toneWarning, "Approval needed"},
	pages.KindChanged:         {toneWarning, "Not stored"},
	pages.KindStateUnknown:    {toneWarning, "Refused, nothing was stored"},
	pages.KindOtherBrowser:    {toneWarning, "Refused, nothing was stored"},
	pages.KindStateExpired:    {toneWarning, "Expired, nothing was stored"},
	pages.KindReplayed:        {toneWarning, "Already used"},
	pages.KindLinkUnknown:     {toneWarning, "Link not valid"},
	pages.KindLinkExpired:     {toneWarning, "Link expired"},
	pages.KindLinkEnded:       {toneWarning, "Link has ended"},
	pages.KindTooManyAttempts: {toneWarning, "Link no longer valid"},
	pages.KindWrongHost:       {toneWarning, "Wrong host"},
	pages.KindNotFound:        {toneWarning, "Not found"},
}

// helped are the pages whose reason is the target system's, so that the steps of a fault are better than those of the page.
var helped = []pages.Kind{
	pages.KindDenied, pages.KindCodeRefused, pages.KindSystemError, pages.KindSystemDown, pages.KindTestFailed,
}

// Tone is how the page looks.
func (v view) Tone() string { return outcomes[v.Kind].tone }

// Status is the same in words.
func (v view) Status() string { return outcomes[v.Kind].status }

// Role is the role of the text that says what happened (WAI-ARIA): an alert interrupts a screen reader, a status does not.
func (v view) Role() string {
	if v.Tone() == toneError {
		return "alert"
	}
	return "status"
}

// System is the name of the target system.
func (v view) System() string {
	if v.Connection == nil {
		return "the target system"
	}
	return v.Connection.SystemTitle
}

// Reason returns the fault, unless the page has what it says: the two accounts, the scopes, or the failed check.
func (v view) Reason() *api.Fault {
	said := []pages.Kind{pages.KindDiscarded, pages.KindSomebodyElse, pages.KindScopeWithheld}
	if slices.Contains(said, v.Kind) || v.Kind == pages.KindTestFailed && v.Test != nil {
		return nil
	}
	return v.Fault
}

// Help returns the steps of the fault, instead of those of the page.
func (v view) Help() []string {
	if v.Fault == nil || !slices.Contains(helped, v.Kind) {
		return nil
	}
	return v.Fault.Help
}

// ShowsPeople reports whether the details have who is expected and who signed in: not if the page says so above.
func (v view) ShowsPeople() bool {
	return !slices.Contains([]pages.Kind{pages.KindStart, pages.KindSucceeded, pages.KindConfirm, pages.KindSomebodyElse}, v.Kind)
}

// Remaining is how long the link is valid, such as "2 hours"; empty if it is not.
func (v view) Remaining() string {
	if v.ExpiresAt == nil || !v.ExpiresAt.After(v.now) {
		return ""
	}
	return duration(v.ExpiresAt.Sub(v.now))
}

// SignInTimeout is how long a person has to sign in.
func (view) SignInTimeout() string { return duration(api.SignInTimeout) }

// ConfirmField is the name of the buttons of the form that confirms a sign-in.
func (view) ConfirmField() string { return pages.ConfirmField }

// ConfirmYes is the value of the button that stores a sign-in.
func (view) ConfirmYes() string { return pages.ConfirmYes }

// ConfirmNo is the value of the button that discards a sign-in.
func (view) ConfirmNo() string { return pages.ConfirmNo }

// ProofField is the name of the hidden field of that form.
func (view) ProofField() string { return pages.ProofField }
