package salesforce_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
)

func TestRejectedCodes(t *testing.T) {
	t.Parallel()
	now := newClock()
	b, config := webApp(t, salesforce.Options{Now: now.Now})
	person := &browser{b: b}
	code := func() string {
		person.open(config.AuthCodeURL("s", oauth2.SetAuthURLParam("prompt", "login")))
		return callbackQuery(t, person.signIn("riva-sync@example.com")).Get("code")
	}
	for name, tc := range map[string]struct {
		prepare     func(*oauth2.Config)
		code        string
		error, text string
	}{
		"unknown": {code: "aPrxunknown", error: "invalid_grant", text: "invalid authorization code"},
		"too late": {
			prepare: func(*oauth2.Config) { now.advance(15 * time.Minute) }, error: "invalid_grant",
			text: "expired authorization code",
		},
		"another callback": {
			prepare: func(c *oauth2.Config) { c.RedirectURL += "/" }, error: "redirect_uri_mismatch",
			text: "redirect_uri must match configuration",
		},
		"wrong secret": {
			prepare: func(c *oauth2.Config) { c.ClientSecret = "wrong" }, error: "invalid_client",
			text: "invalid client credentials",
		},
		"without a secret": {
			prepare: func(c *oauth2.Config) { c.ClientSecret = "" }, error: "invalid_client",
			text: "invalid client credentials",
		},
		"of another client": {
			prepare: func(c *oauth2.Config) { c.ClientID = "another" }, error: "invalid_client_id",
			text: "client identifier invalid",
		},
	} {
		exchanged := code()
		if tc.code != "" {
			exchanged = tc.code
		}
		changed := *config
		if tc.prepare != nil {
			tc.prepare(&changed)
		}
		_, err := changed.Exchange(b.context(), exchanged)
		if code, text := tokenError(t, err); code != tc.error || text != tc.text {
			t.Errorf("%s: %s: %s", name, code, text)
		}
	}
	b.updateApp(func(a *salesforce.App) { a.SecretForCode = false })
	config.ClientSecret = ""
	if _, err := config.Exchange(b.context(), code()); err != nil {
		t.Errorf("without a secret that is not required: %v", err)
	}
}

func TestAuthorizeErrors(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		prepare func(*bench, url.Values)
		error   string
		page    bool // shown to the user, not sent to the client
	}{
		"another client": {func(_ *bench, q url.Values) { q.Set("client_id", "x") }, "invalid_client_id", true},
		"another callback": {
			func(_ *bench, q url.Values) { q.Set("redirect_uri", "https://evil.example.com/") }, "redirect_uri_mismatch",
			true,
		},
		"another type": {func(_ *bench, q url.Values) { q.Set("response_type", "token") }, "unsupported_response_type", false},
		"other scope":  {func(_ *bench, q url.Values) { q.Set("scope", "api full") }, "invalid_scope", false},
		"not installed": {
			func(b *bench, _ url.Values) { b.updateApp(func(a *salesforce.App) { a.Installed = false }) },
			"OAUTH_EC_APP_NOT_FOUND", false,
		},
		"scripted": {func(b *bench, _ url.Values) { b.fail(salesforce.CallbackError("OAUTH_APP_ACCESS_DENIED"), 1) },
			"OAUTH_APP_ACCESS_DENIED", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, config := webApp(t, salesforce.Options{})
			address, err := url.Parse(config.AuthCodeURL("s"))
			if err != nil {
				t.Fatal(err)
			}
			query := address.Query()
			tc.prepare(b, query)
			address.RawQuery = query.Encode()
			got := b.do(http.MethodGet, address.String(), "")
			if tc.page {
				if got.Status != http.StatusBadRequest || got.Header.Get("Location") != "" || !strings.Contains(got.Body, "error="+tc.error) {
					t.Errorf("%d %s %s", got.Status, got.Header.Get("Location"), got.Body)
				}
				return
			}
			back := callbackQuery(t, got)
			if back.Get("error") != tc.error || back.Get("error_description") == "" || back.Get("state") != "s" {
				t.Errorf("redirected with %v", back)
			}
		})
	}
}

func TestLoginFormErrors(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		username string
		change   func(*salesforce.User)
		reason   string
	}{
		"unknown":    {"nobody@example.com", nil, "unknown user"},
		"inactive":   {"left@example.com", nil, "user inactive"},
		"restricted": {"ada@example.com", func(u *salesforce.User) { u.IPRestricted = true }, "ip restricted"},
	} {
		b, config := webApp(t, salesforce.Options{})
		if tc.change != nil {
			b.update(tc.username, tc.change)
		}
		user, err := b.User(tc.username)
		if err != nil && tc.reason != "unknown user" {
			t.Fatal(err)
		}
		person := &browser{b: b}
		person.open(config.AuthCodeURL("s"))
		if page := person.submit("un", tc.username, "pw", user.Password); !isForm(page) || person.cookie != "" {
			t.Errorf("%s: %d %s", name, page.Status, page.Body)
		}
		if got := b.lastSignIn(); got.Accepted || got.Reason != tc.reason {
			t.Errorf("%s: recorded %+v", name, got)
		}
	}
	b, config := webApp(t, salesforce.Options{})
	b.update("ada@example.com", func(u *salesforce.User) { u.Approved = false })
	person := &browser{b: b}
	person.open(config.AuthCodeURL("s"))
	if back := callbackQuery(t, person.signIn("ada@example.com")); back.Get("error") != "OAUTH_APP_ACCESS_DENIED" {
		t.Errorf("not admin approved: %v", back)
	}
}
