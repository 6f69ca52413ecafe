package entra_test

import (
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"
	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

// TestAuthorizationCode signs in a user with a browser. The app gets a refresh token that is replaced at each use until
// it is revoked.
func TestAuthorizationCode(t *testing.T) {
	t.Parallel()
	b := start(t)
	app := b.App()
	config := &oauth2.Config{
		ClientID: app.ClientID, ClientSecret: app.Secrets[0].Value, RedirectURL: app.RedirectURIs[0],
		Scopes: []string{"openid", "offline_access", api + "/Read"},
		Endpoint: oauth2.Endpoint{
			AuthURL:  strings.Replace(b.endpoint("example.com"), "/token", "/authorize", 1),
			TokenURL: b.endpoint("example.com"), AuthStyle: oauth2.AuthStyleInParams,
		},
	}
	verifier := oauth2.GenerateVerifier()
	page := config.AuthCodeURL("state", oauth2.S256ChallengeOption(verifier), oauth2.SetAuthURLParam("nonce", "n"))
	user, err := b.User(ada)
	b.must(err)
	if got := b.submit(page, ada, "wrong"); got != "" {
		t.Errorf("a wrong password was accepted: %s", got)
	}
	code := b.submit(page, ada, user.Password)
	if _, err := config.Exchange(t.Context(), code, oauth2.VerifierOption("x"+verifier)); b.errorOf(err).Numbers[0] != 501481 {
		t.Errorf("another verifier: %v", err)
	}
	token, err := config.Exchange(t.Context(), code, oauth2.VerifierOption(verifier))
	b.must(err)
	if _, err := config.Exchange(t.Context(), code, oauth2.VerifierOption(verifier)); b.errorOf(err).Numbers[0] != 54005 {
		t.Errorf("the same code again: %v", err)
	}
	got, err := b.Verify(token.AccessToken, api)
	if err != nil || got.App || got.UPN != ada || got.Scopes[0] != "Read" {
		t.Errorf("%+v %v", got, err)
	}
	b.verifyIDToken(config.ClientID, token)
	next, err := config.TokenSource(t.Context(), &oauth2.Token{RefreshToken: token.RefreshToken}).Token()
	if err != nil || next.RefreshToken == token.RefreshToken || next.RefreshToken == "" {
		t.Fatalf("%+v %v", next, err)
	}
	b.must(b.Revoke(ada))
	for _, refreshToken := range []string{token.RefreshToken, next.RefreshToken} {
		_, err := config.TokenSource(t.Context(), &oauth2.Token{RefreshToken: refreshToken}).Token()
		if got := b.errorOf(err); got.Numbers[0] != 50173 || got.Error != "invalid_grant" {
			t.Errorf("revoked: %+v", got)
		}
	}
}

// submit submits the form of the authorize page and returns the code of the redirect.
func (b *bench) submit(page, login, password string) string {
	b.t.Helper()
	form := url.Values{"login": {login}, "passwd": {password}}.Encode()
	response := sandboxtest.Send(b.t, sandboxtest.Client(), sandboxtest.Request(b.t, http.MethodPost, page, form))
	to, err := url.Parse(response.Header.Get("Location"))
	b.must(err)
	if to.Query().Has("code") && to.Query().Get("state") != "state" {
		b.t.Errorf("redirected to %s", to)
	}
	return to.Query().Get("code")
}

// verifyIDToken verifies an id token with the key that the tenant's discovery document names.
func (b *bench) verifyIDToken(clientID string, token *oauth2.Token) {
	b.t.Helper()
	var configuration struct {
		Issuer string `json:"issuer"`
		Keys   string `json:"jwks_uri"`
	}
	b.get(b.URL()+"/example.com/v2.0/.well-known/openid-configuration", &configuration)
	var published struct {
		Keys []struct{ N, E, Kid string } `json:"keys"`
	}
	b.get(configuration.Keys, &published)
	number := func(text string) *big.Int {
		bytes, err := base64.RawURLEncoding.DecodeString(text)
		b.must(err)
		return new(big.Int).SetBytes(bytes)
	}
	key := &rsa.PublicKey{N: number(published.Keys[0].N), E: int(number(published.Keys[0].E).Int64())}
	claims := jwt.MapClaims{}
	raw, _ := token.Extra("id_token").(string)
	id, err := jwt.ParseWithClaims(raw, claims, func(*jwt.Token) (any, error) { return key, nil },
		jwt.WithIssuer(configuration.Issuer), jwt.WithAudience(clientID), jwt.WithValidMethods([]string{"RS256"}))
	if err != nil || id.Header["kid"] != published.Keys[0].Kid || claims["nonce"] != "n" || claims["preferred_username"] != ada {
		b.t.Errorf("%+v %v", claims, err)
	}
}

// get reads a document.
func (b *bench) get(address string, into any) {
	b.t.Helper()
	response := sandboxtest.Send(b.t, sandboxtest.Client(), sandboxtest.Request(b.t, http.MethodGet, address, ""))
	b.must(json.Unmarshal([]byte(response.Body), into))
}
