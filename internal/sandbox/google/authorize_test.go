package google_test

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"
	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/google"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/person"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

const (
	admin = "riva-sync@example.com"
	ada   = "ada@example.com"
	email = "https://www.googleapis.com/auth/userinfo.email"
)

// desktop returns x/oauth2's client for a desktop app that reads mail and calendars, and the parameters for a refresh token.
func desktop(server *google.Server) (*oauth2.Config, []oauth2.AuthCodeOption) {
	client := server.Client()
	return &oauth2.Config{
		ClientID: client.ID, ClientSecret: client.Secret, RedirectURL: "http://127.0.0.1:40123/callback",
		Scopes: []string{"openid", "email", mail, calendar},
		Endpoint: oauth2.Endpoint{
			AuthURL: server.AuthorizeURL(), TokenURL: server.TokenURL(), AuthStyle: oauth2.AuthStyleInParams,
		},
	}, []oauth2.AuthCodeOption{oauth2.AccessTypeOffline, oauth2.SetAuthURLParam("prompt", "consent")}
}

// signsIn lets a user sign in, and returns the parameters that the client gets.
func signsIn(
	t *testing.T, server *google.Server, browser *person.Browser, address, username string, choices person.Choices,
) url.Values {
	t.Helper()
	user, err := server.User(username)
	if err != nil {
		t.Fatal(err)
	}
	return sandboxtest.Callback(t, browser, address, username, user.Password, choices)
}

func exchange(t *testing.T, config *oauth2.Config, code string, options ...oauth2.AuthCodeOption) *oauth2.Token {
	t.Helper()
	token, err := config.Exchange(t.Context(), code, options...)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestAuthorizeGrantsScopes(t *testing.T) {
	t.Parallel()
	server := start(t, google.Options{})
	config, offline := desktop(server)
	verifier := oauth2.GenerateVerifier()
	address := config.AuthCodeURL("a state", append(offline, oauth2.S256ChallengeOption(verifier),
		oauth2.SetAuthURLParam("nonce", "n-1"))...)
	back := signsIn(t, server, sandboxtest.Browser(t), address, ada, person.Choices{Withhold: []string{calendar}})
	if back.Get("state") != "a state" || back.Get("iss") != google.Issuer || back.Get("hd") != "example.com" {
		t.Errorf("redirected with %v", back)
	}
	token := exchange(t, config, back.Get("code"), oauth2.VerifierOption(verifier))
	granted, _ := token.Extra("scope").(string)
	if want := []string{"openid", email, mail}; !slices.Equal(strings.Fields(granted), want) || token.RefreshToken == "" {
		t.Errorf("granted %s, with refresh token %t", granted, token.RefreshToken != "")
	}
	var claims jwt.MapClaims
	idToken, _ := token.Extra("id_token").(string)
	if err := sandbox.VerifyToken(idToken, &claims, sandbox.OwnKey); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]any{
		"iss": google.Issuer, "aud": config.ClientID, "email": ada, "hd": "example.com", "nonce": "n-1", "name": nil,
	} {
		if claims[name] != want {
			t.Errorf("%s is %v, want %v", name, claims[name], want)
		}
	}
	if got := get(t, server, "/gmail/v1/users/me/profile", token.AccessToken); got.Text("emailAddress") != ada {
		t.Errorf("mail: %s", got.Body)
	}
	if got := get(t, server, "/calendar/v3/users/me/calendarList", token.AccessToken); got.Status != http.StatusForbidden {
		t.Errorf("a scope that was withheld: %d", got.Status)
	}
	again := refresh(t, server, url.Values{"refresh_token": {token.RefreshToken}})
	if again.Text("scope") != granted || again.Text("id_token") == "" || again.Text("refresh_token") != "" {
		t.Errorf("refresh: %s", again.Body)
	}
}

// TestRefreshTokenNeedsOfflineAndConsent covers when Google returns a refresh token.
func TestRefreshTokenNeedsOfflineAndConsent(t *testing.T) {
	t.Parallel()
	server := start(t, google.Options{})
	config, offline := desktop(server)
	browser := sandboxtest.Browser(t)
	for _, step := range []struct {
		name    string
		options []oauth2.AuthCodeOption
		want    bool
	}{
		{"online", nil, false},
		{"offline, approved before", offline[:1], false},
		{"offline, with consent", offline, true},
	} {
		back := signsIn(t, server, browser, config.AuthCodeURL("s", step.options...), ada, person.Choices{})
		if got := exchange(t, config, back.Get("code")).RefreshToken != ""; got != step.want {
			t.Errorf("%s: refresh token %t", step.name, got)
		}
	}
}

