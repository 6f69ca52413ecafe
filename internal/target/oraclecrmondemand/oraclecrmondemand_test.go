package oraclecrmondemand_test

import (
	"net/http"
	"strings"
	"testing"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/oraclecrmondemand"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/oraclecrmondemand"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

// secret is easy to find in captured requests.
const secret = `c4n&ry <"sec\ret/+%é:`

// start runs a stand-in whose service user has the secret above.
func start(t *testing.T, options sandbox.Options) *sandbox.Server {
	t.Helper()
	server := sandboxtest.Start(t, sandbox.Start, options)
	if err := server.SetPassword(server.Service().Name, secret); err != nil {
		t.Fatal(err)
	}
	return server
}

// account is an account of the stand-in, with further settings as alternating names and values.
func account(server *sandbox.Server, settings ...string) target.Account {
	return conformance.At(server, target.Account{
		System:      oraclecrmondemand.System(),
		Settings:    target.Settings{"url": server.URL(), "username": server.Service().SignInID()},
		Credentials: target.Credentials{"password": server.Service().Password},
	}, settings...)
}

func TestEveryTestPasses(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{Options: sandboxcore.Options{TLS: &sandboxcore.TLS{}}})
	conformance.RequireAllPass(t, account(server), map[string]string{
		"": "EXAMPLE/riva-sync", "ada@example.com": "EXAMPLE/ada", "Ada@Example.com": "ada",
	}, nil)
	if left := server.Sessions(); len(left) != 0 {
		t.Errorf("sessions are left: %v", left)
	}
}

// The password is sent once, in a header of the login; the calls have the session's cookies, but not in their addresses.
func TestRequests(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	conformance.Update(t, server, "ada", func(u *sandbox.User) { u.Email = "o'hara&\"<@example.com" })
	conformance.RequirePass(t, account(server), target.Contacts, "o'hara&\"<@example.com")
	requests := server.Requests()
	first, last := requests[0], requests[len(requests)-1]
	if first.Query != "command=login&isEncoded=Y" || last.Query != "command=logoff" || first.Header.Get("Cookie") != "" {
		t.Errorf("first %s, last %s", first.Query, last.Query)
	}
	for i, r := range requests {
		if i > 0 && (r.Header.Get("Password") != "" || !strings.Contains(r.Header.Get("Cookie"), "JSESSIONID=") ||
			!strings.Contains(r.Header.Get("Cookie"), "BIGipServerpool=")) {
			t.Errorf("%s: headers %v", r.Operation, r.Header)
		}
		sent := strings.ToLower(r.Path + r.Query + string(r.Body))
		if strings.Contains(sent, "c4n") || strings.Contains(sent, "jsession") {
			t.Errorf("%s contains a secret", r.Operation)
		}
	}
	if list := server.SignInList(); len(list) != 1 || list[0].Secret != secret || !list[0].Accepted {
		t.Errorf("sign-ins: %+v", list)
	}
}

// ASCII is sent unchanged in headers; other values are encoded, with a parameter that message so.
func TestEncodedLogin(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	for secret, encoded := range map[string]bool{
		"plain": false, "50%25+more&x=y;": false, "pässword 50%25+more": true, " leading": true, "trailing ": true, "パス": true,
	} {
		if err := server.SetPassword("riva-sync", secret); err != nil {
			t.Fatal(err)
		}
		server.Forget()
		conformance.RequirePass(t, account(server), target.General, "")
		if got := strings.Contains(server.Requests()[0].Query, "isEncoded"); got != encoded {
			t.Errorf("%q: encoded %t", secret, got)
		}
	}
}

func TestIdentity(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	system := oraclecrmondemand.System()
	want := target.Identity{
		Username: "EXAMPLE/riva-sync", UserID: "AAPA-00001", OrganizationID: "EXAMPLE", Host: "127.0.0.1",
	}
	for _, name := range []string{"EXAMPLE/riva-sync", `EXAMPLE\riva-sync`, "example/RIVA-SYNC"} {
		a := account(server, "username", name)
		conformance.RequireIdentity(t, a, want)
		if system.Binding(a.Settings) != system.Binding(account(server).Settings) {
			t.Errorf("%s is another user", name)
		}
	}
	const general = "Signed in as EXAMPLE/riva-sync. The company is EXAMPLE."
	if got := conformance.RequirePass(t, account(server), target.General, "").Message; got != general {
		t.Errorf("got %q", got)
	}
}

func TestAddressForms(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	system := oraclecrmondemand.System()
	for _, suffix := range []string{"", "/", "/Services/Integration", "/Services/Integration/"} {
		a := account(server, "url", server.URL()+suffix)
		conformance.RequirePass(t, a, target.General, "")
		if system.Binding(a.Settings) != system.Binding(account(server).Settings) {
			t.Errorf("%q names another server", suffix)
		}
	}
}

func TestInactiveUsers(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	for user, text := range map[string]string{
		"left@example.com": "not active", "nobody@example.com": "No user", "team@example.com": "2 active users match",
	} {
		for _, test := range []target.Test{target.General, target.Mail} {
			got := conformance.RequireFault(t, account(server), test, user)
			if got.Code != target.UserNotFound || !got.Message.Contains(text) || got.Field != "" {
				t.Errorf("%s of %s: got %v", test, user, got)
			}
		}
	}
	conformance.Update(t, server, "team.two", func(u *sandbox.User) { u.Active = false })
	got := conformance.RequirePass(t, account(server), target.General, "team@example.com").Message
	if !strings.Contains(got, "team.one") {
		t.Errorf("two users, one of them inactive: %q", got)
	}
}

// Users with another address are ignored, in case the server does not search as requested.
func TestOtherUsersAreIgnored(t *testing.T) {
	t.Parallel()
	server := fakeServer(t, func(w http.ResponseWriter, r *http.Request) {
		response := currentUser
		if strings.Contains(r.Header.Get("SOAPAction"), ":UserQueryPage") {
			response = `<UserQueryPage_Output><ListOfUser><User><UserSignInId>EXAMPLE/grace</UserSignInId>` +
				`<EMailAddr>grace@example.com</EMailAddr><Status>Active</Status></User></ListOfUser></UserQueryPage_Output>`
		}
		_, _ = w.Write([]byte("<Envelope><Body>" + response + "</Body></Envelope>"))
	})
	if got := conformance.RequireFault(t, server, target.General, "*@example.com"); got.Code != target.UserNotFound {
		t.Errorf("got %v", got)
	}
}
