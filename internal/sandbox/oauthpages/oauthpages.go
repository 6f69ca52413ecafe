// Package oauthpages contains the pages of an authorization server for a person in a browser: sign-in, account chooser and
// consent. It also has the parts of the authorization code flow that do not depend on the vendor: the sessions of browsers,
// and the codes with their proof key (RFC 6749, 4.1, and RFC 7636). A stand-in declares its texts, its accounts and its rules
// as a [Vendor], serves its authorize endpoint with [Pages.Serve], and redeems codes with [Pages.Redeem].
//
// The pages are plain HTML forms. They work without scripts and with a keyboard only. Each form is sent to the address of
// the authorize endpoint with the query of the client. The parameters prompt and login_hint have the meaning of OpenID
// Connect Core, 3.1.2.1.
package oauthpages

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// Scheme is the scheme of a recorded sign-in of a person.
const Scheme = "form"

// KindError ends a visit with an error instead of a code, after the person has signed in and approved. Fault.Code is an
// error of the vendor, Fault.Message replaces its text.
const KindError sandbox.Kind = "authorize_error"

// Error ends a visit with an error of the vendor.
func Error(code string) sandbox.Fault { return sandbox.Fault{Kind: KindError, Code: code} }

// Vendor is what differs between authorization servers. Its methods are called while the lock of the stand-in is held.
type Vendor interface {
	// Style returns the texts of the pages.
	Style() Style
	// Read reads the request of a client, or returns the response to an invalid one.
	Read(call *sandbox.Call) (*Request, *sandbox.Response)
	// Find returns the account with an id or a user name; nil if it does not exist.
	Find(name string) *Account
	// Verify checks a password. It returns the text for the page and the reason for the record if it rejects the sign-in.
	// The account is nil for an unknown user name.
	Verify(account *Account, password string) (text, reason string)
	// Consent returns what a signed-in account is asked to approve, or the response that ends the visit.
	Consent(request *Request, account Account) (Consent, *sandbox.Response)
	// Finish returns the parameters of the redirect to the client after a success.
	Finish(request *Request, account Account, decision Decision) url.Values
	// Fail ends a visit with an error of the vendor: as a redirect to the client, or as a page. An empty text means the
	// vendor's text for the code.
	Fail(request *Request, code, text string) sandbox.Response
}

// Style contains the texts of a vendor's pages, and how they behave.
type Style struct {
	// Brand is the name on each page, Title the title of the sign-in page.
	Brand, Title string
	// Cookie is the name of the session cookie.
	Cookie string
	// UserField and PasswordField are the names of the fields, UserLabel and PasswordLabel their labels.
	UserField, UserLabel, PasswordField, PasswordLabel string
	// Next and SignIn are the labels of the buttons.
	Next, SignIn string
	// Choose is the heading of the account chooser, Another the label of its button for a different account.
	Choose, Another string
	// TwoSteps requests the password on a page of its own, after the user name.
	TwoSteps bool
	// SingleSession ends the session of the previous account when another one signs in.
	SingleSession bool
	// HintFillsOnly uses login_hint to fill in the form only. Otherwise it also selects one of the accounts of the browser.
	HintFillsOnly bool
	// Cancel is the label of a button on the sign-in page that ends the visit; empty means none.
	Cancel string
	// Ends are the vendor's error codes of the ways that a visit can end.
	Ends map[End]string
}

// End is a way that a visit ends without a code.
type End int

const (
	// Canceled is the button on the sign-in page.
	Canceled End = iota
	// Denied is the consent page's button to deny.
	Denied
	// Returned is the button to return to the client from a page without a choice.
	Returned
	// LoginRequired is prompt=none without a session.
	LoginRequired
	// InteractionRequired is prompt=none with several sessions.
	InteractionRequired
	// ConsentRequired is prompt=none without an approval.
	ConsentRequired
)

// Account is an account that can sign in.
type Account struct{ ID, Username, Name string }

// Request is a valid request of a client.
type Request struct {
	// Query contains the parameters of the client.
	Query url.Values
	// Endpoint and Realm are for the vendor: which of its endpoints was called, and for which part of it.
	Endpoint, Realm string

	RedirectURI string
	Scopes      []string
	// Extra is added to each redirect to the client.
	Extra url.Values
}

// Prompts reports whether the client requests a prompt.
func (r *Request) Prompts(name string) bool {
	return slices.Contains(strings.Fields(r.Query.Get("prompt")), name)
}

// Consent is what an account is asked to approve.
type Consent struct {
	// Needed is set if the account has not approved this yet. The client can request the page with prompt=consent.
	Needed bool
	// Heading and Text are at the top of the page.
	Heading string
	Text    []string
	Items   []Item
	// Allow and Deny are the labels of the buttons.
	Allow, Deny string
	// Organization is the label of a check box to approve for all users; empty means none.
	Organization string
}

// Item is a scope, or another line of the page if it has no scope. An optional one has a check box.
type Item struct {
	Scope, Text string
	Optional    bool
}

// Decision is the result of a visit.
type Decision struct {
	// Scopes are the granted scopes of the items: all of them if the consent page was not shown.
	Scopes []string
	// Shown is set if the consent page was shown, Organization if the approval is for all users.
	Shown, Organization bool
	// SessionState is the public name of the browser's session.
	SessionState string
}

// Pages are the pages of one authorization server, with its sessions and codes. The methods require the lock of the
// stand-in.
type Pages struct {
	vendor   Vendor
	now      func() time.Time
	browsers map[string]*browser
	tickets  map[string]ticket
	codes    map[string]*Code
}

// New returns the pages of a vendor. A nil clock is the real one.
func New(vendor Vendor, now func() time.Time) *Pages {
	p := &Pages{vendor: vendor, now: sandbox.Clock(now)}
	p.Reset()
	return p
}

// Reset ends all sessions and deletes all codes.
func (p *Pages) Reset() {
	p.browsers, p.tickets, p.codes = map[string]*browser{}, map[string]ticket{}, map[string]*Code{}
}
