package salesforce_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
)

const callback = "https://riva.example.com/callback"

// browser is a person's browser: it keeps the cookie and the page it is on.
type browser struct {
	b      *bench
	cookie string
	action string // where the form of the page is sent
}

func (w *browser) look(answer reply) reply {
	if set := answer.Header.Get("Set-Cookie"); set != "" {
		w.cookie, _, _ = strings.Cut(set, ";")
	}
	if form := regexp.MustCompile(`action="([^"]*)"`).FindStringSubmatch(answer.Body); form != nil {
		w.action = w.b.LoginURL() + html.UnescapeString(form[1])
	}
	return answer
}

func (w *browser) open(address string) reply {
	return w.look(w.b.do(http.MethodGet, address, "", "Cookie", w.cookie))
}

func (w *browser) submit(pairs ...string) reply {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return w.look(w.b.do(http.MethodPost, w.action, values.Encode(), "Cookie", w.cookie))
}

// signIn fills in the form as a user.
func (w *browser) signIn(username string) reply {
	w.b.t.Helper()
	user, err := w.b.User(username)
	w.b.must(err)
	return w.submit("un", username, "pw", user.Password)
}

// webApp is x/oauth2's client for the web server flow, registered with the app.
func webApp(t *testing.T, options salesforce.Options) (*bench, *oauth2.Config) {
	t.Helper()
	b := start(t, options)
	b.app(func(a *salesforce.App) { a.CallbackURLs = []string{callback} })
	return b, &oauth2.Config{
		ClientID: b.App().ConsumerKey, ClientSecret: b.App().Secret, RedirectURL: callback,
		Scopes: []string{"api", "id", "refresh_token"},
		Endpoint: oauth2.Endpoint{
			AuthURL: b.LoginURL() + "/services/oauth2/authorize", TokenURL: b.LoginURL() + tokenPath,
			AuthStyle: oauth2.AuthStyleInParams,
		},
	}
}

// returned is what the browser brings back to the client.
func returned(t *testing.T, answer reply) url.Values {
	t.Helper()
	location := answer.Header.Get("Location")
	if answer.Status != http.StatusFound || !strings.HasPrefix(location, callback+"?") {
		t.Fatalf("not sent back: %d %s %s", answer.Status, location, answer.Body)
	}
	back, err := url.Parse(location)
	if err != nil {
		t.Fatal(err)
	}
	return back.Query()
}

func isForm(answer reply) bool {
	return answer.Status == http.StatusOK && strings.Contains(answer.Body, `name="pw"`)
}

func TestWebServerFlow(t *testing.T) {
	t.Parallel()
	b, config := webApp(t, salesforce.Options{})
	verifier, person := oauth2.GenerateVerifier(), &browser{b: b}
	page := person.open(config.AuthCodeURL("a state & more", oauth2.S256ChallengeOption(verifier),
		oauth2.SetAuthURLParam("prompt", "login"), oauth2.SetAuthURLParam("login_hint", `riva-sync@example.com"><b>`)))
	if !isForm(page) || !strings.Contains(page.Body, `value="riva-sync@example.com&#34;&gt;&lt;b&gt;"`) {
		t.Fatalf("page: %d %s", page.Status, page.Body)
	}
	page = person.submit("un", "riva-sync@example.com", "pw", "wrong")
	if !isForm(page) || !strings.Contains(page.Body, "check your username") {
		t.Fatalf("a wrong password: %d %s", page.Status, page.Body)
	}
	if got := b.last(); got.Accepted || got.Scheme != salesforce.SchemeForm || got.Reason != "wrong password" {
		t.Errorf("recorded %+v", got)
	}
	back := returned(t, person.signIn("riva-sync@example.com"))
	if back.Get("state") != "a state & more" || back.Get("code") == "" {
		t.Fatalf("came back with %v", back)
	}
	token, err := config.Exchange(b.context(), back.Get("code"), oauth2.VerifierOption(verifier))
	if err != nil {
		t.Fatal(err)
	}
	if token.RefreshToken == "" || token.Extra("scope") != "api id refresh_token" || !token.Expiry.IsZero() {
		t.Errorf("token %+v", token)
	}
	if got := b.get(b.data("/"), token.AccessToken); got.Status != http.StatusOK {
		t.Errorf("with the token: %d %s", got.Status, got.Body)
	}
	if _, err := b.refresh(token.RefreshToken, b.App().Secret); err != nil {
		t.Errorf("refresh: %v", err)
	}
	_, err = config.Exchange(b.context(), back.Get("code"), oauth2.VerifierOption(verifier))
	if code, says := refused(t, err); code != "invalid_grant" || says != "expired authorization code" {
		t.Errorf("the code again: %s: %s", code, says)
	}
}

