package hclnotes_test

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/hclnotes"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/hclnotes"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

// The first call detects the authentication without credentials; the password is only in the header of the others.
func TestRequestsWithBasic(t *testing.T) {
	t.Parallel()
	server := startWith(t, false)
	conformance.RequirePass(t, account(server), target.Mail, "ada@example.com")
	proof := "Basic " + base64.StdEncoding.EncodeToString([]byte("Riva Sync/Example:"+secret))
	for i, r := range server.Requests() {
		if got := r.Header.Get("Authorization"); (i == 0) != (got == "") || got != "" && got != proof {
			t.Errorf("call %d, %s: Authorization %q", i, r.Path, got)
		}
		checkLeaks(t, r)
	}
	if list := server.SignInList(); len(list) == 0 || list[0].Secret != secret || !list[0].Accepted {
		t.Errorf("sign-ins: %+v", list)
	}
}

// With session authentication, the password is sent once, in the form; then the cookie is sent until the logout.
func TestRequestsWithSession(t *testing.T) {
	t.Parallel()
	for cookie, singleSignOn := range map[string]bool{"DomAuthSessId": false, "LtpaToken": true} {
		server := startWith(t, true)
		server.UpdateSetup(func(s *sandbox.Setup) { s.SingleSignOn = singleSignOn })
		conformance.RequirePass(t, account(server), target.Mail, "ada@example.com")
		for i, r := range server.Requests() {
			_, err := (&http.Request{Header: r.Header}).Cookie(cookie)
			if r.Header.Get("Authorization") != "" || (err == nil) != (i > 1) {
				t.Errorf("call %d, %s: headers %v", i, r.Path, r.Header)
			}
			if r.Operation != "login" {
				checkLeaks(t, r)
				continue
			}
			form, err := url.ParseQuery(string(r.Body))
			want := url.Values{
				"Username": {"Riva Sync/Example"}, "Password": {secret}, "RedirectTo": {"/api/calendar"},
			}
			if err != nil || form.Encode() != want.Encode() || r.Query != "Login" {
				t.Errorf("%s?%s %v (%v), want %v", r.Path, r.Query, form, err, want)
			}
		}
		logins, logouts := len(conformance.Calls(server, "login")), len(conformance.Calls(server, "logout"))
		if logins != 1 || logouts != 1 || server.Sessions() != 0 {
			t.Errorf("%d logins, %d logouts, %d sessions left", logins, logouts, server.Sessions())
		}
	}
}

// checkLeaks fails if the password is in a part of the request that servers log.
func checkLeaks(t *testing.T, r sandboxcore.Request) {
	t.Helper()
	shown := r.Path + r.Query + string(r.Body)
	if strings.Contains(shown, secret) || strings.Contains(shown, url.QueryEscape(secret)) {
		t.Errorf("%s contains the password in its path or query", r.Path)
	}
}

// Three failed attempts lock an account out: one sign-in is one attempt, with any authentication.
func TestOneAttemptPerSignIn(t *testing.T) {
	t.Parallel()
	for _, viaSession := range []bool{false, true} {
		server := start(t, sandbox.Options{LockAfter: 2})
		server.UpdateSetup(func(s *sandbox.Setup) { s.Session = viaSession })
		a := account(server)
		a.Credentials = target.Credentials{"password": "wrong"}
		_ = conformance.RequireFault(t, a, target.General, "")
		if server.SignIns().Rejected != 1 || server.Service().LockedOut {
			t.Errorf("session %t: %+v after one sign-in", viaSession, server.SignIns())
		}
		_ = conformance.RequireFault(t, a, target.General, "")
		if got := conformance.RequireFault(t, account(server), target.General, ""); got.Code != target.GivenCredentials {
			t.Errorf("session %t: the right password of an account that is locked out: %v", viaSession, got)
		}
	}
}

func TestIdentity(t *testing.T) {
	t.Parallel()
	server := startWith(t, false)
	for _, name := range []string{
		"Riva Sync/Example", "riva sync/example", "CN=Riva Sync/O=Example", "Riva Sync", "CN=Riva Sync", "rivasync@example.com",
		"rivasync", "RIVASYNC",
	} {
		conformance.RequireIdentity(t, account(server, "username", name), target.Identity{
			Username: name, UserID: "Riva Sync/Example", OrganizationID: "Example", OrganizationName: "Example", Host: "127.0.0.1",
		})
	}
	conformance.SignIn(t, account(server, "organization_id", "EXAMPLE"))
}

