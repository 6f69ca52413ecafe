package entra_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"
	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/entra"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/person"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

const (
	grace = "grace@example.com"
	alan  = "alan@example.com" // an administrator
	other = "riva-sync@example.org"
)

// web returns x/oauth2's client for the authorization code flow.
func (b *bench) web(scopes ...string) *oauth2.Config {
	app := b.App()
	return &oauth2.Config{
		ClientID: app.ClientID, ClientSecret: app.Secrets[0].Value, RedirectURL: "http://localhost:40123", Scopes: scopes,
		Endpoint: oauth2.Endpoint{
			AuthURL: b.URL() + "/example.com/oauth2/v2.0/authorize", TokenURL: b.endpoint("example.com"),
			AuthStyle: oauth2.AuthStyleInParams,
		},
	}
}

// signsIn lets a user sign in, and returns the parameters that the client gets.
func (b *bench) signsIn(browser *person.Browser, address, username string, choices person.Choices) url.Values {
	b.t.Helper()
	user, err := b.User(username)
	b.must(err)
	return sandboxtest.Callback(b.t, browser, address, username, user.Password, choices)
}

// stuck lets a user sign in, and returns the error with the page that ends it.
func (b *bench) stuck(address, username string) error {
	b.t.Helper()
	user, err := b.User(username)
	b.must(err)
	_, err = sandboxtest.Browser(b.t).SignIn(b.t.Context(), address, username, user.Password, person.Choices{})
	if !errors.Is(err, person.ErrStuck) {
		b.t.Fatalf("got %v", err)
	}
	return err
}

func prompt(name string) oauth2.AuthCodeOption { return oauth2.SetAuthURLParam("prompt", name) }

func (b *bench) noConsents() {
	b.t.Helper()
	b.must(b.UpdateApp(func(a *entra.App) { a.Consents = nil }))
}

func TestAuthorizationCode(t *testing.T) {
	t.Parallel()
	b := start(t)
	config := b.web("openid", "offline_access", api+"/Read")
	verifier := oauth2.GenerateVerifier()
	address := config.AuthCodeURL("a state", oauth2.S256ChallengeOption(verifier), oauth2.SetAuthURLParam("nonce", "n-1"))
	back := b.signsIn(sandboxtest.Browser(t), address, ada, person.Choices{})
	if back.Get("state") != "a state" || back.Get("session_state") == "" {
		t.Errorf("redirected with %v", back)
	}
	token, err := config.Exchange(t.Context(), back.Get("code"), oauth2.VerifierOption(verifier))
	b.must(err)
	if got, err := b.Verify(token.AccessToken, api); err != nil || got.UPN != ada || got.Scopes[0] != "Read" {
		t.Errorf("%+v %v", got, err)
	}
	var claims jwt.MapClaims
	idToken, _ := token.Extra("id_token").(string)
	b.must(sandbox.VerifyToken(idToken, &claims, sandbox.OwnKey))
	for name, want := range map[string]any{
		"preferred_username": ada, "tid": entra.TenantID, "aud": config.ClientID, "nonce": "n-1",
	} {
		if claims[name] != want {
			t.Errorf("%s is %v, want %v", name, claims[name], want)
		}
	}
	again, err := config.TokenSource(t.Context(), &oauth2.Token{RefreshToken: token.RefreshToken}).Token()
	if err != nil || again.RefreshToken == token.RefreshToken {
		t.Errorf("the refresh token is not rotated: %v", err)
	}
	_, err = config.Exchange(t.Context(), back.Get("code"), oauth2.VerifierOption(verifier))
	if got := b.errorOf(err); got.Numbers[0] != 54005 {
		t.Errorf("a used code: %+v", got)
	}
}

