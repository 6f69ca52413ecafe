package salesforce_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/jwt"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
)

// tokenError returns the parts of a token error from x/oauth2.
func tokenError(t *testing.T, err error) (code, description string) {
	t.Helper()
	var failed *oauth2.RetrieveError
	if !errors.As(err, &failed) {
		t.Fatalf("%v is not a token error", err)
	}
	if failed.Response.StatusCode != http.StatusBadRequest {
		t.Errorf("status %d", failed.Response.StatusCode)
	}
	if failed.ErrorCode != "" {
		return failed.ErrorCode, failed.ErrorDescription
	}
	var response struct { // the JWT client does not parse the body
		Error            string `json:"error"`
		ErrorDescription string `json:"error_description"`
	}
	if err := json.Unmarshal(failed.Body, &response); err != nil {
		t.Fatalf("%s: %v", failed.Body, err)
	}
	return response.Error, response.ErrorDescription
}

// identityOf returns the identity URL of a token response.
func identityOf(token *oauth2.Token) string {
	id, _ := token.Extra("id").(string)
	return id
}

func TestClientCredentials(t *testing.T) {
	t.Parallel()
	now := newClock()
	b := start(t, salesforce.Options{Now: now.Now})
	token, err := b.clientCredentials(b.MyDomainURL()).Token(b.context())
	if err != nil {
		t.Fatal(err)
	}
	service := b.Service()
	id := identityOf(token)
	if want := b.LoginURL() + "/id/" + service.OrganizationID + "/" + service.ID; id != want {
		t.Errorf("identity %s, want %s", id, want)
	}
	if token.Extra("instance_url") != b.MyDomainURL() || token.Type() != "Bearer" || !token.Expiry.IsZero() ||
		token.RefreshToken != "" || token.Extra("scope") != "api id web openid" {
		t.Errorf("token %+v, instance %v, scope %v", token, token.Extra("instance_url"), token.Extra("scope"))
	}
	issued, _ := token.Extra("issued_at").(string)
	if want := strconv.FormatInt(now.Now().UnixMilli(), 10); issued != want {
		t.Errorf("issued at %v, want %s", token.Extra("issued_at"), want)
	}
	mac := hmac.New(sha256.New, []byte(b.App().Secret))
	mac.Write([]byte(id + issued))
	if token.Extra("signature") != base64.StdEncoding.EncodeToString(mac.Sum(nil)) {
		t.Errorf("signature %v", token.Extra("signature"))
	}
	if got := b.lastSignIn(); !got.Accepted || got.Scheme != salesforce.GrantClientCredentials || got.User != service.Username ||
		got.Secret != b.App().Secret {
		t.Errorf("recorded %+v", got)
	}
	if got := b.get(b.data("/"), token.AccessToken); got.Status != http.StatusOK {
		t.Errorf("with the token: %d %s", got.Status, got.Body)
	}
}

func TestRejectedClientCredentials(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		prepare     func(*bench)
		secret      string
		login       bool
		error, text string
	}{
		"on the login host": {login: true, error: "invalid_grant", text: "request not supported on this domain"},
		"wrong secret":      {secret: "wrong", error: "invalid_client", text: "invalid client credentials"},
		"changed secret": {
			prepare: func(b *bench) { b.must(b.SetSecret("another")) }, error: "invalid_client",
			text: "invalid client credentials",
		},
		"flow not enabled": {
			prepare: func(b *bench) { b.updateApp(func(a *salesforce.App) { a.ClientCredentials = false }) },
			error:   "invalid_grant", text: "client credentials flow not enabled",
		},
		"no user to run as": {
			prepare: func(b *bench) { b.updateApp(func(a *salesforce.App) { a.RunAs = "" }) }, error: "invalid_grant",
			text: "no client credentials user enabled",
		},
		"app not installed": {
			prepare: func(b *bench) { b.updateApp(func(a *salesforce.App) { a.Installed = false }) }, error: "app_not_found",
			text: "External client app is not installed in this org",
		},
		"another app": {
			prepare: func(b *bench) { b.updateApp(func(a *salesforce.App) { a.ConsumerKey = "3MVG9another" }) },
			error:   "invalid_client_id", text: "client identifier invalid",
		},
		"inactive user": {
			prepare: func(b *bench) { b.update("riva-sync@example.com", func(u *salesforce.User) { u.Active = false }) },
			error:   "inactive_user", text: "user is inactive",
		},
		"user not approved": {
			prepare: func(b *bench) { b.update("riva-sync@example.com", func(u *salesforce.User) { u.Approved = false }) },
			error:   "invalid_app_access", text: "user is not admin approved to access this app",
		},
		"restricted address": {
			prepare: func(b *bench) { b.update("riva-sync@example.com", func(u *salesforce.User) { u.IPRestricted = true }) },
			error:   "invalid_grant", text: "ip restricted or invalid login hours",
		},
		"inactive org": {prepare: func(b *bench) {
			b.must(b.UpdateOrganization(b.Organization().ID, func(o *salesforce.Organization) { o.Active = false }))
		}, error: "inactive_org", text: "organization is locked, closed, or suspended"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := start(t, salesforce.Options{})
			config := b.clientCredentials(b.MyDomainURL())
			if tc.prepare != nil {
				tc.prepare(b)
			}
			if tc.login {
				config.TokenURL = b.LoginURL() + tokenPath
			}
			if tc.secret != "" {
				config.ClientSecret = tc.secret
			}
			_, err := config.Token(b.context())
			if code, text := tokenError(t, err); code != tc.error || text != tc.text {
				t.Errorf("%s: %s", code, text)
			}
			if got := b.SignIns(); got.Attempts != 1 || got.Rejected != 1 || b.lastSignIn().Reason == "" {
				t.Errorf("recorded %+v: %+v", got, b.SignInList())
			}
		})
	}
}