// A session that is open in the browser silently becomes the one who signs in, unless the client asks for a fresh login.
func TestOpenSessionReuse(t *testing.T) {
	t.Parallel()
	b, config := webApp(t, salesforce.Options{})
	person := &browser{b: b}
	person.open(config.AuthCodeURL("s"))
	returned(t, person.signIn("somebody@example.com"))

	back := returned(t, person.open(config.AuthCodeURL("s"))) // nobody was asked
	token, err := config.Exchange(b.context(), back.Get("code"))
	if err != nil {
		t.Fatal(err)
	}
	if got := b.get(identityOf(token), token.AccessToken); got.Text("username") != "somebody@example.com" {
		t.Errorf("signed in as %s", got.Body)
	}
	if page := person.open(config.AuthCodeURL("s", oauth2.SetAuthURLParam("prompt", "login"))); !isForm(page) {
		t.Fatalf("with prompt=login: %d %s", page.Status, page.Header.Get("Location"))
	}
	back = returned(t, person.signIn("riva-sync@example.com"))
	if token, err = config.Exchange(b.context(), back.Get("code")); err != nil {
		t.Fatal(err)
	}
	if got := b.get(identityOf(token), token.AccessToken); got.Text("username") != "riva-sync@example.com" {
		t.Errorf("signed in as %s", got.Body)
	}
	b.update("riva-sync@example.com", func(u *salesforce.User) { u.Active = false })
	if page := person.open(config.AuthCodeURL("s")); !isForm(page) {
		t.Errorf("a session of somebody who is gone: %d", page.Status)
	}
}

func TestSelfApproval(t *testing.T) {
	t.Parallel()
	b, config := webApp(t, salesforce.Options{})
	b.app(func(a *salesforce.App) { a.AdminApproved = false })
	person := &browser{b: b}
	person.open(config.AuthCodeURL("s", oauth2.SetAuthURLParam("prompt", "login")))
	page := person.signIn("ada@example.com")
	if !strings.Contains(page.Body, "Allow") || !strings.Contains(page.Body, "ada@example.com") {
		t.Fatalf("page: %d %s", page.Status, page.Body)
	}
	if back := returned(t, person.submit("deny", "1")); back.Get("error") != "access_denied" || back.Get("state") != "s" {
		t.Errorf("denied: %v", back)
	}
	back := returned(t, person.submit("allow", "1"))
	if _, err := config.Exchange(b.context(), back.Get("code")); err != nil {
		t.Fatal(err)
	}
	if back := returned(t, person.open(config.AuthCodeURL("s"))); back.Get("code") == "" {
		t.Errorf("asked again after an approval: %v", back)
	}
	page = person.open(config.AuthCodeURL("s", oauth2.SetAuthURLParam("prompt", "consent")))
	if !strings.Contains(page.Body, "Allow") {
		t.Errorf("with prompt=consent: %d %s", page.Status, page.Body)
	}
}

// The vector of RFC 7636, appendix B. Without a method S256 is meant.
func TestPKCE(t *testing.T) {
	t.Parallel()
	const verifier, challenge = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
	b, config := webApp(t, salesforce.Options{})
	b.app(func(a *salesforce.App) { a.PKCE = true })
	person := &browser{b: b}
	for name, tc := range map[string]struct {
		options  []oauth2.AuthCodeOption
		verifier string
		says     string
	}{
		"right":           {[]oauth2.AuthCodeOption{oauth2.SetAuthURLParam("code_challenge_method", "S256")}, verifier, ""},
		"without method":  {nil, verifier, ""},
		"wrong":           {nil, verifier + "x", "invalid code verifier"},
		"missing":         {nil, "", "invalid code verifier"},
		"plain in secret": {nil, challenge, "invalid code verifier"},
	} {
		person.open(config.AuthCodeURL("s", append(tc.options,
			oauth2.SetAuthURLParam("code_challenge", challenge), oauth2.SetAuthURLParam("prompt", "login"))...))
		back := returned(t, person.signIn("riva-sync@example.com"))
		_, err := config.Exchange(b.context(), back.Get("code"), oauth2.VerifierOption(tc.verifier))
		if tc.says == "" && err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if tc.says != "" {
			if code, says := refused(t, err); code != "invalid_grant" || says != tc.says {
				t.Errorf("%s: %s: %s", name, code, says)
			}
		}
	}
	for _, options := range [][]oauth2.AuthCodeOption{
		nil, {oauth2.SetAuthURLParam("code_challenge", challenge), oauth2.SetAuthURLParam("code_challenge_method", "plain")},
	} {
		if back := returned(t, person.open(config.AuthCodeURL("s", options...))); back.Get("error") != "invalid_request" {
			t.Errorf("%v", back)
		}
	}
}
