package access_test

import (
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/access"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
)

func TestSecretGetsAccessToken(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, f *fixture) {
		c, secret := f.create(t, "pipeline", "read", "test")
		if !regexp.MustCompile(`^rivacs_[A-Za-z0-9_-]{43}$`).MatchString(secret) {
			t.Errorf("secret %q", secret)
		}
		got := f.withSecret(t, c.ID, secret)
		if got.Status != http.StatusOK || got.Type != "Bearer" || got.ExpiresIn != 900 || got.Scope != "read test" ||
			got.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%+v", got)
		}
		inForm := f.token(t, url.Values{"client_id": {c.ID}, "client_secret": {secret}, "scope": {"read"}})
		if inForm.Status != http.StatusOK || inForm.Scope != "read" {
			t.Errorf("%+v", inForm)
		}
		for token, want := range map[string]int{got.Token: http.StatusOK, inForm.Token: http.StatusOK, "": http.StatusUnauthorized} {
			if status, _ := f.call(t, "/v1/users", token); status != want {
				t.Errorf("status %d, want %d", status, want)
			}
		}
		status, header := f.call(t, "/v1/clients", got.Token)
		challenge := header.Get("WWW-Authenticate")
		if status != http.StatusForbidden || !strings.Contains(challenge, `scope="admin"`) {
			t.Errorf("%d %s", status, challenge)
		}
		read, err := f.service.Client(t.Context(), c.ID)
		if err != nil || read.LastUsedAt == nil {
			t.Errorf("last use is missing: %+v, %v", read, err)
		}
	})
}

func TestRequestForTokenIsRejected(t *testing.T) {
	t.Parallel()
	f := open(t, storetest.SQLite(t))
	c, secret := f.create(t, "pipeline", "read")
	other, otherSecret := f.create(t, "other", "admin")
	form := func(pairs ...string) url.Values {
		values := url.Values{"client_id": {c.ID}, "client_secret": {secret}}
		for i := 0; i+1 < len(pairs); i += 2 {
			values[pairs[i]] = strings.Split(pairs[i+1], "|")
		}
		return values
	}
	for name, test := range map[string]struct {
		form   url.Values
		change func(*http.Request)
		status int
		code   string
	}{
		"wrong secret":       {form: form("client_secret", "rivacs_guess"), status: 401, code: "invalid_client"},
		"another's secret":   {form: form("client_secret", otherSecret), status: 401, code: "invalid_client"},
		"unknown client":     {form: form("client_id", "nobody"), status: 401, code: "invalid_client"},
		"nothing":            {form: url.Values{}, status: 400, code: "invalid_request"},
		"no secret":          {form: form("client_secret", ""), status: 401, code: "invalid_client"},
		"other grant":        {form: form("grant_type", "password"), status: 400, code: "unsupported_grant_type"},
		"scope of another":   {form: form("scope", "read write"), status: 400, code: "invalid_scope"},
		"unknown scope":      {form: form("scope", "everything"), status: 400, code: "invalid_scope"},
		"repeated parameter": {form: form("client_id", c.ID+"|"+other.ID), status: 400, code: "invalid_request"},
		"two ways":           {form: form("client_assertion", "x"), status: 400, code: "invalid_request"},
		"header of another id": {
			form: form("client_secret", ""), status: 401, code: "invalid_client",
			change: func(r *http.Request) { r.SetBasicAuth(other.ID, secret) },
		},
		"body of another type": {
			form: form(), status: 400, code: "invalid_request",
			change: func(r *http.Request) { r.Header.Set("Content-Type", "application/json") },
		},
		"method": {
			form: form(), status: 405, code: "invalid_request",
			change: func(r *http.Request) { r.Method = http.MethodPut },
		},
		"NUL":        {form: form("client_id", "a\x00"), status: 400, code: "invalid_request"},
		"large body": {form: form("scope", strings.Repeat("x", 70_000)), status: 400, code: "invalid_request"},
	} {
		t.Run(name, func(t *testing.T) {
			change := test.change
			if change == nil {
				change = func(*http.Request) {}
			}
			got := f.token(t, test.form, change)
			if got.Status != test.status || got.Error != test.code || got.Description == "" || got.Token != "" {
				t.Errorf("%+v", got)
			}
			if strings.Contains(got.Description, secret) {
				t.Error("the description has the secret")
			}
		})
	}
}

func TestTwoSecretsAreValidDuringRotation(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, f *fixture) {
		c, first := f.create(t, "pipeline", "read")
		rotate := func(overlap time.Duration) string {
			t.Helper()
			_, secret, err := f.service.RotateSecret(t.Context(), c.ID, overlap)
			if err != nil {
				t.Fatal(err)
			}
			return secret
		}
		valid := func(secrets ...string) (all []bool) {
			for _, secret := range secrets {
				all = append(all, f.withSecret(t, c.ID, secret).Status == http.StatusOK)
			}
			return all
		}
		second := rotate(time.Hour)
		if got := valid(first, second); !slices.Equal(got, []bool{true, true}) {
			t.Errorf("after a rotation: %v", got)
		}
		third := rotate(time.Hour)
		if got := valid(first, second, third); !slices.Equal(got, []bool{false, true, true}) {
			t.Errorf("after another one: %v", got)
		}
		fourth := rotate(0)
		if got := valid(second, third, fourth); !slices.Equal(got, []bool{false, false, true}) {
			t.Errorf("without overlap: %v", got)
		}
		if _, _, err := f.service.RotateSecret(t.Context(), c.ID, -time.Second); err == nil {
			t.Error("a negative overlap")
		}
	})
}