func TestCodeRejections(t *testing.T) {
	t.Parallel()
	b := start(t)
	config, verifier, browser := b.web(api+"/Read"), oauth2.GenerateVerifier(), sandboxtest.Browser(t)
	for number, want := range map[int]struct{ code, verifier, redirect string }{
		9002313: {code: "1.Ax", verifier: verifier},
		501481:  {verifier: "x"},
		50148:   {},
		500112:  {verifier: verifier, redirect: "http://localhost:40124"},
	} {
		if want.code == "" {
			address := config.AuthCodeURL("s", oauth2.S256ChallengeOption(verifier))
			want.code = b.signsIn(browser, address, ada, person.Choices{}).Get("code")
		}
		wrong := *config
		if want.redirect != "" {
			wrong.RedirectURL = want.redirect
		}
		_, err := wrong.Exchange(t.Context(), want.code, oauth2.VerifierOption(want.verifier))
		if got := b.errorOf(err); got.Error != "invalid_grant" || got.Numbers[0] != number {
			t.Errorf("%d: %+v", number, got)
		}
	}
}

func TestPublicClient(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.must(b.UpdateApp(func(a *entra.App) { a.Public = true }))
	config := b.web(api + "/Read")
	back := b.signsIn(sandboxtest.Browser(t), config.AuthCodeURL("s"), ada, person.Choices{})
	_, err := config.Exchange(t.Context(), back.Get("code"))
	if got := b.errorOf(err); got.Numbers[0] != 700025 {
		t.Errorf("with a secret: %+v", got)
	}
	config.ClientSecret = ""
	if _, err := config.Exchange(t.Context(), back.Get("code")); err != nil {
		t.Error(err)
	}
}

// TestAuthorizeChoosesAccount covers the sessions of a browser with one account and with two.
func TestAuthorizeChoosesAccount(t *testing.T) {
	t.Parallel()
	b := start(t)
	config, browser := b.web(api+"/Read"), sandboxtest.Browser(t)
	hint := oauth2.SetAuthURLParam("login_hint", grace)
	for _, step := range []struct {
		name     string
		options  []oauth2.AuthCodeOption
		username string
		another  bool
		want     string
	}{
		{"first", nil, ada, false, ada},
		{"the open session", nil, grace, false, ada},
		{"silently", []oauth2.AuthCodeOption{prompt("none")}, grace, false, ada},
		{"another account", []oauth2.AuthCodeOption{prompt("select_account")}, grace, true, grace},
		{"one of two", nil, ada, false, ada},
		{"by hint", []oauth2.AuthCodeOption{hint}, ada, false, grace},
		{"login", []oauth2.AuthCodeOption{prompt("login")}, alan, false, alan},
	} {
		back := b.signsIn(browser, config.AuthCodeURL("s", step.options...), step.username, person.Choices{Another: step.another})
		token, err := config.Exchange(t.Context(), back.Get("code"))
		b.must(err)
		if got, err := b.Verify(token.AccessToken, api); err != nil || got.UPN != step.want {
			t.Errorf("%s: %s, want %s", step.name, got.UPN, step.want)
		}
	}
	if _, err := browser.Open(t.Context(), b.URL()+"/example.com/oauth2/v2.0/logout"); err != nil {
		t.Fatal(err)
	}
	page, err := browser.Open(t.Context(), config.AuthCodeURL("s", hint))
	if err != nil || page.Heading != "Sign in" || page.Fields[0].Value != grace {
		t.Errorf("after the logout: %+v %v", page, err)
	}
}

func TestConsent(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.noConsents()
	config := b.web(api + "/Read")
	denied := b.signsIn(sandboxtest.Browser(t), config.AuthCodeURL("s"), ada, person.Choices{Deny: true})
	if denied.Get("error") != "access_denied" || !strings.HasPrefix(denied.Get("error_description"), "AADSTS65004: User declined") {
		t.Errorf("denied: %v", denied)
	}
	browser := sandboxtest.Browser(t)
	back := b.signsIn(browser, config.AuthCodeURL("s"), ada, person.Choices{Organization: true})
	if _, err := config.Exchange(t.Context(), back.Get("code")); err != nil {
		t.Fatal(err)
	}
	for name, asked := range map[string]bool{"": false, "consent": true} {
		page, err := browser.Open(t.Context(), config.AuthCodeURL("s", prompt(name)))
		if err != nil || (page.Callback == "") != asked {
			t.Errorf("prompt %q after the approval: %+v %v", name, page, err)
		}
	}
	silent := b.signsIn(browser, config.AuthCodeURL("s", prompt("none")), ada, person.Choices{})
	if silent.Get("code") == "" {
		t.Errorf("silently after the approval: %v", silent)
	}
	b.must(b.Revoke(ada))
	silent = b.signsIn(browser, config.AuthCodeURL("s", prompt("none")), ada, person.Choices{})
	if silent.Get("error") != "consent_required" {
		t.Errorf("silently without approval: %v", silent)
	}
	// The check box of an administrator is for all users.
	b.signsIn(sandboxtest.Browser(t), config.AuthCodeURL("s"), alan, person.Choices{Organization: true})
	if page, err := browser.Open(t.Context(), config.AuthCodeURL("s")); err != nil || page.Callback == "" {
		t.Errorf("after the approval for the organization: %+v %v", page, err)
	}
}

