package suitecrm_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/suitecrm"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/suitecrm"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

func TestSignInRequests(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	conformance.RequirePass(t, account(server), target.Contacts, "ada@example.com")
	for i, r := range server.Requests() {
		if i == 0 {
			form, err := url.ParseQuery(string(r.Body))
			want := url.Values{
				"grant_type": {"password"}, "username": {"riva-sync"}, "password": {secret},
				"client_id": {server.Client().ID}, "client_secret": {clientSecret},
			}
			if err != nil || form.Encode() != want.Encode() || r.Path != "/Api/access_token" {
				t.Errorf("%s %v (%v), want %v", r.Path, form, err, want)
			}
			continue
		}
		token, found := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if !found || strings.Count(token, ".") != 2 {
			t.Errorf("%s: headers %v", r.Operation, r.Header)
		}
		for _, hidden := range []string{secret, url.QueryEscape(secret), url.QueryEscape(clientSecret), token} {
			if strings.Contains(string(r.Body)+r.Query+r.Path, hidden) {
				t.Errorf("%s contains a secret", r.Operation)
			}
		}
	}
	if list := server.SignInList(); len(list) != 1 || list[0].Secret != secret || !list[0].Accepted {
		t.Errorf("sign-ins: %+v", list)
	}
}

// A stored token that cannot be verified has expired. If a new one cannot be verified either, the server's keys are the cause.
func TestTokenThatCannotBeVerified(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	a := account(server)
	for attempts := range 2 {
		conformance.FailUntilCleared(t, server, sandbox.Denied("Access token could not be verified"))
		got := conformance.RequireFault(t, a, target.General, "")
		conformance.Verdict{Fault: target.Misconfigured, Help: "Run on the server", Message: "could not be verified"}.Verify(t, got)
		if n := server.SignIns().Attempts; n != attempts+1 {
			t.Errorf("%d sign-ins", n)
		}
	}
	server.Clear()
	conformance.RequirePass(t, a, target.General, "")
}

// SuiteCRM echoes a rejected password in its own escaped form.
func TestRejectedPasswordIsMasked(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	for _, wrong := range []string{"wr0ng", `wr"0<n>g'`, "wr0ng` &amp;", strings.Repeat("wr0ng", 30)} {
		a := account(server)
		a.Credentials["password"] = wrong
		got := conformance.RequireFault(t, a, target.General, "")
		if got.Code != target.GivenCredentials || got.Field != "password" ||
			got.Message.String() != "The password is invalid. (unknown_error)" {
			t.Errorf("%q: got %+v", wrong, got)
		}
	}
}

// The address can be that of the instance, or of its API.
func TestAddressForms(t *testing.T) {
	t.Parallel()
	system := suitecrm.System()
	for _, suite8 := range []bool{false, true} {
		server := start(t, sandbox.Options{})
		server.UpdateInstance(func(i *sandbox.Instance) { i.Suite8 = suite8 })
		at := server.URL()
		if suite8 {
			at += "/legacy"
		}
		given := account(server, "url", at).Settings
		for _, suffix := range []string{"", "/", "/Api", "/Api/", "/api", "/Api/V8", "/Api/v8/"} {
			a := account(server, "url", at+suffix)
			conformance.RequirePass(t, a, target.General, "")
			if system.Binding(a.Settings) != system.Binding(given) {
				t.Errorf("%q names another instance", suffix)
			}
		}
		for _, other := range []string{"/other", "/Api/V8/module", "/Apis"} {
			a := account(server, "url", at+other)
			if got := conformance.RequireFault(t, a, target.General, ""); got.Code != target.Misconfigured || got.Field != "url" {
				t.Errorf("%q: got %v", other, got)
			}
			if system.Binding(a.Settings) == system.Binding(given) {
				t.Errorf("%q names the same instance", other)
			}
		}
	}
}

func TestTokenIsReused(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	conformance.RequireTokenReuse(t, server, account(server), func() error { return server.RevokeTokens("") })
}

func TestTokenRevokedBetweenCalls(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	session := conformance.SignIn(t, account(server))
	if err := server.RevokeTokens(""); err != nil {
		t.Fatal(err)
	}
	if _, err := session.Run(t.Context(), target.Calendar, "ada@example.com"); err != nil {
		t.Error(err)
	}
}

func TestTokenRejectedTwice(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	conformance.FailUntilCleared(t, server, sandbox.Denied("Access token has been revoked"))
	got := conformance.RequireFault(t, account(server), target.General, "")
	if got.Code != target.GivenCredentials || got.Field != "" || server.SignIns().Attempts != 2 ||
		!got.Message.Contains("revoked") {
		t.Errorf("got %v after %d sign-ins", got, server.SignIns().Attempts)
	}
}

// SuiteCRM echoes a rejected password in an escaped form that the scrubber does not know, in every form of its errors.
func TestEchoedPasswordIsRemoved(t *testing.T) {
	t.Parallel()
	const said = "The password is invalid: cleaned-canary"
	for name, fault := range map[string]sandboxcore.Fault{
		"OAuth": sandbox.TokenError(http.StatusInternalServerError, "unknown_error", said),
		"API":   sandbox.APIError(said).ForOperation("current-user"),
		"Slim":  sandbox.NoKeys().WithMessage(said).ForOperation("current-user"),
	} {
		server := start(t, sandbox.Options{})
		conformance.FailUntilCleared(t, server, fault)
		got := conformance.RequireFault(t, account(server), target.General, "")
		if got.Code != target.GivenCredentials || strings.Contains(got.Error(), "canary") ||
			!got.Message.Contains("password is invalid.") {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

func TestIdentity(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{Options: sandboxcore.Options{TLS: &sandboxcore.TLS{}}})
	want := target.Identity{Username: "riva-sync", UserID: server.Service().ID, Host: "127.0.0.1"}
	conformance.RequireIdentity(t, account(server, "username", "RIVA-Sync"), want) // letter case is ignored
}
