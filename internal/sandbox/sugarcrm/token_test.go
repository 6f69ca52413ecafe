package sugarcrm_test

import (
	"maps"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/sugarcrm"
)

func TestTokenResponse(t *testing.T) {
	t.Parallel()
	b := start(t, sugarcrm.Options{})
	got := b.signIn("riva-sync", "riva").Object()
	for name, want := range map[string]any{
		"expires_in": 3600.0, "token_type": "bearer", "scope": nil, "refresh_expires_in": 1209600.0,
	} {
		if value, ok := got[name]; !ok || value != want {
			t.Errorf("%s is %v, want %v", name, value, want)
		}
	}
	for _, name := range []string{"access_token", "refresh_token", "download_token"} {
		if text, _ := got[name].(string); len(text) != 36 {
			t.Errorf("%s is %q", name, text)
		}
	}
}

func TestFormsAndJSONAreAccepted(t *testing.T) {
	t.Parallel()
	b := start(t, sugarcrm.Options{})
	form := url.Values{}
	for name, value := range b.request("riva-sync", "riva") {
		text, _ := value.(string)
		form.Set(name, text)
	}
	at := b.URL() + "/rest/v10/oauth2/token"
	got := b.send(http.MethodPost, at, "", "application/x-www-form-urlencoded", []byte(form.Encode()))
	if got.Status != http.StatusOK {
		t.Errorf("%d %s", got.Status, got.Body)
	}
	b.expectError("no JSON", b.send(http.MethodPost, at, "", "application/json", []byte("{")), 422, "invalid_parameter", "")
	b.expectError("GET", b.get("/oauth2/token", ""), http.StatusNotFound, "no_method", "")
}

func TestTokenErrors(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		prepare func(*bench)
		change  map[string]any
		status  int
		label   string
		text    string
	}{
		"wrong password":   {nil, map[string]any{"password": "x"}, 401, "need_login", "valid username and password"},
		"unknown user":     {nil, map[string]any{"username": "x"}, 401, "need_login", "valid username and password"},
		"unknown platform": {nil, map[string]any{"platform": "x"}, 422, "invalid_parameter", "EXCEPTION_INVALID_PLATFORM"},
		"unknown client":   {nil, map[string]any{"client_id": "x"}, 400, "invalid_client", ""},
		"client's secret":  {nil, map[string]any{"client_secret": "x"}, 400, "invalid_client", ""},
		"unknown grant":    {nil, map[string]any{"grant_type": "client_credentials"}, 400, "unsupported_grant_type", ""},
		"refresh token": {
			nil, map[string]any{"grant_type": "refresh_token", "refresh_token": "x"}, 400, "invalid_grant", "refresh token",
		},
		"inactive": {
			func(b *bench) { b.update("riva-sync", func(u *sugarcrm.User) { u.Active = false }) },
			nil, 401, "need_login", "",
		},
		"locked": {
			func(b *bench) { b.update("riva-sync", func(u *sugarcrm.User) { u.Locked = true }) },
			nil, 401, "need_login", "Too many failed login attempts. You can try logging in again in 5min.",
		},
		"maintenance": {
			func(b *bench) {
				b.update("riva-sync", func(u *sugarcrm.User) { u.Admin = false })
				b.UpdateInstance(func(i *sugarcrm.Instance) { i.Maintenance = true })
			},
			nil, 503, "maintenance", "Only administrators",
		},
		"license": {
			func(b *bench) {
				b.update("riva-sync", func(u *sugarcrm.User) { u.Admin = false })
				b.UpdateInstance(func(i *sugarcrm.Instance) { i.LicenseExpired = true })
			},
			nil, 503, "admin_only", "license",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := start(t, sugarcrm.Options{})
			if tc.prepare != nil {
				tc.prepare(b)
			}
			request := b.request("riva-sync", "riva")
			maps.Copy(request, tc.change)
			b.expectError(name, b.call(http.MethodPost, "/oauth2/token", "", request), tc.status, tc.label, tc.text)
			if got := b.SignIns(); got != (sandbox.SignIns{Attempts: 1, Rejected: 1}) {
				t.Errorf("sign-ins %+v", got)
			}
		})
	}
}