func TestAuthorizeIncludesEarlierScopes(t *testing.T) {
	t.Parallel()
	server := start(t, google.Options{})
	config, _ := desktop(server)
	browser := sandboxtest.Browser(t)
	signsIn(t, server, browser, config.AuthCodeURL("s"), ada, person.Choices{Withhold: []string{calendar}})
	config.Scopes = []string{calendar}
	back := signsIn(t, server, browser, config.AuthCodeURL("s", oauth2.SetAuthURLParam("include_granted_scopes", "true")), ada,
		person.Choices{})
	if want := []string{calendar, "openid", email, mail}; !slices.Equal(strings.Fields(back.Get("scope")), want) {
		t.Errorf("granted %s", back.Get("scope"))
	}
}

// TestAuthorizeChoosesAccount covers the sessions of a browser with one account and with two.
func TestAuthorizeChoosesAccount(t *testing.T) {
	t.Parallel()
	server := start(t, google.Options{})
	config, _ := desktop(server)
	browser := sandboxtest.Browser(t)
	prompt := func(name string) oauth2.AuthCodeOption { return oauth2.SetAuthURLParam("prompt", name) }
	hint := oauth2.SetAuthURLParam("login_hint", admin)
	for _, step := range []struct {
		name     string
		options  []oauth2.AuthCodeOption
		username string
		another  bool
		want     string
	}{
		{"first", nil, ada, false, ada},
		{"the open session", nil, admin, false, ada},
		{"another account", []oauth2.AuthCodeOption{prompt("select_account")}, admin, true, admin},
		{"one of two", nil, ada, false, ada},
		{"by hint", []oauth2.AuthCodeOption{hint}, ada, false, admin},
		{"chosen", []oauth2.AuthCodeOption{prompt("select_account"), hint}, ada, false, ada},
		{"login", []oauth2.AuthCodeOption{prompt("login")}, "grace@example.com", false, "grace@example.com"},
	} {
		address := config.AuthCodeURL("s", step.options...)
		back := signsIn(t, server, browser, address, step.username, person.Choices{Another: step.another})
		token := exchange(t, config, back.Get("code"))
		if got := get(t, server, "/v1/userinfo", token.AccessToken).Text("email"); got != step.want {
			t.Errorf("%s: %s, want %s", step.name, got, step.want)
		}
	}
	back := signsIn(t, server, browser, config.AuthCodeURL("s", prompt("none")), ada, person.Choices{})
	if back.Get("error") != "interaction_required" {
		t.Errorf("prompt=none with three accounts: %v", back)
	}
}

