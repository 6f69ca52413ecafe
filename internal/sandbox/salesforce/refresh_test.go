package salesforce_test

import (
	"net/http"
	"testing"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
)

// refresh uses x/oauth2's client for the refresh token flow.
func (b *bench) refresh(refreshToken, secret string) (*oauth2.Token, error) {
	config := &oauth2.Config{
		ClientID: b.App().ConsumerKey, ClientSecret: secret,
		Endpoint: oauth2.Endpoint{TokenURL: b.LoginURL() + tokenPath, AuthStyle: oauth2.AuthStyleInParams},
	}
	return config.TokenSource(b.context(), &oauth2.Token{RefreshToken: refreshToken}).Token()
}

func (b *bench) approve(username string) string {
	b.t.Helper()
	refreshToken, err := b.Approve(username)
	if err != nil {
		b.t.Fatal(err)
	}
	return refreshToken
}

func TestRefreshToken(t *testing.T) {
	t.Parallel()
	b := start(t, salesforce.Options{})
	refreshToken := b.RefreshToken()
	for range 2 {
		token, err := b.refresh(refreshToken, b.App().Secret)
		if err != nil {
			t.Fatal(err)
		}
		if token.RefreshToken != refreshToken || token.Extra("refresh_token") != nil || token.Extra("issued_at") == nil {
			t.Errorf("response %+v with %v", token, token.Extra("refresh_token"))
		}
	}
	if got := b.lastSignIn(); got.Secret != refreshToken || got.Scheme != salesforce.GrantRefreshToken {
		t.Errorf("recorded %+v", got)
	}
	_, err := b.refresh(refreshToken, "")
	if code, _ := tokenError(t, err); code != "invalid_client" {
		t.Errorf("without the secret: %v", err)
	}
	b.updateApp(func(a *salesforce.App) { a.SecretForRefresh = false })
	if _, err := b.refresh(refreshToken, ""); err != nil {
		t.Errorf("without a secret that is not required: %v", err)
	}
	_, err = b.refresh(refreshToken, "wrong")
	if code, _ := tokenError(t, err); code != "invalid_client" {
		t.Errorf("with a wrong secret that is not required: %v", err)
	}
	b.must(b.RevokeTokens("riva-sync@example.com"))
	_, err = b.refresh(refreshToken, "")
	if code, text := tokenError(t, err); code != "invalid_grant" || text != "expired access/refresh token" {
		t.Errorf("revoked: %s: %s", code, text)
	}
	b.must(b.Reset())
	if _, err := b.refresh(refreshToken, b.App().Secret); err != nil {
		t.Errorf("after the reset: %v", err)
	}
}

func TestRotatedRefreshToken(t *testing.T) {
	t.Parallel()
	b := start(t, salesforce.Options{})
	b.updateApp(func(a *salesforce.App) { a.RotateRefreshTokens = true })
	first := b.approve("riva-sync@example.com")
	token, err := b.refresh(first, b.App().Secret)
	if err != nil || token.RefreshToken == first || token.RefreshToken == "" {
		t.Fatalf("%+v %v", token, err)
	}
	if _, err := b.refresh(token.RefreshToken, b.App().Secret); err != nil {
		t.Errorf("the new token: %v", err)
	}
	if _, err := b.refresh(first, b.App().Secret); err == nil {
		t.Error("the old token is still valid")
	}
}

func TestMaximumOfFiveApprovals(t *testing.T) {
	t.Parallel()
	b := start(t, salesforce.Options{})
	var refreshToken []string
	for range 5 {
		refreshToken = append(refreshToken, b.approve("ada@example.com"))
	}
	token, err := b.refresh(refreshToken[0], b.App().Secret)
	if err != nil {
		t.Fatal(err)
	}
	b.approve("alan@example.com") // approvals of other users do not count
	if _, err := b.refresh(refreshToken[0], b.App().Secret); err != nil {
		t.Errorf("the fifth approval revoked the first: %v", err)
	}
	refreshToken = append(refreshToken, b.approve("ada@example.com"))
	for i, refreshToken := range refreshToken {
		if _, err := b.refresh(refreshToken, b.App().Secret); (err == nil) != (i > 0) {
			t.Errorf("refresh token %d: %v", i+1, err)
		}
	}
	if got := b.get(b.data("/"), token.AccessToken); got.Status != http.StatusUnauthorized {
		t.Errorf("the session of the oldest token: %d", got.Status)
	}
}