func TestAdminConsent(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.noConsents()
	b.must(b.UpdateApp(func(a *entra.App) { a.Permissions = map[string][]string{"api": {"Read"}} }))
	b.UpdateTenant(func(tenant *entra.Tenant) { tenant.AdminConsent = true })
	config := b.web(defaultScope)
	address := config.AuthCodeURL("s")
	if err := b.stuck(address, ada); !strings.Contains(err.Error(), "Need admin approval") {
		t.Error(err)
	}
	browser := sandboxtest.Browser(t)
	b.signsIn(browser, address, ada, person.Choices{Return: true})
	silent := b.signsIn(browser, config.AuthCodeURL("s", prompt("none")), ada, person.Choices{})
	if silent.Get("error") != "consent_required" {
		t.Errorf("silently: %v", silent)
	}
	returned := b.signsIn(sandboxtest.Browser(t), address, ada, person.Choices{Return: true})
	if returned.Get("error") != "access_denied" || !strings.HasPrefix(returned.Get("error_description"), "AADSTS90094: ") {
		t.Errorf("returned: %v", returned)
	}
	approve := b.URL() + "/example.com/v2.0/adminconsent?" + url.Values{
		"client_id": {config.ClientID}, "scope": {defaultScope}, "state": {"s2"}, "redirect_uri": {config.RedirectURL},
	}.Encode()
	if err := b.stuck(approve, ada); !strings.Contains(err.Error(), "Need admin approval") {
		t.Errorf("as a user: %v", err)
	}
	canceled := b.signsIn(sandboxtest.Browser(t), approve, alan, person.Choices{Deny: true})
	if canceled.Get("error") != "permission_denied" {
		t.Errorf("canceled: %v", canceled)
	}
	approved := b.signsIn(sandboxtest.Browser(t), approve, alan, person.Choices{})
	if approved.Get("admin_consent") != "True" || approved.Get("tenant") != entra.TenantID || approved.Get("state") != "s2" {
		t.Errorf("approved: %v", approved)
	}
	back := b.signsIn(sandboxtest.Browser(t), address, ada, person.Choices{})
	if _, err := config.Exchange(t.Context(), back.Get("code")); err != nil {
		t.Error(err)
	}
	// A client that always asks for consent fails where users may not approve.
	if err := b.stuck(config.AuthCodeURL("s", prompt("consent")), ada); !strings.Contains(err.Error(), "AADSTS90094") {
		t.Error(err)
	}
}

