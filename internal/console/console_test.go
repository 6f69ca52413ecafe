package console_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api/pages"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/console"
)

func newPages() *console.Pages { return console.New(func() time.Time { return now }) }

// render returns the HTML of a page, parsed.
func render(t *testing.T, p pages.Page) *html.Node {
	t.Helper()
	var out bytes.Buffer
	if err := newPages().Render(&out, p); err != nil {
		t.Fatal(err)
	}
	document, err := html.Parse(&out)
	if err != nil {
		t.Fatal(err)
	}
	return document
}

// text returns the text below a node, with single spaces, also between blocks.
func text(n *html.Node) string {
	var all strings.Builder
	for d := range n.Descendants() {
		switch {
		case d.Type == html.TextNode:
			all.WriteString(d.Data)
		case !slices.Contains([]string{"strong", "code", "time", "span"}, d.Data):
			all.WriteString(" ")
		}
	}
	return strings.Join(strings.Fields(all.String()), " ")
}

// elements returns the elements with a name.
func elements(document *html.Node, name string) []*html.Node {
	var found []*html.Node
	for n := range document.Descendants() {
		if n.Type == html.ElementNode && n.Data == name {
			found = append(found, n)
		}
	}
	return found
}

// attribute returns the value of an attribute, and an empty text if the element does not have it.
func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// unchanged is what most pages say about the connection.
const unchanged = "Nothing was stored. The connection is unchanged: if it worked before, it still works."

// The heading of each page, and what else a person must be able to read on it.
var words = map[pages.Kind][]string{
	pages.KindStart: {
		"Sign in to Salesforce", "The connection Sales CRM needs a sign-in by riva.sync@example.com.",
		"Log out of other sessions first", "Any other account is refused, and nothing is stored.", "Continue to Salesforce",
		"This link is valid until 1 December 2026, 19:45 UTC, for another 22 hours.", "Requested by client terraform-prod",
	},
	pages.KindSucceeded: {
		"Connection has been configured successfully!", "Who signed in riva.sync@example.com Organization Example Company",
		"All 3 checks passed.", "Sign in: passed 412 ms", "The metadata of Salesforce was refreshed on 30 November 2026, 21:14 UTC.",
		"Access that was granted api refresh_token id", "Log out of Salesforce",
	},
	pages.KindConfirm: {
		"Is this the right account?", "riva.sync@example.com", "Nothing is stored yet.", "discarded at 30 November 2026, 21:29 UTC",
		"Yes, use this account", "No, discard the sign-in",
	},
	pages.KindDiscarded: {
		"The sign-in was discarded", "Signed in riva.sync@example.com", unchanged,
		"remove the app in its settings at Salesforce", "Start again",
	},
	pages.KindSomebodyElse: {
		"A different account signed in", "Expected riva.sync@example.com Organization 00D5g00000EXAMPLE",
		"Signed in jane.doe@example.com", unchanged, "Log out of Salesforce in this browser", "Start again",
	},
	pages.KindCanceled: {"The sign-in was canceled", unchanged, "Start again"},
	pages.KindDenied: {
		"This account may not use the app", "access_denied: user hasn't approved this consumer", unchanged,
		"Under Policies, allow the permission set of the account: Set-Example -User <user>.",
	},
	pages.KindAdminConsent: {
		"An administrator must approve the app first", "Send this link to an administrator",
		"https://login.microsoftonline.com/8f2b6c1e", unchanged, "Start again",
	},
	pages.KindAdminConsented: {"The app is approved", "A person still has to sign in."},
	pages.KindScopeWithheld:  {"Some access was not granted", "Access that is missing refresh_token", unchanged, "Start again"},
	pages.KindCodeRefused:    {"Salesforce rejected the last step", "invalid_client: invalid client credentials", unchanged},
	pages.KindSystemError:    {"Salesforce reported an error", "Message from Salesforce: OAUTH_APP_BLOCKED", unchanged},
	pages.KindSystemDown: {
		"Salesforce is not available", "503 Service Unavailable", "Salesforce asks to wait 2 minutes.", unchanged, "Start again",
	},
	pages.KindTestFailed: {
		"The connection test failed", "API access: failed 188 ms API_DISABLED_FOR_ORG", unchanged, "Under Policies", "Start again",
	},
	pages.KindLinkUnknown:     {"This link is not valid", "No connection was changed.", "Ask for a new link."},
	pages.KindLinkExpired:     {"This link has expired", unchanged, "Ask for a new link. client terraform-prod requested this one."},
	pages.KindLinkEnded:       {"This link has ended", "a newer link has replaced", "Opening this link changed nothing."},
	pages.KindTooManyAttempts: {"Too many attempts", unchanged, "Ask for a new link"},
	pages.KindStateUnknown:    {"This sign-in was not started here", "Nothing was stored.", "open your link again"},
	pages.KindStateExpired:    {"The sign-in took too long", "within 15 minutes", unchanged, "Start again"},
	pages.KindReplayed:        {"This sign-in was already used", "If the sign-in succeeded before, the connection uses it."},
	pages.KindOtherBrowser:    {"The sign-in was started in another browser", unchanged, "go back there"},
	pages.KindChanged:         {"The connection was changed in the meantime", "The sign-in was not stored.", "Start again"},
	pages.KindWrongHost:       {"This address has the wrong host", "No connection was changed.", "exactly as it was printed"},
	pages.KindNotFound:        {"Page not found", "No connection was changed."},
	pages.KindFailed:          {"Something went wrong", "Request ID: 01JDZ8M3T4V6W8X0Y2Z4A6B8C0"},
}