// The old name of a renamed account still signs in, but its identity is the new name.
func TestOldNameIsAnotherIdentity(t *testing.T) {
	t.Parallel()
	server := startWith(t, true)
	conformance.Update(t, server, "rivasync", func(p *sandbox.Person) { p.Aliases = []string{"Old/Example", "old@example.com"} })
	for _, name := range []string{"Old/Example", "CN=Old/O=Example", "old@example.com"} {
		got := conformance.RequireFault(t, account(server, "username", name), target.General, "")
		if got.Code != target.WrongIdentity || !got.Message.Contains(`"Riva Sync/Example"`) {
			t.Errorf("%s: got %v", name, got)
		}
	}
	if server.Sessions() != 0 {
		t.Error("a session with another identity was not ended")
	}
}

// Domino does not return short names: the short name is looked up, and must belong to the account that signed in.
func TestShortNameOfAnotherUser(t *testing.T) {
	t.Parallel()
	server := startWith(t, false)
	conformance.FailUntilCleared(t, server, sandbox.ServiceError(http.StatusBadRequest, "Name not found.").ForOperation("owner"))
	got := conformance.RequireFault(t, account(server, "username", "rivasync"), target.General, "")
	if got.Code != target.WrongIdentity || !got.Message.Contains(`"Riva Sync/Example"`) {
		t.Errorf("got %v", got)
	}
}

func TestOrganizationOfAFlatName(t *testing.T) {
	t.Parallel()
	server := startWith(t, false)
	conformance.Update(t, server, "rivasync", func(p *sandbox.Person) { p.Name = "Riva Sync" })
	got := conformance.RequireFault(t, account(server, "username", "rivasync@example.com", "organization_id",
		"Example"), target.General, "")
	if got.Code != target.WrongIdentity || got.Field != "organization_id" {
		t.Errorf("got %v", got)
	}
	conformance.Update(t, server, "rivasync", func(p *sandbox.Person) { p.Name = "Riva Sync/Sales/Example/DE" })
	if got := conformance.SignIn(t, account(server, "username", "rivasync@example.com")).Identity; got.OrganizationID != "Example" {
		t.Errorf("got %+v", got)
	}
}

// Names are sent in the character set that Domino expects.
func TestNonASCIIName(t *testing.T) {
	t.Parallel()
	for _, viaSession := range []bool{false, true} {
		server := startWith(t, viaSession)
		conformance.Update(t, server, "rivasync", func(p *sandbox.Person) { p.Name = "Jürgen Groß/Example" })
		conformance.RequirePass(t, account(server, "username", "CN=Jürgen Groß/O=Example"), target.General, "")
	}
}

func TestWrongAuthenticationSetting(t *testing.T) {
	t.Parallel()
	got := conformance.RequireFault(t, account(startWith(t, false), "authentication", "session"), target.General, "")
	if got.Code != target.Misconfigured || got.Field != "authentication" {
		t.Errorf("session at a server with Basic: %v", got)
	}
	server := startWith(t, true)
	got = conformance.RequireFault(t, account(server, "authentication", "basic"), target.General, "")
	if got.Code != target.GivenCredentials || !got.Message.Contains(`authentication "session"`) {
		t.Errorf("Basic at a server with sessions: %v", got)
	}
}