// TestAuthorizePages covers the errors that only the user sees.
func TestAuthorizePages(t *testing.T) {
	t.Parallel()
	parameter := func(name, value string) func(*bench, *url.URL) {
		return func(_ *bench, address *url.URL) {
			query := address.Query()
			query.Set(name, value)
			address.RawQuery = query.Encode()
		}
	}
	tenant := func(name string) func(*bench, *url.URL) {
		return func(_ *bench, address *url.URL) { address.Path = "/" + name + "/oauth2/v2.0/authorize" }
	}
	user := func(change func(*entra.User)) func(*bench, *url.URL) {
		return func(b *bench, _ *url.URL) { b.must(b.UpdateUser(ada, change)) }
	}
	for name, want := range map[string]struct {
		arrange  func(*bench, *url.URL)
		username string
		text     string
	}{
		"other app":      {parameter("client_id", "x"), ada, "AADSTS700016"},
		"other callback": {parameter("redirect_uri", "http://localhost:1/other"), ada, "AADSTS50011"},
		"not localhost":  {parameter("redirect_uri", "http://127.0.0.1:40123"), ada, "AADSTS50011"},
		"no callback":    {parameter("redirect_uri", ""), ada, "AADSTS900144"},
		"unknown tenant": {tenant("nowhere.example.com"), ada, "AADSTS90002"},
		"multi tenant":   {tenant("common"), ada, "AADSTS50194"},
		"other tenant":   {parameter("state", "s"), other, "AADSTS50020"},
		"disabled app": {func(b *bench, _ *url.URL) {
			b.must(b.UpdateApp(func(a *entra.App) { a.Enabled = false }))
		}, ada, "AADSTS7000112"},
		"not assigned": {func(b *bench, _ *url.URL) {
			b.must(b.Fail(entra.AuthorizeError("50105"), sandbox.UntilCleared))
		}, ada, "AADSTS50105"},
		"locked":           {user(func(u *entra.User) { u.Locked = true }), ada, "Your account has been locked"},
		"expired password": {user(func(u *entra.User) { u.PasswordExpired = true }), ada, "Your password has expired"},
		"second factor":    {user(func(u *entra.User) { u.MFA = true }), ada, "AADSTS50076"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := start(t)
			address, err := url.Parse(b.web(api + "/Read").AuthCodeURL("s"))
			b.must(err)
			want.arrange(b, address)
			if err := b.stuck(address.String(), want.username); !strings.Contains(err.Error(), want.text) {
				t.Error(err)
			}
		})
	}
}

// TestAuthorizeErrors covers the errors that are sent to the client.
func TestAuthorizeErrors(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct {
		parameter, value string
		fault            string
		choices          person.Choices
		error, text      string
	}{
		"canceled":      {choices: person.Choices{Cancel: true}, error: "access_denied", text: "the user canceled the authentication"},
		"other type":    {parameter: "response_type", value: "token", error: "unsupported_response_type", text: "AADSTS700054"},
		"other method":  {parameter: "code_challenge_method", value: "S1", error: "invalid_request", text: "AADSTS501491"},
		"other API":     {parameter: "scope", value: "https://x.example.com/Read", error: "invalid_resource", text: "AADSTS500011"},
		"server error":  {fault: "server_error", error: "server_error", text: "The request was rejected."},
		"unavailable":   {fault: "90033", error: "temporarily_unavailable", text: "AADSTS90033"},
		"no session":    {parameter: "prompt", value: "none", error: "login_required", text: "AADSTS50058"},
		"risky sign-in": {fault: "interaction_required", error: "interaction_required", text: "The request was rejected."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := start(t)
			var options []oauth2.AuthCodeOption
			if want.parameter != "" {
				options = append(options, oauth2.SetAuthURLParam(want.parameter, want.value))
			}
			if want.fault != "" {
				b.must(b.Fail(entra.AuthorizeError(want.fault), 1))
			}
			back := b.signsIn(sandboxtest.Browser(t), b.web(api+"/Read").AuthCodeURL("s", options...), ada, want.choices)
			if back.Get("error") != want.error || !strings.HasPrefix(back.Get("error_description"), want.text) ||
				back.Get("state") != "s" || back.Get("code") != "" {
				t.Errorf("redirected with %v", back)
			}
		})
	}
}

// TestDownAfterConsent has a system that fails between the approval and the token.
func TestDownAfterConsent(t *testing.T) {
	t.Parallel()
	b := start(t)
	config := b.web(api + "/Read")
	b.must(b.Fail(sandbox.Maintenance().ForOperation("token"), 1))
	code := b.signsIn(sandboxtest.Browser(t), config.AuthCodeURL("s"), ada, person.Choices{}).Get("code")
	_, err := config.Exchange(t.Context(), code)
	failed, ok := errors.AsType[*oauth2.RetrieveError](err)
	if !ok || failed.Response.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("got %v", err)
	}
	if _, err := config.Exchange(t.Context(), code); err != nil {
		t.Errorf("once it is up again: %v", err)
	}
}
