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

// browser is a browser: it keeps the session cookie and the form of the current page.
type browser struct {
	b      *bench
	cookie string
	action string // the address of the form
}

func (w *browser) follow(response reply) reply {
	if set := response.Header.Get("Set-Cookie"); set != "" {
		w.cookie, _, _ = strings.Cut(set, ";")
	}
	if form := regexp.MustCompile(`action="([^"]*)"`).FindStringSubmatch(response.Body); form != nil {
		w.action = w.b.LoginURL() + html.UnescapeString(form[1])
	}
	return response
}

func (w *browser) open(address string) reply {
	return w.follow(w.b.do(http.MethodGet, address, "", "Cookie", w.cookie))
}

func (w *browser) submit(pairs ...string) reply {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return w.follow(w.b.do(http.MethodPost, w.action, values.Encode(), "Cookie", w.cookie))
}

// signIn submits the form as a user.
func (w *browser) signIn(username string) reply {
	w.b.t.Helper()
	user, err := w.b.User(username)
	w.b.must(err)
	return w.submit("un", username, "pw", user.Password)
}

// webApp returns x/oauth2's client for the web server flow, with its callback registered in the app.
func webApp(t *testing.T, options salesforce.Options) (*bench, *oauth2.Config) {
	t.Helper()
	b := start(t, options)
	b.updateApp(func(a *salesforce.App) { a.CallbackURLs = []string{callback} })
	return b, &oauth2.Config{
		ClientID: b.App().ConsumerKey, ClientSecret: b.App().Secret, RedirectURL: callback,
		Scopes: []string{"api", "id", "refresh_token"},
		Endpoint: oauth2.Endpoint{
			AuthURL: b.LoginURL() + "/services/oauth2/authorize", TokenURL: b.LoginURL() + tokenPath,
			AuthStyle: oauth2.AuthStyleInParams,
		},
	}
}

// callbackQuery returns the query of the redirect to the client.
func callbackQuery(t *testing.T, response reply) url.Values {
	t.Helper()
	location := response.Header.Get("Location")
	if response.Status != http.StatusFound || !strings.HasPrefix(location, callback+"?") {
		t.Fatalf("not redirected: %d %s %s", response.Status, location, response.Body)
	}
	back, err := url.Parse(location)
	if err != nil {
		t.Fatal(err)
	}
	return back.Query()
}

func isForm(response reply) bool {
	return response.Status == http.StatusOK && strings.Contains(response.Body, `name="pw"`)
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
	if got := b.lastSignIn(); got.Accepted || got.Scheme != salesforce.SchemeForm || got.Reason != "wrong password" {
		t.Errorf("recorded %+v", got)
	}
	back := callbackQuery(t, person.signIn("riva-sync@example.com"))
	if back.Get("state") != "a state & more" || back.Get("code") == "" {
		t.Fatalf("redirected with %v", back)
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
	if code, text := tokenError(t, err); code != "invalid_grant" || text != "expired authorization code" {
		t.Errorf("the code again: %s: %s", code, text)
	}
}

// TestOpenSessionReuse checks that an open browser session signs in silently, unless the client requests a new login.
func TestOpenSessionReuse(t *testing.T) {
	t.Parallel()
	b, config := webApp(t, salesforce.Options{})
	person := &browser{b: b}
	person.open(config.AuthCodeURL("s"))
	callbackQuery(t, person.signIn("somebody@example.com"))

	back := callbackQuery(t, person.open(config.AuthCodeURL("s"))) // no sign-in form
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
	back = callbackQuery(t, person.signIn("riva-sync@example.com"))
	if token, err = config.Exchange(b.context(), back.Get("code")); err != nil {
		t.Fatal(err)
	}
	if got := b.get(identityOf(token), token.AccessToken); got.Text("username") != "riva-sync@example.com" {
		t.Errorf("signed in as %s", got.Body)
	}
	b.update("riva-sync@example.com", func(u *salesforce.User) { u.Active = false })
	if page := person.open(config.AuthCodeURL("s")); !isForm(page) {
		t.Errorf("a session of an inactive user: %d", page.Status)
	}
}

func TestSelfApproval(t *testing.T) {
	t.Parallel()
	b, config := webApp(t, salesforce.Options{})
	b.updateApp(func(a *salesforce.App) { a.AdminApproved = false })
	person := &browser{b: b}
	person.open(config.AuthCodeURL("s", oauth2.SetAuthURLParam("prompt", "login")))
	page := person.signIn("ada@example.com")
	if !strings.Contains(page.Body, "Allow") || !strings.Contains(page.Body, "ada@example.com") {
		t.Fatalf("page: %d %s", page.Status, page.Body)
	}
	if back := callbackQuery(t, person.submit("deny", "1")); back.Get("error") != "access_denied" || back.Get("state") != "s" {
		t.Errorf("denied: %v", back)
	}
	back := callbackQuery(t, person.submit("allow", "1"))
	if _, err := config.Exchange(b.context(), back.Get("code")); err != nil {
		t.Fatal(err)
	}
	if back := callbackQuery(t, person.open(config.AuthCodeURL("s"))); back.Get("code") == "" {
		t.Errorf("consent page after an approval: %v", back)
	}
	page = person.open(config.AuthCodeURL("s", oauth2.SetAuthURLParam("prompt", "consent")))
	if !strings.Contains(page.Body, "Allow") {
		t.Errorf("with prompt=consent: %d %s", page.Status, page.Body)
	}
}

// TestPKCE uses the vector of RFC 7636, appendix B. Without a method it is S256.
func TestPKCE(t *testing.T) {
	t.Parallel()
	const verifier, challenge = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
	b, config := webApp(t, salesforce.Options{})
	b.updateApp(func(a *salesforce.App) { a.PKCE = true })
	person := &browser{b: b}
	for name, tc := range map[string]struct {
		options  []oauth2.AuthCodeOption
		verifier string
		text     string
	}{
		"correct":         {[]oauth2.AuthCodeOption{oauth2.SetAuthURLParam("code_challenge_method", "S256")}, verifier, ""},
		"without method":  {nil, verifier, ""},
		"wrong":           {nil, verifier + "x", "invalid code verifier"},
		"missing":         {nil, "", "invalid code verifier"},
		"plain challenge": {nil, challenge, "invalid code verifier"},
	} {
		person.open(config.AuthCodeURL("s", append(tc.options,
			oauth2.SetAuthURLParam("code_challenge", challenge), oauth2.SetAuthURLParam("prompt", "login"))...))
		back := callbackQuery(t, person.signIn("riva-sync@example.com"))
		_, err := config.Exchange(b.context(), back.Get("code"), oauth2.VerifierOption(tc.verifier))
		if tc.text == "" && err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if tc.text != "" {
			if code, text := tokenError(t, err); code != "invalid_grant" || text != tc.text {
				t.Errorf("%s: %s: %s", name, code, text)
			}
		}
	}
	for _, options := range [][]oauth2.AuthCodeOption{
		nil, {oauth2.SetAuthURLParam("code_challenge", challenge), oauth2.SetAuthURLParam("code_challenge_method", "plain")},
	} {
		if back := callbackQuery(t, person.open(config.AuthCodeURL("s", options...))); back.Get("error") != "invalid_request" {
			t.Errorf("%v", back)
		}
	}
}
