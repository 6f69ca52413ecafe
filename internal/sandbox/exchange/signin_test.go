package exchange_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/Azure/go-ntlmssp"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/ewstest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

// overNTLM returns a client that signs in with NTLM.
func (c client) overNTLM() client {
	wrapped := *c.HTTP
	wrapped.Transport = ntlmssp.Negotiator{RoundTripper: c.HTTP.Transport}
	c.HTTP = &wrapped
	return c
}

func (c client) with(user, password string) client {
	c.User, c.Password = user, password
	return c
}

func schemes(c client) map[string]client { return map[string]client{"Basic": c, "NTLM": c.overNTLM()} }

func TestSignInWithEveryName(t *testing.T) {
	t.Parallel()
	server := start(t, exchange.Options{})
	service := server.Service()
	for _, user := range []string{
		`SIM\svc-riva`, `sim\SVC-RIVA`, "svc-riva@example.com", "SVC-Riva@Example.com", "svc-riva",
	} {
		for scheme, c := range schemes(as(t, server, service)) {
			if got := c.with(user, service.Password).Call(ewstest.GetInbox); got.Status != http.StatusOK {
				t.Errorf("%s as %s: %d", scheme, user, got.Status)
			}
		}
	}
	if got := server.SignIns(); got.Rejected != 0 || got.Accepted != 10 {
		t.Errorf("sign-ins: %+v", got)
	}
}

// TestRejectedSignIn checks that the client always gets the same empty 401. Only the record has the reason.
func TestRejectedSignIn(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for name, tc := range map[string]struct {
		user, password string // empty: the correct ones
		change         func(*ews.Account)
		reason         string
	}{
		"wrong password": {password: "not it", reason: "wrong password"},
		"unknown user":   {user: `SIM\nobody`, reason: "unknown user"},
		"other domain":   {user: `OTHER\svc-riva`, reason: "unknown user"},
		"changed":        {change: func(a *ews.Account) { a.Password = "another" }, reason: "wrong password"},
		"locked":         {change: func(a *ews.Account) { a.Locked = true }, reason: "account locked"},
		"disabled":       {change: func(a *ews.Account) { a.Disabled = true }, reason: "account disabled"},
		"expired":        {change: func(a *ews.Account) { a.PasswordExpires = now }, reason: "password expired"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := start(t, exchange.Options{Now: func() time.Time { return now }})
			service := server.Service()
			user, password := service.Login(), service.Password
			if tc.user != "" {
				user = tc.user
			}
			if tc.password != "" {
				password = tc.password
			}
			if tc.change != nil {
				if err := server.Update(service.Email, tc.change); err != nil {
					t.Fatal(err)
				}
			}
			for scheme, c := range schemes(as(t, server, service)) {
				got := c.with(user, password).Call(ewstest.GetInbox)
				offers := got.Header.Values("WWW-Authenticate")
				if got.Status != http.StatusUnauthorized || !strings.Contains(got.Body, "Access is denied") ||
					!slices.Equal(offers, []string{"Negotiate", "NTLM", `Basic realm="127.0.0.1"`}) {
					t.Errorf("%s: %d %q %q", scheme, got.Status, got.Body, offers)
				}
			}
			for _, attempt := range server.SignInList() {
				if attempt.Accepted || attempt.Reason != tc.reason || attempt.User != user {
					t.Errorf("recorded %+v", attempt)
				}
			}
			if got := server.SignIns(); got.Attempts != 2 || got.Rejected != 2 {
				t.Errorf("sign-ins: %+v", got)
			}
		})
	}
}

