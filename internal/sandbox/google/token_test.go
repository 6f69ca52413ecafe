package google_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/google"
)

func TestRefreshTokens(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change  url.Values
		arrange func(*google.Server)
		status  int
		code    string
		text    string
	}{
		"valid":        {nil, nil, 200, "", ""},
		"fewer scopes": {url.Values{"scope": {mail}}, nil, 200, "", ""},
		"more scopes":  {url.Values{"scope": {"https://mail.google.com/"}}, nil, 400, "invalid_scope", ""},
		"other token":  {url.Values{"refresh_token": {"1//0x"}}, nil, 400, "invalid_grant", "Bad Request"},
		"other client": {url.Values{"client_id": {"x"}}, nil, 401, "invalid_client", "not found"},
		"other secret": {url.Values{"client_secret": {"x"}}, nil, 401, "invalid_client", "secret is invalid"},
		"other grant":  {url.Values{"grant_type": {"password"}}, nil, 400, "unsupported_grant_type", "password"},
		"disabled client": {nil, func(s *google.Server) {
			s.UpdateClient(func(c *google.Client) { c.Disabled = true })
		}, 401, "disabled_client", "disabled"},
		"deleted client": {nil, func(s *google.Server) {
			s.UpdateClient(func(c *google.Client) { c.Deleted = true })
		}, 401, "deleted_client", "deleted"},
		"suspended user": {nil, func(s *google.Server) {
			_ = s.Update(s.Admin().Email, func(u *google.User) { u.Suspended = true })
		}, 400, "invalid_grant", "expired or revoked"},
		"revoked": {nil, func(s *google.Server) { _ = s.RevokeTokens(s.Admin().Email) }, 400, "invalid_grant", "Bad Request"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := start(t, google.Options{})
			if test.arrange != nil {
				test.arrange(server)
			}
			got := refresh(t, server, test.change)
			if got.Status != test.status || got.Text("error") != test.code || !strings.Contains(got.Text("error_description"), test.text) {
				t.Fatalf("got %d %s", got.Status, got.Body)
			}
			if test.code != "" {
				return
			}
			if requested := test.change.Get("scope"); requested != "" && got.Text("scope") != requested {
				t.Errorf("got the scopes %s", got.Text("scope"))
			}
			profile := get(t, server, "/gmail/v1/users/me/profile", got.Text("access_token"))
			if profile.Text("emailAddress") != server.Admin().Email {
				t.Errorf("got %s", profile.Body)
			}
		})
	}
}

func TestTokenExpiry(t *testing.T) {
	t.Parallel()
	now := time.Now()
	server := start(t, google.Options{Now: func() time.Time { return now }})
	works := func(access string) bool {
		return get(t, server, "/gmail/v1/users/me/profile", access).Status == http.StatusOK
	}
	ada, admin := token(t, server, "ada@example.com", mail), refresh(t, server, nil).Text("access_token")
	if err := server.ExpireTokens("ada.lovelace@example.com"); err != nil {
		t.Fatal(err)
	}
	if works(ada) || !works(admin) {
		t.Error("only ada's token should expire")
	}
	now = now.Add(time.Hour)
	if works(admin) {
		t.Error("a token is valid for more than an hour")
	}
	admin = refresh(t, server, nil).Text("access_token")
	if server.ExpireTokens("nobody@example.com") == nil || server.RevokeTokens("nobody@example.com") == nil {
		t.Error("tokens of an unknown user were removed")
	}
	if err := server.Reset(); err != nil {
		t.Fatal(err)
	}
	if works(admin) || refresh(t, server, nil).Status != http.StatusOK || server.SignIns().Attempts != 1 {
		t.Error("a reset must remove access tokens and restore the state at the start")
	}
}

func TestTokenInfoAndUserInfo(t *testing.T) {
	t.Parallel()
	server := start(t, google.Options{})
	info := strings.TrimSuffix(server.TokenURL(), "/token") + "/tokeninfo?access_token="
	access := refresh(t, server, nil).Text("access_token")
	admin := server.Admin()
	got := do(t, http.MethodGet, info+access, "", nil)
	if got.Text("aud") != server.Client().ID || got.Text("email") != admin.Email || got.Text("access_type") != "offline" ||
		!strings.Contains(got.Text("scope"), mail) {
		t.Errorf("got %s", got.Body)
	}
	header := do(t, http.MethodPost, strings.TrimSuffix(info, "?access_token="), access, nil)
	if header.Text("scope") != got.Text("scope") {
		t.Errorf("with the token in the header: %s", header.Body)
	}
	ada := token(t, server, "ada@example.com", mail)
	got = do(t, http.MethodGet, info+ada, "", nil)
	if got.Text("aud") != server.ServiceAccount().ClientID || got.Text("email") != "" {
		t.Errorf("got %s", got.Body)
	}
	if got := do(t, http.MethodGet, info+"x", "", nil); got.Status != 400 || got.Text("error") != "invalid_token" {
		t.Errorf("got %s", got.Body)
	}
	for _, path := range []string{"/v1/userinfo", "/oauth2/v3/userinfo"} {
		got := get(t, server, path, access)
		if got.Text("sub") != admin.ID || got.Text("email") != admin.Email || got.Text("hd") != "example.com" ||
			got.Text("name") != "Riva Sync" {
			t.Errorf("got %s", got.Body)
		}
		if got := get(t, server, path, ada); got.Status != 401 || got.Header.Get("WWW-Authenticate") == "" {
			t.Errorf("without the scope: %d %s", got.Status, got.Body)
		}
	}
	v2 := get(t, server, "/oauth2/v2/userinfo", access)
	if v2.Text("id") != admin.ID || v2.Text("email") != admin.Email || !strings.Contains(v2.Body, `"verified_email": true`) &&
		!strings.Contains(v2.Body, `"verified_email":true`) || v2.Text("sub") != "" {
		t.Errorf("version 2: %s", v2.Body)
	}
	itself := get(t, server, "/v1/userinfo", token(t, server, "", "openid email"))
	if itself.Text("email") != server.ServiceAccount().Email {
		t.Errorf("the service account itself: %s", itself.Body)
	}
}

// TestSites checks that the two hosts do not serve each other's paths.
func TestSites(t *testing.T) {
	t.Parallel()
	server := start(t, google.Options{})
	token := strings.TrimSuffix(server.TokenURL(), "/token")
	for _, address := range []string{server.APIURL() + "/token", server.APIURL() + "/x", token + "/v1/userinfo", token + "/x"} {
		if got := do(t, http.MethodPost, address, "", nil); got.Status != 404 || !strings.Contains(got.Body, "<title>Error 404") {
			t.Errorf("%s: got %d %s", address, got.Status, got.Body)
		}
	}
}
