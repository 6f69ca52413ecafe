package sapc4c_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/sapc4c"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/sapc4c"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

// secret is easy to find in captured requests.
const secret = `c4n&ry <"sec\ret/+%é:`

// start runs a stand-in whose service user has the secret above.
func start(t *testing.T, options sandbox.Options) *sandbox.Server {
	t.Helper()
	server := sandboxtest.Start(t, sandbox.Start, options)
	if err := server.SetPassword(server.Service().UserID, secret); err != nil {
		t.Fatal(err)
	}
	return server
}

// account is an account of the stand-in, with further settings as alternating names and values.
func account(server *sandbox.Server, settings ...string) target.Account {
	return conformance.At(server, target.Account{
		System:      sapc4c.System(),
		Settings:    target.Settings{"url": server.URL(), "username": server.Service().UserID},
		Credentials: target.Credentials{"password": server.Service().Password},
	}, settings...)
}

func TestEveryTestPasses(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{Options: sandboxcore.Options{TLS: &sandboxcore.TLS{}}})
	conformance.RequireAllPass(t, account(server),
		map[string]string{"": "_RIVASYNC", "ada@example.com": "ADA", "Ada@Example.com": "ADA"},
		map[target.Test]string{target.Metadata: "5 collections"})
}

// Every call has the credentials, in the Authorization header only.
func TestRequests(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	conformance.Update(t, server, "ADA", func(u *sandbox.User) { u.Email = "o'hara+a&b@example.com" })
	conformance.RequirePass(t, account(server), target.Contacts, "o'hara+a&b@example.com")
	for _, r := range server.Requests() {
		if r.SignIn == nil || r.SignIn.Secret != secret || !r.SignIn.Accepted || r.Method != http.MethodGet {
			t.Errorf("%s %s: %+v", r.Method, r.Path, r.SignIn)
		}
		if strings.Contains(r.Path+r.Query+string(r.Body), "c4n") {
			t.Errorf("%s?%s contains the password", r.Path, r.Query)
		}
	}
}

func TestIdentityIsHostOnly(t *testing.T) {
	t.Parallel()
	conformance.RequireIdentity(t, account(start(t, sandbox.Options{})), target.Identity{Host: "127.0.0.1"})
}

func TestAddressForms(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	system := sapc4c.System()
	given := account(server)
	for _, suffix := range []string{"", "/", "/sap/c4c/odata/v1/c4codataapi", "/sap/c4c/odata/v1/c4codataapi/"} {
		a := account(server, "url", server.URL()+suffix, "username", "_rivasync")
		conformance.RequirePass(t, a, target.General, "")
		if system.Binding(a.Settings) != system.Binding(given.Settings) {
			t.Errorf("%q names another tenant", suffix)
		}
	}
	other := account(server, "url", server.URL()+"/sap/c4c/odata/v1/c4codataapi/wrong")
	if got := conformance.RequireFault(t, other, target.General, ""); got.Code != target.Misconfigured || got.Field != "url" {
		t.Errorf("got %v", got)
	}
	settings := target.Settings{"url": "https://my123456.crm.ondemand.com", "username": "a:b"}
	if fieldErrs := system.Validate(settings, nil, target.Network{}); len(fieldErrs) != 1 || fieldErrs[0].Field != "username" {
		t.Errorf("a colon in the user name: %v", fieldErrs)
	}
}

func TestServiceUser(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	const who = "The password of _RIVASYNC was accepted, and the service has 5 collections. The business user is Riva Sync, " +
		"employee 8000000001."
	if got := conformance.RequirePass(t, account(server), target.General, "").Message; got != who {
		t.Errorf("got %q", got)
	}
	technical := account(server, "username", "_INTEGRATION")
	for _, u := range server.Users() {
		if u.Technical {
			technical.Credentials["password"] = u.Password
		}
	}
	got := conformance.RequirePass(t, technical, target.General, "").Message
	if !strings.Contains(got, "communication arrangement") {
		t.Errorf("a technical user: %q", got)
	}
}

func TestInactiveUsers(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	conformance.Update(t, server, "GRACE", func(u *sandbox.User) { u.ValidUntil = time.Date(2024, 5, 31, 0, 0, 0, 0, time.UTC) })
	for user, text := range map[string]string{
		"left@example.com": "is locked", "grace@example.com": "valid only until 2024-05-31",
		"nobody@example.com": "No business user", "team@example.com": "2 active business users match",
	} {
		for _, test := range []target.Test{target.General, target.Mail} {
			got := conformance.RequireFault(t, account(server), test, user)
			if got.Code != target.UserNotFound || !got.Message.Contains(text) || got.Field != "" {
				t.Errorf("%s of %s: got %v", test, user, got)
			}
		}
	}
	conformance.Update(t, server, "TEAM.TWO", func(u *sandbox.User) { u.Locked = true })
	got := conformance.RequirePass(t, account(server), target.General, "team@example.com").Message
	if !strings.Contains(got, "TEAM.ONE") {
		t.Errorf("two users, one of them locked: %q", got)
	}
}

func TestMetadata(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	read := func() target.Snapshot { return conformance.Metadata(t, account(server)) }
	before := read()
	if len(before.Objects) != 5 || before.Objects[0] != "AppointmentCollection" || len(before.Digest) != 64 {
		t.Errorf("%+v", before)
	}
	if again := read(); again.Digest != before.Digest {
		t.Error("the digest changed without a change")
	}
	server.AddField("RivaID_KUT")
	if read().Digest == before.Digest {
		t.Error("a new field does not change the digest")
	}
	if err := server.Fail(sandboxcore.Page().ForOperation("metadata"), sandboxcore.UntilCleared); err != nil {
		t.Fatal(err)
	}
	if got := conformance.RequireFault(t, account(server), target.Metadata, ""); got.Code != target.Misconfigured {
		t.Errorf("got %v", got)
	}
}
