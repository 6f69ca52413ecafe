package suitecrm_test

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/suitecrm"
)

func TestTokenResponse(t *testing.T) {
	t.Parallel()
	b := start(t, suitecrm.Options{})
	for name, got := range map[string]response{"form": b.post(b.request()), "JSON": b.postJSON(b.request())} {
		if got.Status != http.StatusOK || got.Text("token_type") != "Bearer" || got.Text("refresh_token") == "" ||
			!strings.Contains(got.Body, `"expires_in":3600`) {
			t.Errorf("%s: %d %s", name, got.Status, got.Body)
		}
		parts := strings.Split(got.Text("access_token"), ".")
		if len(parts) != 3 {
			t.Fatalf("%s: %s", name, got.Body)
		}
		payload, err := base64.RawURLEncoding.DecodeString(parts[1])
		var claims struct {
			Audience string `json:"aud"`
			ID       string `json:"jti"`
			Subject  string `json:"sub"`
		}
		if err != nil || json.Unmarshal(payload, &claims) != nil || claims.ID == "" || claims.Audience != b.Client().ID ||
			claims.Subject != b.Service().ID {
			t.Errorf("%s: claims %s", name, payload)
		}
	}
}

func TestTokenErrors(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		change url.Values
		grant  string // of the client
		status int
		code   string
		text   string
	}{
		"wrong password": {url.Values{"password": {"x"}}, "", 500, "unknown_error", "The password is invalid: x"},
		"cleaned password": {
			url.Values{"password": {"<x'`>&quot;"}}, "", 500, "unknown_error", "invalid: &lt;x&#039;&#96;&gt;&#38;",
		},
		"unknown user":        {url.Values{"username": {"x"}}, "", 500, "unknown_error", "No user found with this username: x"},
		"wrong client secret": {url.Values{"client_secret": {"x"}}, "", 401, "invalid_client", "Client authentication failed"},
		"unknown client":      {url.Values{"client_id": {"x"}}, "", 500, "unknown_error", "OAuth2Clients module with id x is not"},
		"no client":           {url.Values{"client_id": {""}}, "", 400, "invalid_request", "Check the `client_id` parameter"},
		"unknown grant":       {url.Values{"grant_type": {"x"}}, "", 400, "unsupported_grant_type", "not supported"},
		"client's grant":      {url.Values{}, "client_credentials", 401, "invalid_client", ""},
		"refresh token": {
			url.Values{"grant_type": {"refresh_token"}, "refresh_token": {"x"}}, "", 401, "invalid_request", "refresh token",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := start(t, suitecrm.Options{})
			if tc.grant != "" {
				b.UpdateClient(func(c *suitecrm.Client) { c.Grant = tc.grant })
			}
			request := b.request()
			maps.Copy(request, tc.change)
			b.expectError(name, b.post(request), tc.status, tc.code, tc.text)
			if got := b.SignIns(); got != (sandbox.SignIns{Attempts: 1, Rejected: 1}) {
				t.Errorf("sign-ins %+v", got)
			}
		})
	}
}

// TestPasswordsWithMarkup checks that a form is cleaned of markup, as SuiteCRM's own forms are, and that JSON is not.
func TestPasswordsWithMarkup(t *testing.T) {
	t.Parallel()
	b := start(t, suitecrm.Options{})
	if err := b.SetPassword("riva-sync", `<"pass'word">`); err != nil {
		t.Fatal(err)
	}
	if got := b.post(b.request()); got.Status != http.StatusOK {
		t.Errorf("form: %d %s", got.Status, got.Body)
	}
	b.expectError("JSON", b.postJSON(b.request()), 500, "unknown_error", `The password is invalid: <"pass'word">`)
}

func TestOtherGrants(t *testing.T) {
	t.Parallel()
	b := start(t, suitecrm.Options{})
	first := b.post(b.request())
	request := b.request()
	request.Set("grant_type", "refresh_token")
	request.Set("refresh_token", first.Text("refresh_token"))
	second := b.post(request)
	if got := b.get("/current-user", second.Text("access_token")); got.Status != http.StatusOK {
		t.Errorf("refresh token: %d %s after %s", got.Status, got.Body, second.Body)
	}
	b.expectError("used up", b.post(request), 401, "invalid_request", "")
	b.expectError("replaced", b.get("/current-user", first.Text("access_token")), 401, "access_denied", "revoked")
	b.UpdateClient(func(c *suitecrm.Client) { c.Grant, c.RunAs = "client_credentials", "ada" })
	request.Set("grant_type", "client_credentials")
	third := b.post(request)
	if got := b.get("/current-user", third.Text("access_token")); !strings.Contains(got.Body, `"user_name":"ada"`) ||
		third.Text("refresh_token") != "" {
		t.Errorf("client credentials: %s after %s", got.Body, third.Body)
	}
	b.UpdateClient(func(c *suitecrm.Client) { c.RunAs = "" })
	b.expectError("no user to run as", b.post(request), 500, "unknown_error", "No user found")
}

func TestTokensAreVerified(t *testing.T) {
	t.Parallel()
	now := time.Now()
	b := start(t, suitecrm.Options{Now: func() time.Time { return now }})
	token := b.token()
	parts := strings.Split(token, ".")
	forged := parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(`{"jti":"x","exp":99999999999}`)) + "." + parts[2]
	for name, tc := range map[string][2]string{
		"none": {"", `Missing "Authorization" header`}, "no JWT": {"x", "two dots"}, "forged": {forged, "could not be verified"},
		"cut off": {parts[0] + "." + parts[1] + ".", "could not be verified"},
	} {
		b.expectError(name, b.get("/current-user", tc[0]), 401, "access_denied", tc[1])
	}
	if got := b.get("/current-user", token); got.Status != http.StatusOK {
		t.Errorf("%d %s", got.Status, got.Body)
	}
	now = now.Add(time.Hour)
	b.expectError("after an hour", b.get("/current-user", token), 401, "access_denied", "could not be verified")
}

func TestRevocation(t *testing.T) {
	t.Parallel()
	b := start(t, suitecrm.Options{})
	token, other := b.token(), b.token()
	got := b.send(http.MethodPost, b.URL()+"/Api/V8/logout", "", "Authorization", "Bearer "+token)
	if !strings.Contains(got.Body, "successfully logged out") {
		t.Errorf("%d %s", got.Status, got.Body)
	}
	b.expectError("logged out", b.get("/current-user", token), 401, "access_denied", "revoked")
	if got := b.get("/current-user", other); got.Status != http.StatusOK {
		t.Errorf("the other token ended: %d", got.Status)
	}
	if err := b.RevokeTokens("nobody"); err == nil {
		t.Error("tokens of an unknown user were revoked")
	}
	if err := b.RevokeTokens("riva-sync"); err != nil {
		t.Fatal(err)
	}
	b.expectError("revoked", b.get("/current-user", other), 401, "access_denied", "revoked")
}
