package oauthpages_test

import (
	"errors"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/oauthpages"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/person"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

const (
	client   = "the client"
	callback = "http://localhost:40123/callback"
	lifetime = time.Minute
)

// vendor has the accounts ada and grace, whose passwords are their names, and always asks for consent.
type vendor struct{ pages *oauthpages.Pages }

func (*vendor) Style() oauthpages.Style {
	return oauthpages.Style{
		Brand: "Example", Title: "Sign in", Cookie: "session", UserField: "user", UserLabel: "User name", PasswordField: "pass",
		PasswordLabel: "Password", SignIn: "Sign in", Choose: "Choose", Another: "Another",
		Ends: map[oauthpages.End]string{oauthpages.Denied: "access_denied"},
	}
}

func (*vendor) Read(call *sandbox.Call) (*oauthpages.Request, *sandbox.Response) {
	query := call.Request.URL.Query()
	return &oauthpages.Request{Query: query, RedirectURI: query.Get("redirect_uri")}, nil
}

func (*vendor) Find(name string) *oauthpages.Account {
	if name != "ada" && name != "grace" {
		return nil
	}
	return &oauthpages.Account{ID: name, Username: name, Name: strings.ToUpper(name)}
}

func (*vendor) Verify(account *oauthpages.Account, password string) (text, reason string) {
	if account == nil || account.ID != password {
		return "Wrong <password>", "wrong password"
	}
	return "", ""
}

func (*vendor) Consent(*oauthpages.Request, oauthpages.Account) (oauthpages.Consent, *sandbox.Response) {
	return oauthpages.Consent{
		Needed: true, Heading: "Allow?", Allow: "Allow", Deny: "Deny", Items: []oauthpages.Item{
			{Scope: "mail", Text: "Read mail", Optional: true}, {Scope: "name", Text: "Your name"}, {Text: "A remark"},
		},
	}, nil
}

func (v *vendor) Finish(r *oauthpages.Request, a oauthpages.Account, d oauthpages.Decision) url.Values {
	challenge, _ := oauthpages.ReadChallenge(r.Query, "S256")
	v.pages.Issue("code of "+a.ID, oauthpages.Code{
		ClientID: client, AccountID: a.ID, RedirectURI: r.RedirectURI, Scopes: d.Scopes, Challenge: challenge,
	})
	return url.Values{
		"code": {"code of " + a.ID}, "scope": {strings.Join(d.Scopes, " ")}, "session": {d.SessionState},
		"organization": {strconv.FormatBool(d.Organization)},
	}
}

func (*vendor) Fail(r *oauthpages.Request, code, _ string) sandbox.Response {
	return r.Redirect(url.Values{"error": {code}})
}

// start serves the pages, and returns the address of an authorize endpoint with a request.
func start(t *testing.T, now func() time.Time) (pages *oauthpages.Pages, address string) {
	t.Helper()
	v := &vendor{}
	v.pages = oauthpages.New(v, now)
	system := sandbox.System{Serve: v.pages.Serve, Operation: sandbox.ByPath(func(path string) string { return path })}
	host, err := sandbox.Start(sandbox.Options{}, system)
	if err != nil {
		t.Fatal(err)
	}
	sandboxtest.CloseAfterTest(t, host)
	query := url.Values{
		"redirect_uri": {callback}, "state": {"s&s"}, "code_challenge": {"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"},
	}
	return v.pages, host.URL() + "/authorize?" + query.Encode()
}

func TestScopesAreGranted(t *testing.T) {
	t.Parallel()
	_, address := start(t, nil)
	for want, withheld := range map[string][]string{"mail name": nil, "name": {"mail", "name"}} {
		back := sandboxtest.Callback(t, sandboxtest.Browser(t), address, "ada", "ada", person.Choices{Withhold: withheld})
		if back.Get("scope") != want || back.Get("state") != "s&s" {
			t.Errorf("without %q: %v", withheld, back)
		}
	}
}

// TestPagesNeedNoScript checks what a keyboard, a screen reader and a password manager need.
func TestPagesNeedNoScript(t *testing.T) {
	t.Parallel()
	_, address := start(t, nil)
	got := sandboxtest.Send(t, sandboxtest.Client(), sandboxtest.Request(t, http.MethodGet, address, ""))
	for _, text := range []string{
		`<html lang="en">`, `<form method="post">`, "<label>User name", `autocomplete="username"`,
		`autocomplete="current-password"`, `<button name="step" value="password">Sign in</button>`,
	} {
		if !strings.Contains(got.Body, text) {
			t.Errorf("the page lacks %s: %s", text, got.Body)
		}
	}
	if strings.Contains(got.Body, "<script") || got.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("a script, or the page is stored: %s", got.Body)
	}
	_, err := sandboxtest.Browser(t).SignIn(t.Context(), address, "ada", "wrong", person.Choices{})
	if !errors.Is(err, person.ErrStuck) || !strings.Contains(err.Error(), "Wrong <password>") {
		t.Errorf("a wrong password: %v", err)
	}
}