// Without the setting, the authentication that the server decided is reported, and Basic is not used after a session was.
func TestWeakerOfferIsRefused(t *testing.T) {
	t.Parallel()
	for _, known := range []string{"", "basic", "session"} {
		for _, viaSession := range []bool{false, true} {
			server := startWith(t, viaSession)
			a := account(server)
			a.Scheme = known
			signedIn, _, err := call.SignIn(t.Context(), a)
			if known == "session" && !viaSession {
				fault, _ := target.AsFault(err)
				if fault == nil || fault.Code != target.Misconfigured || fault.Field != "authentication" {
					t.Errorf("got %v", err)
				}
				for _, request := range server.Requests() {
					if request.Header.Get("Authorization") != "" || strings.Contains(string(request.Body), "Password") {
						t.Error("the password was sent")
					}
				}
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			want := map[bool]string{false: "basic", true: "session"}[viaSession]
			if err := signedIn.Close(t.Context()); err != nil || signedIn.Scheme() != want {
				t.Errorf("after %q: reported %q, %v", known, signedIn.Scheme(), err)
			}
		}
	}
}

// A session that the server itself rejects does not mean a wrong password.
func TestRejectedSession(t *testing.T) {
	t.Parallel()
	server := startWith(t, true)
	conformance.FailUntilCleared(t, server, sandbox.LoginForm().ForOperation("calendar"))
	got := conformance.RequireFault(t, account(server), target.General, "")
	if got.Code != target.Misconfigured || got.Field != "url" || !got.Message.Contains("Web SSO Configuration") {
		t.Errorf("got %v", got)
	}
	if server.Sessions() != 0 {
		t.Error("the session was not ended")
	}
}

// A cookie with the login form is not a session: the password was rejected.
func TestCookieWithLoginForm(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("Set-Cookie", "DomAuthSessId=0; path=/")
		_, _ = w.Write([]byte(`<form><input name="Username"><input name="Password" type="password"></form>`))
	}))
	defer server.Close()
	a := target.Account{
		System: hclnotes.System(), Settings: target.Settings{"url": server.URL, "username": "Riva Sync/Example"},
		Credentials: target.Credentials{"password": secret}, Network: target.Network{LoopbackHTTP: true},
	}
	if got := conformance.RequireFault(t, a, target.General, ""); got.Code != target.GivenCredentials || got.Field != "password" {
		t.Errorf("got %v", got)
	}
}

// The number of cookies in a call is limited.
func TestCookiesAreLimited(t *testing.T) {
	t.Parallel()
	var most atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		most.Store(max(most.Load(), int64(len(r.Cookies()))))
		for range 500 {
			w.Header().Add("Set-Cookie", "LtpaToken=s3ssion; path=/")
		}
	}))
	defer server.Close()
	a := target.Account{
		System:      hclnotes.System(),
		Settings:    target.Settings{"url": server.URL, "username": "Riva Sync/Example", "authentication": "session"},
		Credentials: target.Credentials{"password": secret}, Network: target.Network{LoopbackHTTP: true},
	}
	if got := conformance.RequireFault(t, a, target.General, ""); got.Code != target.Misconfigured || most.Load() != 1 {
		t.Errorf("got %v, with %d cookies in a call", got, most.Load())
	}
}

func TestDeclaration(t *testing.T) {
	t.Parallel()
	system := hclnotes.System()
	given := target.Settings{"url": "https://mail.example.com", "username": "CN=Riva Sync/O=Example"}
	same := target.Settings{"url": "https://Mail.example.com/", "username": "riva sync/example", "organization_id": "Example"}
	if system.Binding(given) != system.Binding(same) {
		t.Error("another spelling changes the binding")
	}
	// Without a value the offer of the server decides: it may have been a session, and may be Basic.
	for _, c := range []struct {
		before, after string
		weaker        bool
	}{
		{"session", "basic", true}, {"session", "", true}, {"basic", "session", false}, {"", "session", false},
		{"", "basic", true}, {"basic", "", false},
	} {
		before, after := target.Settings{"authentication": c.before}, target.Settings{"authentication": c.after}
		if got := system.Rebinds(before, after); (len(got) == 1) != c.weaker {
			t.Errorf("from %q to %q: %v", c.before, c.after, got)
		}
	}
	for field, value := range map[string]string{
		"username": "riva:sync", "authentication": "ntlm", "url": "http://mail.example.com",
	} {
		settings := target.Settings{"url": given["url"], "username": given["username"]}
		settings[field] = value
		if fieldErrs := system.Validate(settings, nil, target.Network{}); len(fieldErrs) != 1 || fieldErrs[0].Field != field {
			t.Errorf("%s %q: %v", field, value, fieldErrs)
		}
	}
	if fieldErrs := system.Validate(same, target.Credentials{"password": "x"}, target.Network{}); fieldErrs != nil {
		t.Errorf("%v", fieldErrs)
	}
}

func TestLogOffEndsWithBudget(t *testing.T) {
	t.Parallel()
	server := startWith(t, true)
	conformance.RequireLogOff(t, server, account(server), "logout")
}
