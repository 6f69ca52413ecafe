package salesforce_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
)

const callback = "https://riva.example.com/callback"

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

// signIn opens the authorize page and submits its form.
func (b *bench) signIn(address, username, password string) reply {
	b.t.Helper()
	page := b.do(http.MethodGet, address, "")
	form := regexp.MustCompile(`action="([^"]*)"`).FindStringSubmatch(page.Body)
	if page.Status != http.StatusOK || form == nil {
		b.t.Fatalf("page: %d %s", page.Status, page.Body)
	}
	return b.form(b.LoginURL()+html.UnescapeString(form[1]), "un", username, "pw", password)
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

func TestWebServerFlow(t *testing.T) {
	t.Parallel()
	now := newClock()
	b, config := webApp(t, salesforce.Options{Now: now.Now})
	b.updateApp(func(a *salesforce.App) { a.PKCE = true })
	verifier, service := oauth2.GenerateVerifier(), b.Service()
	address := config.AuthCodeURL("a state & more", oauth2.S256ChallengeOption(verifier))
	if page := b.signIn(address, service.Username, "wrong"); !strings.Contains(page.Body, "check your username") {
		t.Fatalf("a wrong password: %d %s", page.Status, page.Body)
	}
	if got := b.lastSignIn(); got.Accepted || got.Scheme != salesforce.SchemeForm || got.Reason != "wrong password" {
		t.Errorf("recorded %+v", got)
	}
	back := callbackQuery(t, b.signIn(address, service.Username, service.Password))
	if back.Get("state") != "a state & more" {
		t.Errorf("redirected with %v", back)
	}
	token, err := config.Exchange(b.context(), back.Get("code"), oauth2.VerifierOption(verifier))
	if err != nil {
		t.Fatal(err)
	}
	if token.RefreshToken == "" || token.Extra("scope") != "api id refresh_token" {
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
			tc.code = callbackQuery(t, b.signIn(address, service.Username, service.Password)).Get("code")
		}
		now.advance(tc.wait)
		_, err := config.Exchange(b.context(), tc.code, oauth2.VerifierOption(tc.verifier))
		if code, text := tokenError(t, err); code != "invalid_grant" || text != tc.text {
			t.Errorf("%s: %s: %s", name, code, text)
		}
	}
}

func TestAuthorizeErrors(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct {
		parameter, value, error string
		page                    bool // shown to the user, not sent to the client
	}{
		"another client":   {"client_id", "x", "invalid_client_id", true},
		"another callback": {"redirect_uri", "https://evil.example.com/", "redirect_uri_mismatch", true},
		"another type":     {"response_type", "token", "unsupported_response_type", false},
		"other scope":      {"scope", "api full", "invalid_scope", false},
		"plain challenge":  {"code_challenge_method", "plain", "invalid_request", false},
	} {
		b, config := webApp(t, salesforce.Options{})
		got := b.do(http.MethodGet, config.AuthCodeURL("s", oauth2.SetAuthURLParam(want.parameter, want.value)), "")
		if want.page {
			location := got.Header.Get("Location")
			if got.Status != http.StatusBadRequest || location != "" || !strings.Contains(got.Body, "error="+want.error) {
				t.Errorf("%s: %d %s %s", name, got.Status, location, got.Body)
			}
			continue
		}
		back := callbackQuery(t, got)
		if back.Get("error") != want.error || back.Get("error_description") == "" || back.Get("state") != "s" {
			t.Errorf("%s: redirected with %v", name, back)
		}
	}
}