func TestClientsAreCheckedAndAudited(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, f *fixture) {
		ctx := t.Context()
		c, secret := f.create(t, "Pipeline", "read")
		short, err := rsa.GenerateKey(rand.Reader, 1024)
		if err != nil {
			t.Fatal(err)
		}
		for name, n := range map[string]model.NewClient{
			"empty name": {Scopes: []string{"read"}}, "no scope": {Name: "x"}, "unknown scope": {Name: "x", Scopes: []string{"all"}},
			"private key": {Name: "x", Scopes: []string{"read"}, Keys: `{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}`},
			"short key":   {Name: "x", Scopes: []string{"read"}, Keys: keySet(t, short)},
			"no keys":     {Name: "x", Scopes: []string{"read"}, Keys: `{"keys":[]}`},
		} {
			var invalid *model.InvalidError
			if _, _, err := f.service.CreateClient(ctx, n); !errors.As(err, &invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		twin := model.NewClient{Name: "PIPELINE", Scopes: []string{"read"}, Secret: true}
		if _, made, err := f.service.CreateClient(ctx, twin); !errors.Is(err, model.ErrNameTaken) || made != "" {
			t.Error(err)
		}
		if _, err := f.service.UpdateClient(ctx, c.ID, model.ClientChange{Disabled: new(true)}); err != nil {
			t.Error(err)
		}
		f.withSecret(t, c.ID, secret)
		if _, err := f.service.UpdateClient(ctx, "nobody", model.ClientChange{}); !errors.Is(err, model.ErrNotFound) {
			t.Error(err)
		}
		got := f.outcomes(t)
		slices.Sort(got)
		want := []string{
			"client.authenticate invalid_client", "client.create done", "client.create invalid", "client.create invalid",
			"client.create invalid", "client.create invalid", "client.create invalid", "client.create invalid", "client.create name_taken",
			"client.update done", "client.update not_found",
		}
		if !slices.Equal(got, want) {
			t.Errorf("audited:\n got %q\nwant %q", got, want)
		}
	})
}

// Nobody can fill the audit trail from outside.
func TestRejectedRequestsForTokensAreAuditedWithLimit(t *testing.T) {
	t.Parallel()
	f := open(t, storetest.SQLite(t))
	c, _ := f.create(t, "pipeline", "read")
	for range 30 {
		f.withSecret(t, c.ID, "wrong")
		f.withSecret(t, "nobody", "wrong")
	}
	if n := len(f.outcomes(t)); n != 1+2*10 {
		t.Errorf("%d events", n)
	}
}

func TestAuditOfRejectionHasRequestID(t *testing.T) {
	t.Parallel()
	f := open(t, storetest.SQLite(t))
	got := f.withSecret(t, "nobody", "wrong")
	events, err := f.store.AuditEvents(t.Context(), model.AuditFilter{}, model.Page{Limit: 2})
	if id := got.Header.Get("X-Request-Id"); err != nil || len(events) != 1 || id == "" || events[0].RequestID != id {
		t.Errorf("the response has the id %q, the audit trail has %+v, %v", id, events, err)
	}
}

func TestDisabledClientIsOutWithinAMinute(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, d storetest.Database) {
		f, replica := open(t, d), open(t, d)
		c, secret := f.create(t, "pipeline", "read")
		token := f.withSecret(t, c.ID, secret).Token
		status := func() int {
			t.Helper()
			status, _ := f.call(t, "/v1/users", token)
			if other, _ := replica.call(t, "/v1/users", token); other != status {
				t.Errorf("status %d, and %d of the other replica", status, other)
			}
			return status
		}
		if got := status(); got != http.StatusOK {
			t.Fatal(got)
		}
		disable := func(disabled bool) {
			if _, err := f.service.UpdateClient(t.Context(), c.ID, model.ClientChange{Disabled: &disabled}); err != nil {
				t.Fatal(err)
			}
		}
		disable(true)
		if got := f.withSecret(t, c.ID, secret); got.Status != http.StatusUnauthorized || got.Error != "invalid_client" {
			t.Errorf("a new token: %+v", got)
		}
		f.clock.advance(time.Minute)
		replica.clock.advance(time.Minute)
		if got := status(); got != http.StatusUnauthorized {
			t.Errorf("after a minute: %d", got)
		}
		disable(false)
		if got := status(); got != http.StatusOK {
			t.Errorf("enabled again: %d", got)
		}
	})
}