func TestLockAfter(t *testing.T) {
	t.Parallel()
	b := start(t, sugarcrm.Options{LockAfter: 2})
	wrong := b.request("riva-sync", "riva")
	wrong["password"] = "x"
	for range 2 {
		b.call(http.MethodPost, "/oauth2/token", "", wrong)
	}
	correct := b.request("riva-sync", "riva")
	b.expectError("locked", b.call(http.MethodPost, "/oauth2/token", "", correct), 401, "need_login", "Too many")
}

// TestOneSessionPerPlatform checks that a sign-in ends the user's other session on the platform, but not one on another
// platform.
func TestOneSessionPerPlatform(t *testing.T) {
	t.Parallel()
	b := start(t, sugarcrm.Options{})
	browser := b.signIn("ada", "base").Text("access_token")
	first := b.token("ada")
	second := b.token("ada")
	for token, status := range map[string]int{browser: 200, first: 401, second: 200} {
		if got := b.get("/me", token); got.Status != status {
			t.Errorf("%d, want %d", got.Status, status)
		}
	}
}

func TestRefresh(t *testing.T) {
	t.Parallel()
	now := time.Now()
	b := start(t, sugarcrm.Options{Now: func() time.Time { return now }})
	opened := b.signIn("riva-sync", "riva")
	now = now.Add(time.Hour)
	b.expectError("after an hour", b.get("/me", opened.Text("access_token")), 401, "invalid_grant", "")
	request := map[string]any{
		"grant_type": "refresh_token", "client_id": "sugar", "platform": "riva", "refresh_token": opened.Text("refresh_token"),
	}
	renewed := b.call(http.MethodPost, "/oauth2/token", "", request)
	if got := b.get("/me", renewed.Text("access_token")); got.Status != http.StatusOK {
		t.Errorf("%d %s after %s", got.Status, got.Body, renewed.Body)
	}
	b.expectError("used up", b.call(http.MethodPost, "/oauth2/token", "", request), 400, "invalid_grant", "")
}

func TestSudo(t *testing.T) {
	t.Parallel()
	b := start(t, sugarcrm.Options{})
	browser := b.signIn("ada", "base").Text("access_token")
	service := b.token("riva-sync")
	as := b.call(http.MethodPost, "/oauth2/sudo/ada", service, map[string]any{"platform": "riva", "client_id": "sugar"})
	token := as.Text("access_token")
	if as.Status != http.StatusOK || as.Object()["refresh_token"] != nil || as.Object()["expires_in"] != 3600.0 {
		t.Errorf("%d %s", as.Status, as.Body)
	}
	for name, got := range map[string]response{
		"ada": b.get("/me", token), "ada's browser": b.get("/me", browser), "service": b.get("/me", service),
	} {
		if got.Status != http.StatusOK {
			t.Errorf("%s: %d %s", name, got.Status, got.Body)
		}
	}
	b.expectError("acting twice", b.call(http.MethodPost, "/oauth2/sudo/grace", token, nil), 403, "not_authorized", "")
	for _, user := range []string{"nobody", "left"} {
		b.expectError(user, b.call(http.MethodPost, "/oauth2/sudo/"+user, service, nil), 404, "not_found", "")
	}
	b.expectError("platform", b.call(http.MethodPost, "/oauth2/sudo/ada", service, map[string]any{"platform": "x"}), 422,
		"invalid_parameter", "PLATFORM")
	b.expectError("no administrator", b.call(http.MethodPost, "/oauth2/sudo/grace", browser, nil), 403, "not_authorized", "")
	// Without a platform it is the browsers' platform, so ada's session ends.
	if got := b.call(http.MethodPost, "/oauth2/sudo/ada", service, nil); got.Status != http.StatusOK {
		t.Errorf("%d %s", got.Status, got.Body)
	}
	if got := b.get("/me", browser); got.Status != http.StatusUnauthorized {
		t.Errorf("ada's browser session is still valid: %d", got.Status)
	}
}

func TestLogout(t *testing.T) {
	t.Parallel()
	b := start(t, sugarcrm.Options{})
	token := b.token("riva-sync")
	other := b.signIn("riva-sync", "base")
	if got := b.call(http.MethodPost, "/oauth2/logout", token, map[string]any{}); got.Object()["success"] != true {
		t.Errorf("%d %s", got.Status, got.Body)
	}
	b.expectError("ended", b.get("/me", token), 401, "invalid_grant", "")
	if got := b.get("/me", other.Text("access_token")); got.Status != http.StatusOK {
		t.Errorf("the other session ended: %d", got.Status)
	}
}
