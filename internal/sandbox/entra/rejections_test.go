package entra_test

import (
	"net/url"
	"strings"
	"testing"

	"golang.org/x/oauth2/clientcredentials"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/entra"
)

func TestRejections(t *testing.T) {
	t.Parallel()
	b := start(t)
	for number, test := range map[int]struct {
		word   string
		status int
		change func(*clientcredentials.Config)
	}{
		7000215: {"invalid_client", 401, func(c *clientcredentials.Config) { c.ClientSecret = "wrong" }},
		7000218: {"invalid_client", 401, func(c *clientcredentials.Config) { c.ClientSecret = "" }},
		700016:  {"unauthorized_client", 400, func(c *clientcredentials.Config) { c.ClientID = entra.TenantID }},
		900144:  {"invalid_request", 400, func(c *clientcredentials.Config) { c.ClientID = "" }},
		90002:   {"invalid_request", 400, func(c *clientcredentials.Config) { c.TokenURL = b.endpoint("example.net") }},
		50194:   {"unauthorized_client", 400, func(c *clientcredentials.Config) { c.TokenURL = b.endpoint("common") }},
		1002012: {"invalid_scope", 400, func(c *clientcredentials.Config) { c.Scopes = []string{api + "/Read"} }},
		500011:  {"invalid_resource", 400, func(c *clientcredentials.Config) { c.Scopes = []string{"https://x.example.com/.default"} }},
		70003: {"unsupported_grant_type", 400, func(c *clientcredentials.Config) {
			c.EndpointParams = url.Values{"grant_type": {"password"}}
		}},
	} {
		_, err := b.credentials(test.change)
		got := b.errorOf(err)
		if got.Error != test.word || got.status != test.status || len(got.Numbers) != 1 || got.Numbers[0] != number {
			t.Errorf("%d: got %+v", number, got)
		}
		for _, part := range []string{"AADSTS", " Trace ID: " + got.Trace, " Correlation ID: " + got.Correlation, got.Timestamp} {
			if part == "" || !strings.Contains(got.Description, part) || got.URI == "" {
				t.Errorf("%d: %q does not contain %q", number, got.Description, part)
			}
		}
	}
}

// TestInvalidAssertion checks that an invalid assertion is rejected.
func TestInvalidAssertion(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.must(b.ExpireSecrets())
	_, err := b.credentials(nil)
	if got := b.errorOf(err); got.Numbers[0] != 7000222 {
		t.Errorf("got %+v", got)
	}
	_, err = b.credentials(func(c *clientcredentials.Config) {
		c.EndpointParams = url.Values{
			"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}, "client_assertion": {"a.b.c"},
		}
	})
	if got := b.errorOf(err); got.Numbers[0] != 700027 || got.Error != "invalid_client" {
		t.Errorf("got %+v", got)
	}
}

// TestUserStates checks that a change of a user also affects an app that acts for the user.
func TestUserStates(t *testing.T) {
	t.Parallel()
	for number, change := range map[int]func(*entra.User){
		50057: func(u *entra.User) { u.Enabled = false },
		50053: func(u *entra.User) { u.Locked = true },
		50055: func(u *entra.User) { u.PasswordExpired = true },
		50076: func(u *entra.User) { u.MFA = true },
	} {
		b := start(t)
		refreshToken, err := b.Approve(ada, defaultScope)
		b.must(err)
		refresh := func() error {
			_, err := b.credentials(func(c *clientcredentials.Config) {
				c.EndpointParams = url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refreshToken}}
			})
			return err
		}
		b.must(refresh())
		b.must(b.UpdateUser(ada, change))
		if got := b.errorOf(refresh()); got.Numbers[0] != number {
			t.Errorf("%d: got %+v", number, got)
		}
	}
}

// A refresh gets what its scopes request: an id token for openid, whatever was approved at the start.
func TestRefreshHonorsRequestedScopes(t *testing.T) {
	t.Parallel()
	b := start(t)
	refreshToken, err := b.Approve(ada, defaultScope)
	b.must(err)
	for scope, want := range map[string]bool{
		"": false, defaultScope: false, defaultScope + " openid": true, defaultScope + " profile offline_access": false,
	} {
		token, err := b.credentials(func(c *clientcredentials.Config) {
			c.EndpointParams = url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refreshToken}}
			c.Scopes = strings.Fields(scope)
		})
		b.must(err)
		if id, got := token.Extra("id_token").(string); got != want || want && strings.Count(id, ".") != 2 {
			t.Errorf("scope %q: id token %q", scope, id)
		}
	}
}