// A scope that a client lost is not in its tokens after a minute.
func TestScopesOfClientLimitItsTokens(t *testing.T) {
	t.Parallel()
	f := open(t, storetest.SQLite(t))
	c, secret := f.create(t, "pipeline", "admin")
	token := f.withSecret(t, c.ID, secret).Token
	if _, err := f.service.UpdateClient(t.Context(), c.ID, model.ClientChange{Scopes: &[]string{"read"}}); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]int{"/v1/users": http.StatusOK, "/v1/clients": http.StatusForbidden} {
		if status, _ := f.call(t, path, token); status != want {
			t.Errorf("%s: %d", path, status)
		}
	}
}

func TestTooManyRequestsAreAskedToWait(t *testing.T) {
	t.Parallel()
	f := open(t, storetest.SQLite(t), func(o *access.Options) {
		o.RequestRate, o.TokenRate = access.Rate{PerSecond: 0.5, Burst: 3}, access.Rate{PerSecond: 0.5, Burst: 3}
	})
	c, secret := f.create(t, "pipeline", "read")
	token := f.withSecret(t, c.ID, secret).Token
	var statuses []int
	for range 3 {
		status, _ := f.call(t, "/v1/users", token)
		statuses = append(statuses, status)
	}
	status, header := f.call(t, "/v1/users", token)
	if !slices.Equal(statuses, []int{200, 200, 200}) || status != http.StatusTooManyRequests || header.Get("Retry-After") != "2" {
		t.Errorf("%v, then %d %v", statuses, status, header)
	}
	f.withSecret(t, c.ID, secret)
	f.withSecret(t, c.ID, secret)
	if got := f.withSecret(t, c.ID, secret); got.Status != http.StatusTooManyRequests || got.Header.Get("Retry-After") != "2" {
		t.Errorf("%+v", got)
	}
	f.clock.advance(2 * time.Second)
	if status, _ := f.call(t, "/v1/users", token); status != http.StatusOK {
		t.Errorf("after the wait: %d", status)
	}
}

// Who has no secret, key or identity of a client learns nothing about clients, not even whether they exist.
func TestRefusalsDoNotRevealClients(t *testing.T) {
	t.Parallel()
	f, o := open(t, storetest.SQLite(t)), newOutsider(t)
	enabled, _ := f.create(t, "enabled", "read")
	disabled, secret := f.create(t, "disabled", "read")
	if _, err := f.service.UpdateClient(t.Context(), disabled.ID, model.ClientChange{Disabled: new(true)}); err != nil {
		t.Fatal(err)
	}
	unknown := "01a22f38-7704-7ed0-89f4-32b2953e94be"
	for way, request := range map[string]func(id string) answer{
		"secret":   func(id string) answer { return f.withSecret(t, id, "rivacs_guess") },
		"identity": func(id string) answer { return f.withAssertion(t, id, o.token(t)) },
		"key":      func(id string) answer { return f.withAssertion(t, id, o.token(t, "iss", id, "sub", id)) },
		"no token": func(id string) answer { return f.withAssertion(t, id, "guess") },
	} {
		want := request(enabled.ID)
		for name, id := range map[string]string{"disabled": disabled.ID, "unknown": unknown, "no id": "nobody"} {
			got := request(id)
			if got.Status != http.StatusUnauthorized || got.Status != want.Status || got.Error != want.Error ||
				got.Description != want.Description {
				t.Errorf("%s of a client that is %s: %+v, want %+v", way, name, got, want)
			}
		}
	}
	if got := f.withSecret(t, disabled.ID, secret); got.Description != "the client is disabled" {
		t.Errorf("the client itself: %+v", got)
	}
}

// Somebody who knows the id of a client cannot use up what the client may request.
func TestWrongSecretsDoNotLimitTheirClient(t *testing.T) {
	t.Parallel()
	f := open(t, storetest.SQLite(t), func(o *access.Options) { o.TokenRate = access.Rate{PerSecond: 0.1, Burst: 3} })
	c, secret := f.create(t, "pipeline", "read")
	request := func(address, secret string) int {
		form := url.Values{"grant_type": {"client_credentials"}, "client_id": {c.ID}, "client_secret": {secret}}
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, access.TokenPath, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.RemoteAddr = address + ":50123"
		response := httptest.NewRecorder()
		f.service.Handler().ServeHTTP(response, r)
		return response.Code
	}
	var statuses []int
	for range 5 {
		statuses = append(statuses, request("192.0.2.1", "wrong"))
	}
	if !slices.Equal(statuses, []int{401, 401, 401, 429, 429}) {
		t.Errorf("of the address: %v", statuses)
	}
	if got := request("192.0.2.2", secret); got != http.StatusOK {
		t.Errorf("of another address: %d", got)
	}
	statuses = nil
	for _, address := range []string{"[2001:db8::1]", "[2001:db8::2]", "[2001:db8::ffff:1]", "[2001:db8::1:0:0:1]"} {
		statuses = append(statuses, request(address, "wrong"))
	}
	if !slices.Equal(statuses, []int{401, 401, 401, 429}) {
		t.Errorf("of one network: %v", statuses)
	}
	for _, address := range []string{"[2001:db8:0:1::1]", "[::ffff:192.0.2.3]"} {
		if got := request(address, secret); got != http.StatusOK {
			t.Errorf("of %s: %d", address, got)
		}
	}
}
