package salesforce_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/oauthpages"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/person"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

const (
	callback = "https://riva.example.com/callback"
	somebody = "somebody@example.com"
)

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

// password returns the password of a user.
func (b *bench) password(username string) string {
	b.t.Helper()
	user, err := b.User(username)
	b.must(err)
	return user.Password
}

// callback lets a user sign in, and returns the parameters that the client gets.
func (b *bench) callback(browser *person.Browser, address, username string, choices person.Choices) url.Values {
	b.t.Helper()
	return sandboxtest.Callback(b.t, browser, address, username, b.password(username), choices)
}

func TestWebServerFlow(t *testing.T) {
	t.Parallel()
	now := newClock()
	b, config := webApp(t, salesforce.Options{Now: now.Now})
	b.updateApp(func(a *salesforce.App) { a.PKCE = true })
	verifier, service := oauth2.GenerateVerifier(), b.Service()
	address := config.AuthCodeURL("a state & more", oauth2.S256ChallengeOption(verifier))
	browser := sandboxtest.Browser(t)
	_, err := browser.SignIn(t.Context(), address, service.Username, "wrong", person.Choices{})
	if !errors.Is(err, person.ErrStuck) || !strings.Contains(err.Error(), "check your username") {
		t.Fatalf("a wrong password: %v", err)
	}
	if got := b.lastSignIn(); got.Accepted || got.Scheme != oauthpages.Scheme || got.Reason != "wrong password" {
		t.Errorf("recorded %+v", got)
	}
	signIn := func() url.Values { return b.callback(browser, address, service.Username, person.Choices{}) }
	back := signIn()
	if back.Get("state") != "a state & more" {
		t.Errorf("redirected with %v", back)
	}
	token, err := config.Exchange(b.context(), back.Get("code"), oauth2.VerifierOption(verifier))
	if err != nil {
		t.Fatal(err)
	}
	if token.RefreshToken == "" || token.Extra("scope") != "api id refresh_token" || token.Extra("id_token") != nil {
		t.Errorf("token %+v", token)
	}
	if _, err := b.refresh(token.RefreshToken, b.App().Secret); err != nil {
		t.Errorf("refresh: %v", err)
	}
	for name, tc := range map[string]struct {
		code, verifier string
		wait           time.Duration
		text           string
	}{
		"again":          {back.Get("code"), verifier, 0, "expired authorization code"},
		"unknown":        {"aPrxunknown", verifier, 0, "invalid authorization code"},
		"wrong verifier": {"", "x", 0, "invalid code verifier"},
		"too late":       {"", verifier, 15 * time.Minute, "expired authorization code"},
	} {
		if tc.code == "" {
			tc.code = signIn().Get("code")
		}
		now.advance(tc.wait)
		_, err := config.Exchange(b.context(), tc.code, oauth2.VerifierOption(tc.verifier))
		if code, text := tokenError(t, err); code != "invalid_grant" || text != tc.text {
			t.Errorf("%s: %s: %s", name, code, text)
		}
	}
}

// TestAuthorizeUsesOpenSession signs in as the wrong user of a browser that is still signed in, unless the client asks for
// a login.
func TestAuthorizeUsesOpenSession(t *testing.T) {
	t.Parallel()
	b, config := webApp(t, salesforce.Options{})
	browser, service := sandboxtest.Browser(t), b.Service()
	who := func(address, username string) string {
		t.Helper()
		token, err := config.Exchange(b.context(), b.callback(browser, address, username, person.Choices{}).Get("code"))
		b.must(err)
		return b.get(b.LoginURL()+"/services/oauth2/userinfo", token.AccessToken).Text("preferred_username")
	}
	plain := config.AuthCodeURL("s", oauth2.SetAuthURLParam("login_hint", service.Username))
	if got := who(plain, somebody); got != somebody {
		t.Errorf("first %s", got)
	}
	if got := who(plain, service.Username); got != somebody {
		t.Errorf("an open session is not used: %s", got)
	}
	if got := who(plain+"&prompt=login", service.Username); got != service.Username {
		t.Errorf("prompt=login: %s", got)
	}
	if got := who(plain+"&prompt=select_account", somebody); got != somebody {
		t.Errorf("prompt=select_account: %s", got)
	}
	if _, err := browser.Open(t.Context(), b.LoginURL()+"/secur/logout.jsp"); err != nil {
		t.Fatal(err)
	}
	page, err := browser.Open(t.Context(), plain)
	if err != nil || page.Button("Log In") == nil || page.Fields[0].Value != service.Username {
		t.Errorf("after the logout: %+v %v", page, err)
	}
	if back := b.callback(browser, plain+"&prompt=none", somebody, person.Choices{}); back.Get("error") != "immediate_unsuccessful" {
		t.Errorf("prompt=none without a session: %v", back)
	}
}

func TestAuthorizeApproval(t *testing.T) {
	t.Parallel()
	b, config := webApp(t, salesforce.Options{})
	b.updateApp(func(a *salesforce.App) { a.AdminApproved = false })
	address := config.AuthCodeURL("s")
	denied := b.callback(sandboxtest.Browser(t), address, somebody, person.Choices{Deny: true})
	if denied.Get("error") != "access_denied" || denied.Get("error_description") != "end-user denied authorization" {
		t.Errorf("denied: %v", denied)
	}
	browser := sandboxtest.Browser(t)
	page, err := browser.Open(t.Context(), address)
	b.must(err)
	page.Fill(func(f person.Field) bool { return f.Name == "username" }, somebody)
	page.Fill(func(f person.Field) bool { return f.Name == "pw" }, b.password(somebody))
	page, err = page.Press(t.Context(), "Log In")
	if err != nil || page.Heading != "Allow Access?" || !strings.Contains(page.Text, "Manage user data via APIs") {
		t.Fatalf("%+v %v", page, err)
	}
	page, err = page.Press(t.Context(), "Allow")
	if err != nil || page.Callback == "" {
		t.Fatalf("%+v %v", page, err)
	}
	back, err := url.Parse(page.Callback)
	b.must(err)
	if _, err := config.Exchange(b.context(), back.Query().Get("code")); err != nil {
		t.Fatal(err)
	}
	for prompt, asked := range map[string]bool{"": false, "consent": true} {
		page, err := browser.Open(t.Context(), address+"&prompt="+prompt)
		if err != nil || (page.Callback == "") != asked {
			t.Errorf("prompt %q after the approval: %+v %v", prompt, page, err)
		}
	}
}

