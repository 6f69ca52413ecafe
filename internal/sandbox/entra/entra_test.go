package entra_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/entra"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

const (
	api          = "https://api.example.com"
	defaultScope = api + "/.default"
	ada          = "ada@example.com"
)

// bench is a directory on a site of its own.
type bench struct {
	*entra.Directory
	*sandbox.Host

	t *testing.T
}

// start starts a directory with two APIs, one for each version of tokens. The app has read permissions in both.
func start(t *testing.T) *bench {
	t.Helper()
	seed, err := entra.NewSeed()
	if err != nil {
		t.Fatal(err)
	}
	seed.Resources = func() []entra.Resource {
		return []entra.Resource{
			{AppID: "api", URIs: []string{api}},
			{AppID: "11112222-bbbb-3333-cccc-4444dddd5555", URIs: []string{"api://new"}, V2: true},
		}
	}
	seed.Apps[0].Consents["api"] = entra.Consent{Roles: []string{"Read.All"}, Scopes: []string{"Read"}}
	b := &bench{t: t}
	address := func() string { return b.URL() }
	if b.Directory, err = entra.New(entra.Options{Seed: seed, URL: address}); err != nil {
		t.Fatal(err)
	}
	if b.Host, err = sandbox.Start(sandbox.Options{}, b.System()); err != nil {
		t.Fatal(err)
	}
	sandboxtest.CloseAfterTest(t, b)
	return b
}

func (b *bench) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) endpoint(tenant string) string { return b.URL() + "/" + tenant + "/oauth2/v2.0/token" }

// credentials requests a token with x/oauth2's client for client credentials.
func (b *bench) credentials(change func(*clientcredentials.Config)) (*oauth2.Token, error) {
	app := b.App()
	config := &clientcredentials.Config{
		ClientID: app.ClientID, ClientSecret: app.Secrets[0].Value, TokenURL: b.endpoint("example.com"),
		Scopes: []string{defaultScope}, AuthStyle: oauth2.AuthStyleInParams,
	}
	if change != nil {
		change(config)
	}
	return config.Token(b.t.Context())
}

// tokenError is an error in Entra's form.
type tokenError struct {
	status      int
	Error       string `json:"error"`
	Description string `json:"error_description"`
	Numbers     []int  `json:"error_codes"`
	Timestamp   string `json:"timestamp"`
	Trace       string `json:"trace_id"`
	Correlation string `json:"correlation_id"`
	URI         string `json:"error_uri"`
}

func (b *bench) errorOf(err error) tokenError {
	b.t.Helper()
	response, ok := errors.AsType[*oauth2.RetrieveError](err)
	if !ok {
		b.t.Fatalf("got %v, want an error of the token endpoint", err)
	}
	body := tokenError{status: response.Response.StatusCode}
	b.must(json.Unmarshal(response.Body, &body))
	return body
}

func TestClientCredentials(t *testing.T) {
	t.Parallel()
	b := start(t)
	for _, style := range []oauth2.AuthStyle{oauth2.AuthStyleInParams, oauth2.AuthStyleInHeader} {
		token, err := b.credentials(func(c *clientcredentials.Config) { c.AuthStyle = style })
		if err != nil {
			t.Fatal(err)
		}
		got, err := b.Verify(token.AccessToken, api+"/")
		if err != nil || !got.App || got.ClientID != b.App().ClientID || got.TenantID != entra.TenantID || got.Roles[0] != "Read.All" {
			t.Errorf("%+v %v", got, err)
		}
		if token.RefreshToken != "" || token.Extra("id_token") != nil || time.Until(token.Expiry) < 50*time.Minute {
			t.Errorf("%+v", token)
		}
	}
	if got := b.SignInList(); len(got) != 2 || !got[0].Accepted || got[0].Secret != b.App().Secrets[0].Value {
		t.Errorf("recorded %+v", got)
	}
}

// TestClaims checks the claims of both versions of tokens.
func TestClaims(t *testing.T) {
	t.Parallel()
	b := start(t)
	for scope, want := range map[string]map[string]any{
		defaultScope: {
			"ver": "1.0", "aud": api, "iss": "https://sts.windows.net/" + entra.TenantID + "/", "appid": b.App().ClientID,
			"idtyp": "app", "oid": b.App().ObjectID, "tid": entra.TenantID,
		},
		"api://new/.default": {
			"ver": "2.0", "aud": "11112222-bbbb-3333-cccc-4444dddd5555", "azp": b.App().ClientID, "oid": b.App().ObjectID,
			"iss": "https://login.microsoftonline.com/" + entra.TenantID + "/v2.0", "appid": nil, "roles": nil,
		},
	} {
		token, err := b.credentials(func(c *clientcredentials.Config) { c.Scopes = []string{scope} })
		if err != nil {
			t.Fatal(err)
		}
		payload, err := base64.RawURLEncoding.DecodeString(strings.Split(token.AccessToken, ".")[1])
		b.must(err)
		var claims map[string]any
		b.must(json.Unmarshal(payload, &claims))
		for name, value := range want {
			if claims[name] != value {
				t.Errorf("%s: %s is %v, want %v", scope, name, claims[name], value)
			}
		}
	}
}

func TestVerify(t *testing.T) {
	t.Parallel()
	b := start(t)
	token, err := b.credentials(nil)
	b.must(err)
	parts := strings.Split(token.AccessToken, ".")
	forged := parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(`{"aud":"`+api+`","exp":9999999999}`)) + "." + parts[2]
	if _, err := b.Verify(forged, api); !errors.Is(err, entra.ErrNotAToken) {
		t.Errorf("forged: %v", err)
	}
	if _, err := b.Verify(token.AccessToken, "https://other.example.com"); !errors.Is(err, entra.ErrAudience) {
		t.Errorf("for another API: %v", err)
	}
	b.ExpireTokens()
	if _, err := b.Verify(token.AccessToken, api); !errors.Is(err, entra.ErrExpired) {
		t.Errorf("expired: %v", err)
	}
}