// TestConsentPageBelongsToBrowser submits the consent page of one browser with another one, and submits one twice.
func TestConsentPageBelongsToBrowser(t *testing.T) {
	t.Parallel()
	_, address := start(t, nil)
	consent := func(browser *person.Browser, username string) *person.Page {
		t.Helper()
		page, err := browser.Open(t.Context(), address)
		if err != nil {
			t.Fatal(err)
		}
		page.Fill(func(f person.Field) bool { return f.Name == "user" || f.Name == "pass" }, username)
		if page, err = page.Press(t.Context(), "Sign in"); err != nil || page.Heading != "Allow?" {
			t.Fatalf("%+v %v", page, err)
		}
		return page
	}
	ticket := func(p *person.Page) string {
		for _, field := range p.Fields {
			if field.Name == "ticket" {
				return field.Value
			}
		}
		return ""
	}
	first, second := consent(sandboxtest.Browser(t), "ada"), consent(sandboxtest.Browser(t), "grace")
	own := ticket(second)
	second.Fill(func(f person.Field) bool { return f.Name == "ticket" }, ticket(first))
	page, err := second.Press(t.Context(), "Allow")
	if err != nil || page.Heading != "Allow?" || ticket(page) == own {
		t.Errorf("the page of another browser: %+v %v", page, err)
	}
	if page, err = first.Press(t.Context(), "Allow"); err != nil || !strings.Contains(page.Callback, "code=code+of+ada") {
		t.Errorf("its own page: %+v %v", page, err)
	}
	if page, err = first.Press(t.Context(), "Allow"); err != nil || page.Callback != "" {
		t.Errorf("the same page again: %+v %v", page, err)
	}
}

// TestDecisionHasNoMoreThanPageOffered submits a check box that the consent page does not have.
func TestDecisionHasNoMoreThanPageOffered(t *testing.T) {
	t.Parallel()
	_, address := start(t, nil)
	browser := sandboxtest.Browser(t)
	_, err := browser.SignIn(t.Context(), address, "ada", "ada", person.Choices{})
	if err != nil {
		t.Fatal(err)
	}
	page, err := browser.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"organization", "scope"} {
		page.Fields = append(page.Fields, person.Field{Name: name, Value: "everything"})
	}
	if page, err = page.Press(t.Context(), "Allow"); err != nil {
		t.Fatal(err)
	}
	back, err := url.Parse(page.Callback)
	if err != nil || back.Query().Get("organization") != "false" || back.Query().Get("scope") != "mail name" {
		t.Errorf("%s %v", page.Callback, err)
	}
}

// TestClientDoesNotGetSession checks that the public name of a session is not the cookie.
func TestClientDoesNotGetSession(t *testing.T) {
	t.Parallel()
	_, address := start(t, nil)
	form := url.Values{"step": {"password"}, "user": {"ada"}, "pass": {"ada"}}
	request := sandboxtest.Request(t, http.MethodPost, address, form.Encode())
	got := sandboxtest.Send(t, sandboxtest.Client(), request)
	cookie, err := http.ParseSetCookie(got.Header.Get("Set-Cookie"))
	if err != nil || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode {
		t.Fatalf("%+v %v", cookie, err)
	}
	ticket := regexp.MustCompile(`name="ticket" value="([^"]*)"`).FindStringSubmatch(got.Body)
	if ticket == nil {
		t.Fatal(got.Body)
	}
	form = url.Values{"step": {"allow"}, "ticket": {ticket[1]}}
	got = sandboxtest.Send(t, sandboxtest.Client(),
		sandboxtest.Request(t, http.MethodPost, address, form.Encode(), "Cookie", cookie.Name+"="+cookie.Value))
	location := got.Header.Get("Location")
	if !strings.Contains(location, "session=") || strings.Contains(location, cookie.Value) {
		t.Errorf("redirected to %s", location)
	}
}

func TestRedeem(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	pages, address := start(t, func() time.Time { return now })
	const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk" // RFC 7636, appendix B
	valid := url.Values{"code": {"code of ada"}, "redirect_uri": {callback}, "code_verifier": {verifier}}
	for _, step := range []struct {
		name, field, value, client string
		later                      time.Duration
		want                       error
	}{
		{name: "unknown", field: "code", value: "x", client: client, want: oauthpages.ErrUnknownCode},
		{name: "other client", client: "x", want: oauthpages.ErrOtherClient},
		{name: "other address", field: "redirect_uri", value: callback + "2", client: client, want: oauthpages.ErrRedirectURI},
		{name: "no verifier", field: "code_verifier", client: client, want: oauthpages.ErrNoVerifier},
		{name: "other verifier", field: "code_verifier", value: verifier + "x", client: client, want: oauthpages.ErrVerifier},
		{name: "too late", client: client, later: lifetime, want: oauthpages.ErrExpiredCode},
		{name: "valid", client: client},
	} {
		sandboxtest.Callback(t, sandboxtest.Browser(t), address, "ada", "ada", person.Choices{})
		form := maps.Clone(valid)
		if step.field != "" {
			form.Set(step.field, step.value)
		}
		now = now.Add(step.later)
		code, err := pages.Redeem(form, step.client, lifetime)
		if !errors.Is(err, step.want) || (err == nil) != (code.AccountID == "ada") {
			t.Errorf("%s: %+v %v", step.name, code, err)
		}
	}
	if _, err := pages.Redeem(valid, client, lifetime); !errors.Is(err, oauthpages.ErrUsedCode) {
		t.Errorf("again: %v", err)
	}
}

func TestMatchesLoopback(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		registered, requested string
		want                  bool
	}{
		{"http://localhost", "http://localhost:40123", true},
		{"http://localhost", "http://localhost:40123/", true},
		{"http://localhost:8080/callback", "http://localhost:40123/callback", true},
		{"http://[::1]/", "http://[::1]:40123/", true},
		{"http://localhost", "http://localhost:40123/callback", false},
		{"http://localhost", "http://127.0.0.1:40123", false},
		{"http://localhost", "https://localhost:40123", false},
		{"http://localhost", "http://user@localhost:40123", false},
		{"http://localhost", "http://localhost.example.com:40123", false},
		{"https://example.com", "https://example.com:8443", false},
	} {
		if got := oauthpages.MatchesLoopback(test.registered, test.requested); got != test.want {
			t.Errorf("%s and %s: %t", test.registered, test.requested, got)
		}
	}
}