// TestAuthorizeErrors covers the errors that are sent to the client, and those that only the user sees.
func TestAuthorizeErrors(t *testing.T) {
	t.Parallel()
	parameter := func(name, value string) func(*google.Server, url.Values) {
		return func(_ *google.Server, query url.Values) { query.Set(name, value) }
	}
	client := func(change func(*google.Client)) func(*google.Server, url.Values) {
		return func(s *google.Server, _ url.Values) { s.UpdateClient(change) }
	}
	fault := func(code string) func(*google.Server, url.Values) {
		return func(s *google.Server, _ url.Values) { _ = s.Fail(google.AuthorizeError(code), sandbox.UntilCleared) }
	}
	user := func(change func(*google.User)) func(*google.Server, url.Values) {
		return func(s *google.Server, _ url.Values) { _ = s.Update("riva-sync@example.org", change) }
	}
	nothing := func(*google.Server, url.Values) {}
	for name, want := range map[string]struct {
		arrange func(*google.Server, url.Values)
		choices person.Choices
		text    string // on the page; empty: sent to the client
		error   string
	}{
		"another client":  {arrange: parameter("client_id", "x"), text: "Error 401: invalid_client"},
		"deleted client":  {arrange: client(func(c *google.Client) { c.Deleted = true }), text: "Error 401: deleted_client"},
		"disabled client": {arrange: client(func(c *google.Client) { c.Disabled = true }), text: "Error 401: disabled_client"},
		"not loopback": {
			arrange: parameter("redirect_uri", "https://evil.example.com/"), text: "Error 400: redirect_uri_mismatch",
		},
		"web client": {
			arrange: client(func(c *google.Client) { c.Desktop = false }), text: "Error 400: redirect_uri_mismatch",
		},
		"no callback":   {arrange: parameter("redirect_uri", ""), text: "Missing required parameter: redirect_uri"},
		"no scope":      {arrange: parameter("scope", ""), text: "Missing required parameter: scope"},
		"unknown scope": {arrange: parameter("scope", "openid nonsense"), text: "Error 400: invalid_scope"},
		"another type":  {arrange: parameter("response_type", "token"), text: "Error 400: unsupported_response_type"},
		"bad method":    {arrange: parameter("code_challenge_method", "S512"), text: "Error 400: invalid_request"},
		"internal":      {arrange: client(func(c *google.Client) { c.Internal = true }), text: "Error 403: org_internal"},
		"blocked":       {arrange: fault("admin_policy_enforced"), text: "Error 400: admin_policy_enforced"},
		"suspended":     {arrange: user(func(u *google.User) { u.Suspended = true }), text: "Your account has been disabled"},
		"deleted user":  {arrange: user(func(u *google.User) { u.Deleted = true }), text: "Couldn’t find your Google Account"},
		"denied":        {arrange: nothing, choices: person.Choices{Deny: true}, error: "access_denied"},
		"server error":  {arrange: fault("server_error"), error: "server_error"},
		"nothing granted": {
			arrange: parameter("scope", mail+" "+calendar), choices: person.Choices{Withhold: []string{mail, calendar}},
			error: "access_denied",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := start(t, google.Options{})
			config, _ := desktop(server)
			address, err := url.Parse(config.AuthCodeURL("s"))
			if err != nil {
				t.Fatal(err)
			}
			query := address.Query()
			const other = "riva-sync@example.org"
			before, err := server.User(other)
			if err != nil {
				t.Fatal(err)
			}
			want.arrange(server, query)
			address.RawQuery = query.Encode()
			if want.text == "" {
				back := signsIn(t, server, sandboxtest.Browser(t), address.String(), other, want.choices)
				if back.Get("error") != want.error || back.Get("state") != "s" || back.Get("code") != "" {
					t.Errorf("redirected with %v", back)
				}
				return
			}
			_, err = sandboxtest.Browser(t).SignIn(t.Context(), address.String(), other, before.Password, want.choices)
			if !errors.Is(err, person.ErrStuck) || !strings.Contains(err.Error(), want.text) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestCodeRejections(t *testing.T) {
	t.Parallel()
	server := start(t, google.Options{})
	config, _ := desktop(server)
	verifier, browser := oauth2.GenerateVerifier(), sandboxtest.Browser(t)
	code := func() string {
		address := config.AuthCodeURL("s", oauth2.S256ChallengeOption(verifier))
		return signsIn(t, server, browser, address, ada, person.Choices{}).Get("code")
	}
	used := code()
	exchange(t, config, used, oauth2.VerifierOption(verifier))
	for name, want := range map[string]struct {
		code, verifier, redirect string
		error, text              string
	}{
		"again":          {code: used, verifier: verifier, error: "invalid_grant", text: "Bad Request"},
		"unknown":        {code: "4/0x", verifier: verifier, error: "invalid_grant", text: "Malformed auth code."},
		"wrong verifier": {verifier: "x", error: "invalid_grant", text: "Invalid code verifier."},
		"no verifier":    {error: "invalid_grant", text: "Missing code verifier."},
		"another port": {
			verifier: verifier, redirect: "http://127.0.0.1:40124/callback", error: "redirect_uri_mismatch", text: "Bad Request",
		},
	} {
		if want.code == "" {
			want.code = code()
		}
		other := *config
		if want.redirect != "" {
			other.RedirectURL = want.redirect
		}
		_, err := other.Exchange(t.Context(), want.code, oauth2.VerifierOption(want.verifier))
		failed, ok := errors.AsType[*oauth2.RetrieveError](err)
		if !ok || failed.ErrorCode != want.error || failed.ErrorDescription != want.text {
			t.Errorf("%s: %v", name, err)
		}
	}
	server.UpdateClient(func(c *google.Client) { c.Desktop, c.RedirectURIs = false, []string{"https://riva.example.com/back"} })
	config.RedirectURL = "https://riva.example.com/back"
	if back := signsIn(t, server, browser, config.AuthCodeURL("s"), ada, person.Choices{}); back.Get("code") == "" {
		t.Errorf("a registered address: %v", back)
	}
}
