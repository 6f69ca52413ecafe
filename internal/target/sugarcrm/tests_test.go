package sugarcrm_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/sugarcrm"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

func TestEveryTestPasses(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{Options: sandboxcore.Options{TLS: &sandboxcore.TLS{}}})
	conformance.RequireAllPass(t, account(server), map[string]string{"": "riva-sync", "ada@example.com": "ada"},
		map[target.Test]string{target.Metadata: "9 modules can be read"})
}

func TestGeneralTestReportsVersion(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	const want = "Signed in as riva-sync. The server runs Sugar 25.1.0 (ENT)."
	if got := conformance.RequirePass(t, account(server), target.General, "").Message; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	// The version is optional.
	conformance.FailUntilCleared(t, server, sandbox.APIError("not_authorized").ForOperation("public"))
	if got := conformance.RequirePass(t, account(server), target.General, "").Message; got != "Signed in as riva-sync." {
		t.Errorf("got %q without a version", got)
	}
}

// Sugar requires a new password in browsers only, and the API continues to work: so it is reported, but is not a fault.
func TestExpiredPasswordIsReported(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	conformance.Update(t, server, "riva-sync", func(u *sandbox.User) { u.PasswordExpired = true })
	got := conformance.RequirePass(t, account(server), target.General, "").Message
	if !strings.Contains(got, "The password has expired") {
		t.Errorf("got %q", got)
	}
}

// Inactive users are a fault that message so.
func TestInactiveUser(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	for _, test := range []target.Test{target.General, target.Impersonation, target.Mail} {
		got := conformance.RequireFault(t, account(server), test, "left@example.com")
		if got.Code != target.UserNotFound || !got.Message.Contains("not active") {
			t.Errorf("%s: got %v", test, got)
		}
	}
	if len(conformance.Calls(server, "sudo")) != 0 {
		t.Error("a call was made as an inactive user")
	}
}

func TestInactiveUserIsIgnored(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	conformance.Update(t, server, "team.two", func(u *sandbox.User) { u.Active = false })
	got := conformance.RequirePass(t, account(server), target.Impersonation, "team@example.com").Message
	if !strings.Contains(got, "team.one") {
		t.Errorf("got %q", got)
	}
}

// The user's session on another platform stays; sessions on the connection's platform are ended.
func TestActingKeepsUserSessions(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	signInAs(t, server, "ada", "base")
	a := account(server)
	for _, test := range []target.Test{target.Impersonation, target.Contacts, target.Calendar, target.Mail} {
		conformance.RequirePass(t, a, test, "ada@example.com")
	}
	want := []sandbox.Session{{UserName: "ada", Platform: "base"}, {UserName: "riva-sync", Platform: "riva"}}
	if got := server.Sessions(); !slices.Equal(got, want) {
		t.Errorf("sessions %+v, want %+v", got, want)
	}
	for _, r := range conformance.Calls(server, "sudo") {
		var body map[string]string
		if json.Unmarshal(r.Body, &body) != nil || body["platform"] != "riva" || !strings.HasSuffix(r.Path, "/oauth2/sudo/ada") {
			t.Errorf("%s %s", r.Path, r.Body)
		}
	}
	if given, ended := len(conformance.Calls(server, "sudo")), len(conformance.Calls(server, "logout")); given != 4 || ended != 4 {
		t.Errorf("%d tokens for the user, %d ended", given, ended)
	}
}

// signInAs signs a user in like a browser.
func signInAs(t *testing.T, server *sandbox.Server, user, platform string) {
	t.Helper()
	var password string
	for _, u := range server.Users() {
		if u.UserName == user {
			password = u.Password
		}
	}
	body, err := json.Marshal(map[string]string{
		"grant_type": "password", "client_id": "sugar", "username": user, "password": password, "platform": platform,
	})
	if err != nil {
		t.Fatal(err)
	}
	at := server.URL() + "/rest/v11/oauth2/token"
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, at, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	resp, err := (&http.Client{Transport: transport}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("HTTP %d (%v)", resp.StatusCode, err)
	}
}

// The user's token is ended after every test, also after a timeout.
func TestUserTokenIsEnded(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	conformance.FailUntilCleared(t, server, sandboxcore.Slow().ForOperation("Contacts"))
	a := account(server)
	a.Network.ResponseTimeout = 500 * time.Millisecond
	if got := conformance.RequireFault(t, a, target.Contacts, "ada@example.com"); got.Code != target.SystemNotAvailable {
		t.Errorf("got %v", got)
	}
	if len(conformance.Calls(server, "logout")) != 1 {
		t.Error("the user's token was not ended")
	}
}

func TestActingAsWrongUser(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	server.UpdateInstance(func(i *sandbox.Instance) { i.ActsAs = "grace" })
	got := conformance.RequireFault(t, account(server), target.Contacts, "ada@example.com")
	reads := len(conformance.Calls(server, "Contacts"))
	if got.Code != target.WrongIdentity || !got.Message.Contains(`"grace"`) || reads != 0 {
		t.Errorf("got %v, and %d reads", got, reads)
	}
}

// Then the service user's password is not wrong.
func TestRejectedUserToken(t *testing.T) {
	t.Parallel()
	for _, operation := range []string{"me", "Contacts"} {
		server := start(t, sandbox.Options{})
		conformance.FailUntilCleared(t, server, sandbox.APIError("invalid_grant").ForOperation(operation).ForAccount("ada"))
		got := conformance.RequireFault(t, account(server), target.Contacts, "ada@example.com")
		if got.Code != target.InsufficientPermission || server.SignIns().Attempts != 1 {
			t.Errorf("%s: got %v after %d sign-ins", operation, got, server.SignIns().Attempts)
		}
	}
}

func TestMetadata(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	read := func() target.Snapshot { return conformance.Metadata(t, account(server)) }
	before := read()
	if len(before.Objects) != 9 || before.Objects[0] != "Accounts" || len(before.Digest) != 64 {
		t.Errorf("%+v", before)
	}
	if again := read(); again.Digest != before.Digest {
		t.Error("the digest changed without a change")
	}
	server.ChangeModule("Leads")
	changed := read()
	server.AddModule("RIVA_Sync")
	grown := read()
	if changed.Digest == before.Digest || grown.Digest == changed.Digest || !slices.Contains(grown.Objects, "RIVA_Sync") {
		t.Errorf("a changed module %+v, a new one %+v", changed, grown)
	}
}