func TestOnlyOfferedSchemesWork(t *testing.T) {
	t.Parallel()
	for _, scheme := range []exchange.Scheme{exchange.Basic, exchange.NTLM} {
		server := start(t, exchange.Options{Schemes: []exchange.Scheme{scheme}})
		for tried, c := range schemes(as(t, server, server.Service())) {
			want := http.StatusUnauthorized
			if tried == string(scheme) {
				want = http.StatusOK
			}
			if got := c.Call(ewstest.GetInbox); got.Status != want {
				t.Errorf("offered %s, tried %s: %d, want %d", scheme, tried, got.Status, want)
			}
		}
	}
	if server, err := exchange.Start(exchange.Options{Schemes: []exchange.Scheme{"Digest"}}); err == nil {
		t.Error("an unknown scheme was accepted")
		_ = server.Close()
	}
}

// TestNTLMBelongsToTheConnection checks that NTLM signs in the connection: later requests on it need no credentials,
// those on another connection do.
func TestNTLMBelongsToTheConnection(t *testing.T) {
	t.Parallel()
	server := start(t, exchange.Options{Schemes: []exchange.Scheme{exchange.NTLM}})
	c := as(t, server, server.Service())
	if got := c.overNTLM().Call(ewstest.GetInbox); got.Status != http.StatusOK {
		t.Fatalf("signing in: %d", got.Status)
	}
	if got := anonymous(t, c); got != http.StatusOK {
		t.Errorf("on the same connection: %d", got)
	}
	other := as(t, server, server.Service())
	if got := anonymous(t, other); got != http.StatusUnauthorized {
		t.Errorf("on another connection: %d", got)
	}
	requests := server.Requests()
	if last := requests[len(requests)-2]; last.User != "svc-riva@example.com" || last.SignIn != nil {
		t.Errorf("recorded %+v", last)
	}
}

// anonymous sends a request without credentials on the client's connection.
func anonymous(t *testing.T, c client) int {
	t.Helper()
	return sandboxtest.Send(t, c.HTTP, sandboxtest.Request(t, http.MethodPost, c.URL, ewstest.Envelope(ewstest.GetInbox))).Status
}

func TestMalformedCredentials(t *testing.T) {
	t.Parallel()
	server := start(t, exchange.Options{})
	for _, header := range []string{
		"Basic", "Basic !!!", "NTLM", "NTLM !!!", "NTLM aGVsbG8=", "Negotiate YIIB", "Bearer token", "NTLM TlRMTVNTUAADAAAA",
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL(), http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", header)
		response, err := as(t, server, server.Service()).HTTP.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != http.StatusUnauthorized {
			t.Errorf("%q: %d", header, response.StatusCode)
		}
	}
}

func TestLockout(t *testing.T) {
	t.Parallel()
	server := start(t, exchange.Options{LockAfter: 3})
	service := server.Service()
	c := as(t, server, service)
	for range 2 {
		c.with(service.Login(), "wrong").Call(ewstest.GetInbox)
	}
	if got := c.Call(ewstest.GetInbox); got.Status != http.StatusOK {
		t.Fatalf("after two rejections: %d", got.Status)
	}
	for range 3 {
		c.with(service.Login(), "wrong").Call(ewstest.GetInbox)
	}
	if got := c.Call(ewstest.GetInbox); got.Status != http.StatusUnauthorized {
		t.Errorf("after three rejections in a row: %d", got.Status)
	}
	if err := server.Reset(); err != nil {
		t.Fatal(err)
	}
	if got := c.Call(ewstest.GetInbox); got.Status != http.StatusOK {
		t.Errorf("after a reset: %d", got.Status)
	}
}

func TestPresentedPasswordIsRecorded(t *testing.T) {
	t.Parallel()
	server := start(t, exchange.Options{})
	service := server.Service()
	as(t, server, service).with(service.Email, "canary").Call(ewstest.GetInbox)
	requests := server.Requests()
	if len(requests) != 1 || requests[0].SignIn == nil || requests[0].SignIn.Secret != "canary" ||
		requests[0].Operation != "GetFolder" || requests[0].Status != http.StatusUnauthorized {
		t.Errorf("captured %+v", requests)
	}
}