// TestAuthorizeErrors covers the errors that are sent to the client, and those that only the user sees.
func TestAuthorizeErrors(t *testing.T) {
	t.Parallel()
	parameter := func(name, value string) func(*bench, url.Values) {
		return func(_ *bench, query url.Values) { query.Set(name, value) }
	}
	app := func(change func(*salesforce.App)) func(*bench, url.Values) {
		return func(b *bench, _ url.Values) { b.updateApp(change) }
	}
	fault := func(code string) func(*bench, url.Values) {
		return func(b *bench, _ url.Values) { b.fail(salesforce.AuthorizeError(code), sandbox.UntilCleared) }
	}
	for name, want := range map[string]struct {
		arrange func(*bench, url.Values)
		error   string
		page    bool // shown to the user, not sent to the client
	}{
		"another client":   {parameter("client_id", "x"), "invalid_client_id", true},
		"another callback": {parameter("redirect_uri", "https://evil.example.com/"), "redirect_uri_mismatch", true},
		"another port":     {parameter("redirect_uri", "https://riva.example.com:8443/callback"), "redirect_uri_mismatch", true},
		"no callback":      {parameter("redirect_uri", ""), "redirect_uri_missing", true},
		"another type":     {parameter("response_type", "token"), "unsupported_response_type", false},
		"other scope":      {parameter("scope", "api full"), "invalid_scope", false},
		"plain challenge":  {parameter("code_challenge_method", "plain"), "invalid_request", false},
		"blocked":          {app(func(a *salesforce.App) { a.Blocked = true }), "OAUTH_APP_BLOCKED", false},
		"not installed":    {app(func(a *salesforce.App) { a.Installed = false }), "OAUTH_EC_APP_NOT_FOUND", false},
		"not approved": {func(b *bench, _ url.Values) {
			b.update(somebody, func(u *salesforce.User) { u.Approved = false })
		}, "OAUTH_APP_ACCESS_DENIED", false},
		"server error":  {fault("server_error"), "server_error", false},
		"unavailable":   {fault("temporarily_unavailable"), "temporarily_unavailable", false},
		"generic error": {fault("OAUTH_APPROVAL_ERROR_GENERIC"), "OAUTH_APPROVAL_ERROR_GENERIC", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, config := webApp(t, salesforce.Options{})
			address, err := url.Parse(config.AuthCodeURL("s"))
			b.must(err)
			query := address.Query()
			want.arrange(b, query)
			address.RawQuery = query.Encode()
			if want.page {
				_, err := sandboxtest.Browser(t).SignIn(t.Context(), address.String(), somebody, b.password(somebody), person.Choices{})
				if !errors.Is(err, person.ErrStuck) || !strings.Contains(err.Error(), want.error) {
					t.Errorf("%v", err)
				}
				return
			}
			back := b.callback(sandboxtest.Browser(t), address.String(), somebody, person.Choices{})
			if back.Get("error") != want.error || back.Get("error_description") == "" || back.Get("state") != "s" {
				t.Errorf("redirected with %v", back)
			}
		})
	}
}

func TestIDToken(t *testing.T) {
	t.Parallel()
	b, config := webApp(t, salesforce.Options{})
	config.Scopes = append(config.Scopes, "openid")
	address := config.AuthCodeURL("s", oauth2.SetAuthURLParam("nonce", "n-1"))
	back := b.callback(sandboxtest.Browser(t), address, somebody, person.Choices{})
	token, err := config.Exchange(b.context(), back.Get("code"))
	b.must(err)
	var claims jwt.MapClaims
	text, _ := token.Extra("id_token").(string)
	b.must(sandbox.VerifyToken(text, &claims, sandbox.OwnKey))
	want := map[string]any{
		"iss": b.LoginURL(), "sub": token.Extra("id"), "aud": b.App().ConsumerKey, "nonce": "n-1",
	}
	for name, value := range want {
		if claims[name] != value {
			t.Errorf("%s is %v, want %v", name, claims[name], value)
		}
	}
	configuration := b.do(http.MethodGet, b.LoginURL()+"/.well-known/openid-configuration", "")
	if got := b.do(http.MethodGet, configuration.Text("jwks_uri"), ""); !strings.Contains(got.Body, `"kty":"RSA"`) {
		t.Errorf("keys: %s", got.Body)
	}
}

// TestDownAfterApproval has a system that fails between the approval and the token.
func TestDownAfterApproval(t *testing.T) {
	t.Parallel()
	b, config := webApp(t, salesforce.Options{})
	b.fail(sandbox.Maintenance().ForOperation("token"), 1)
	code := b.callback(sandboxtest.Browser(t), config.AuthCodeURL("s"), somebody, person.Choices{}).Get("code")
	failed, ok := errors.AsType[*oauth2.RetrieveError](errorOf(config.Exchange(b.context(), code)))
	if !ok || failed.Response.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("got %v", failed)
	}
	if _, err := config.Exchange(b.context(), code); err != nil {
		t.Errorf("once it is up again: %v", err)
	}
}

func errorOf[T any](_ T, err error) error { return err }