func TestClientAuthenticationInHeader(t *testing.T) {
	t.Parallel()
	b := start(t, salesforce.Options{})
	b.must(b.SetSecret("a+b c:d%"))
	config := b.clientCredentials(b.MyDomainURL())
	config.AuthStyle = oauth2.AuthStyleInHeader
	if _, err := config.Token(b.context()); err != nil {
		t.Error(err)
	}
}

// jwtConfig returns x/oauth2's client for the JWT bearer flow.
func (b *bench) jwtConfig(username string) *jwt.Config {
	app := b.App()
	return &jwt.Config{
		Email: app.ConsumerKey, PrivateKey: []byte(app.PrivateKey), Subject: username, TokenURL: b.LoginURL() + tokenPath,
		Audience: "https://login.salesforce.com", Expires: 3 * time.Minute,
	}
}

func TestJWTBearer(t *testing.T) {
	t.Parallel()
	b := start(t, salesforce.Options{})
	for _, site := range []string{b.LoginURL(), b.MyDomainURL()} {
		for _, audience := range []string{"https://login.salesforce.com", b.LoginURL(), b.MyDomainURL()} {
			config := b.jwtConfig("RIVA-sync@example.com")
			config.TokenURL, config.Audience = site+tokenPath, audience
			token, err := config.TokenSource(b.context()).Token()
			if err != nil {
				t.Fatalf("%s for %s: %v", site, audience, err)
			}
			if token.Extra("instance_url") != b.MyDomainURL() || token.Extra("issued_at") != nil || token.RefreshToken != "" {
				t.Errorf("token %+v", token)
			}
			if got := b.lastSignIn(); !got.Accepted || got.Scheme != salesforce.GrantJWTBearer || got.User != "riva-sync@example.com" ||
				strings.Count(got.Secret, ".") != 2 {
				t.Errorf("recorded %+v", got)
			}
			if got := b.get(identityOf(token), token.AccessToken); got.Text("username") != "riva-sync@example.com" {
				t.Errorf("signed in as %s", got.Body)
			}
		}
	}
}

func TestJWTBearerOfOtherOrganization(t *testing.T) {
	t.Parallel()
	b := start(t, salesforce.Options{})
	token, err := b.jwtConfig("riva-sync@example.org").TokenSource(b.context()).Token()
	if err != nil {
		t.Fatal(err)
	}
	if id := identityOf(token); strings.Contains(id, b.Organization().ID) {
		t.Errorf("identity %s is of the first organization", id)
	}
}

func TestJWTBearerAfterKeyRotation(t *testing.T) {
	t.Parallel()
	b := start(t, salesforce.Options{})
	old := b.jwtConfig("riva-sync@example.com")
	key, err := b.RotateKey()
	if err != nil {
		t.Fatal(err)
	}
	_, err = old.TokenSource(b.context()).Token()
	if code, text := tokenError(t, err); code != "invalid_grant" || text != "invalid assertion" {
		t.Errorf("the old key: %s: %s", code, text)
	}
	old.PrivateKey = []byte(key)
	if _, err := old.TokenSource(b.context()).Token(); err != nil {
		t.Errorf("the new key: %v", err)
	}
}

func TestJWTBearerNeedsApproval(t *testing.T) {
	t.Parallel()
	b := start(t, salesforce.Options{})
	b.updateApp(func(a *salesforce.App) { a.AdminApproved = false })
	config := b.jwtConfig("ada@example.com")
	_, err := config.TokenSource(b.context()).Token()
	if code, text := tokenError(t, err); code != "invalid_grant" || text != "user hasn't approved this consumer" {
		t.Errorf("%s: %s", code, text)
	}
	if _, err := b.Approve("ada@example.com"); err != nil {
		t.Fatal(err)
	}
	if _, err := config.TokenSource(b.context()).Token(); err != nil {
		t.Errorf("after the approval: %v", err)
	}
}