func TestPagesSayWhatHappened(t *testing.T) {
	t.Parallel()
	for _, kind := range pages.Kinds() {
		document := render(t, sampleOf(kind))
		want := words[kind]
		if len(want) == 0 {
			t.Fatalf("%s: what must be on the page?", kind)
		}
		if got := text(elements(document, "h1")[0]); got != want[0] {
			t.Errorf("%s: the heading is %q", kind, got)
		}
		title := want[0]
		if sampleOf(kind).Connection != nil {
			title += " – Sales CRM"
		}
		if got := text(elements(document, "title")[0]); got != title {
			t.Errorf("%s: the title is %q", kind, got)
		}
		body := text(elements(document, "body")[0])
		for _, part := range want {
			if !strings.Contains(body, part) {
				t.Errorf("%s: %q is not on the page:\n%s", kind, part, body)
			}
		}
		if status := text(elements(document, "p")[0]); status == "" {
			t.Errorf("%s: without colors, the page has no status", kind)
		}
		if kind != pages.KindConfirm && len(elements(document, "ol")) != 1 {
			t.Errorf("%s: the page has no numbered steps", kind)
		}
	}
}

// Variants of pages: what is not known is not on them.
func TestPagesWithLess(t *testing.T) {
	t.Parallel()
	anybody := sampleOf(pages.KindStart)
	anybody.Connection.Username, anybody.Connection.Organization = "", ""
	terminal := sampleOf(pages.KindConfirm)
	terminal.ConfirmAction = ""
	asked := sampleOf(pages.KindAdminConsent)
	asked.AdminConsentURL = ""
	denied := sampleOf(pages.KindDenied)
	denied.Fault = nil
	late := sampleOf(pages.KindStart)
	late.ExpiresAt = new(now)
	for name, c := range map[string]struct {
		page     pages.Page
		has, not string
	}{
		"any account":              {anybody, "You confirm the account before anything is stored.", "Any other account"},
		"confirmed elsewhere":      {terminal, "Go back to where you started the sign-in", "Yes, use this account"},
		"no link for approval":     {asked, "Ask an administrator to approve the app", "Send this link"},
		"steps without a fault":    {denied, "Ask an administrator of Salesforce to allow the app", "Reason"},
		"a link that just expired": {late, "valid until 30 November 2026, 21:15 UTC.", "for another"},
	} {
		body := text(elements(render(t, c.page), "body")[0])
		if !strings.Contains(body, c.has) || strings.Contains(body, c.not) {
			t.Errorf("%s: want %q and not %q in\n%s", name, c.has, c.not, body)
		}
	}
}

func TestUnknownKindFails(t *testing.T) {
	t.Parallel()
	if err := newPages().Render(&bytes.Buffer{}, pages.Page{Kind: "riddle"}); err == nil {
		t.Error("a page of an unknown kind was rendered")
	}
}

// The form of a page is a POST to its own address, and the form of a confirmation sends the answer.
func TestForms(t *testing.T) {
	t.Parallel()
	for _, s := range samples() {
		var want, got []string
		for _, action := range []string{s.page.ConfirmAction, s.page.Action} {
			if action != "" {
				want = append(want, "post "+action)
			}
		}
		document := render(t, s.page)
		for _, form := range elements(document, "form") {
			got = append(got, attribute(form, "method")+" "+attribute(form, "action"))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: the forms are %v, want %v", s.name, got, want)
		}
	}
	var answers []string
	for _, button := range elements(render(t, sampleOf(pages.KindConfirm)), "button") {
		answers = append(answers, attribute(button, "name")+"="+attribute(button, "value"))
	}
	if !slices.Equal(answers, []string{"confirm=yes", "confirm=no"}) {
		t.Errorf("the answers are %v", answers)
	}
	if hidden := elements(render(t, sampleOf(pages.KindConfirm)), "input"); len(hidden) != 1 ||
		attribute(hidden[0], "name") != pages.ProofField || attribute(hidden[0], "value") != "state.proof" {
		t.Error("the form of a confirmation does not send the proof")
	}
}

// Texts of others do not become markup, and an address that is not one of the web does not become a link.
func TestHostileTexts(t *testing.T) {
	t.Parallel()
	const hostile = `"><script>alert(1)</script><img src=x onerror='alert(2)'>{{.}}`
	for _, kind := range pages.Kinds() {
		p := sampleOf(kind)
		p.RequestID, p.AdminConsentURL = hostile, "javascript:alert(3)"
		p.Connection = &pages.Connection{
			Name: hostile, System: hostile, SystemTitle: hostile, Username: hostile, Organization: hostile, RequestedBy: hostile,
		}
		p.SignedIn = &api.Identity{Username: hostile, OrganizationName: hostile, OrganizationID: hostile, Host: hostile}
		p.Fault = &api.Fault{Title: hostile, Message: hostile, Help: []string{hostile, "`" + hostile + "`", "`" + hostile}}
		p.Wanted, p.Granted, p.Withheld = []string{hostile}, []string{hostile}, []string{hostile}
		p.Test = &api.TestResult{Summary: hostile, Warnings: []string{hostile}, Checks: []api.Check{{Name: hostile, Message: hostile}}}
		document := render(t, p)
		if len(elements(document, "script"))+len(elements(document, "img")) > 0 {
			t.Errorf("%s: a text became markup", kind)
		}
		for _, link := range elements(document, "a") {
			if strings.Contains(attribute(link, "href"), "javascript") {
				t.Errorf("%s: a link runs a script", kind)
			}
		}
		if body := text(elements(document, "body")[0]); !strings.Contains(body, "Request ID: "+hostile) {
			t.Errorf("%s: a text is not shown as it is:\n%s", kind, body)
		}
	}
}
