package netsuite_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/netsuite"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/netsuite"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

// Secrets that are easy to find in captured requests, with characters that signatures must encode.
const (
	consumerSecret = `c4n&ry <"sec\ret/+%é`
	tokenSecret    = `c4n&ry t0ken/+%~ü`
)

// start runs a stand-in with the secrets above.
func start(t *testing.T, options sandbox.Options) *sandbox.Server {
	t.Helper()
	server := sandboxtest.Start(t, sandbox.Start, options)
	server.UpdateIntegration(func(i *sandbox.Integration) { i.Secret = consumerSecret })
	if err := server.UpdateToken(func(token *sandbox.Token) { token.Secret = tokenSecret }); err != nil {
		t.Fatal(err)
	}
	return server
}

// account is an account of the stand-in.
func account(server *sandbox.Server) target.Account {
	return conformance.At(server, target.Account{
		System: netsuite.System(),
		Settings: target.Settings{
			"account_id": server.Account().ID, "consumer_key": server.Integration().ConsumerKey,
			"token_id": server.Token().ID, "api_url": server.URL(),
		},
		Credentials: target.Credentials{"consumer_secret": consumerSecret, "token_secret": tokenSecret},
	})
}

func TestEveryTestPasses(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{Options: sandboxcore.Options{TLS: &sandboxcore.TLS{}}})
	for test, text := range map[target.Test]string{
		target.General: "Signed in as Riva Sync with the role Riva Integration. The account is Example (1234567_SB1), and " +
			"records can be read.",
		target.Contacts: "The contacts can be read by Riva Sync.",
		target.Calendar: "The calendar events can be read by Riva Sync.",
		target.Mail:     "The messages can be read by Riva Sync.",
		target.Metadata: "The definitions of 11 record types can be read.",
	} {
		if check := conformance.RequirePass(t, account(server), test, ""); check.Message != text {
			t.Errorf("%s: got %q", test, check.Message)
		}
		check := conformance.RequirePass(t, account(server), test, "ADA@example.com")
		if test != target.Metadata && !strings.Contains(check.Message, "Ada Lovelace (ADA@example.com) is active") {
			t.Errorf("%s of a user: got %q", test, check.Message)
		}
	}
	for _, request := range server.Requests() {
		if request.SignIn == nil || !request.SignIn.Accepted {
			t.Errorf("%s %s was not signed", request.Method, request.Path)
		}
	}
}

func TestIdentity(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	a := account(server)
	a.Settings["account_id"] = "1234567-sb1" // as the host has it
	conformance.RequireIdentity(t, a, target.Identity{
		Username: "Riva Sync", UserID: "11", OrganizationID: "1234567_SB1", OrganizationName: "Example", Host: "127.0.0.1",
	})
}

// A role for web services only cannot read the user of its token. That is not a failure, since the account is verified.
func TestRoleForWebServicesOnly(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	server.UpdateRole(func(r *sandbox.Role) { r.WebServicesOnly = true })
	conformance.RequireIdentity(t, account(server), target.Identity{OrganizationID: "1234567_SB1", Host: "127.0.0.1"})
	check := conformance.RequirePass(t, account(server), target.General, "")
	if !strings.Contains(check.Message, "account 1234567_SB1") || !strings.Contains(check.Message, "web services only") {
		t.Errorf("got %+v", check)
	}
	check = conformance.RequirePass(t, account(server), target.Contacts, "")
	if check.Message != "The contacts can be read by the user of the token." {
		t.Errorf("got %q", check.Message)
	}
}

// A connection with a user name verifies the user, or fails.
func TestExpectedUser(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		expected        string
		webServicesOnly bool
		code            target.Code
		field, message  string
	}{
		"the same": {expected: "riva SYNC"},
		"another user": {
			"Grace Hopper", false, target.WrongIdentity, "username", `Signed in as "Riva Sync", but the connection expects "Grace Hopper"`,
		},
		"cannot be compared": {"Riva Sync", true, target.InsufficientPermission, "username", "could not be compared with username"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := start(t, sandbox.Options{})
			server.UpdateRole(func(r *sandbox.Role) { r.WebServicesOnly = tc.webServicesOnly })
			a := account(server)
			a.Settings["username"] = tc.expected
			if tc.code == "" {
				conformance.RequirePass(t, a, target.General, "")
				return
			}
			fault := conformance.RequireFault(t, a, target.General, "")
			if fault.Code != tc.code || fault.Field != tc.field || !fault.Message.Contains(tc.message) || len(fault.Help) == 0 {
				t.Errorf("got %+v", fault)
			}
		})
	}
}

// The account is always compared.
func TestOtherAccountIsRejected(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	server.UpdateAccount(func(a *sandbox.Account) { a.CompanyID = "7654321" })
	fault := conformance.RequireFault(t, account(server), target.General, "")
	if fault.Code != target.WrongIdentity || fault.Field != "account_id" || !fault.Message.Contains("7654321") {
		t.Errorf("got %+v", fault)
	}
}

// The token is valid although the role may not read contacts: the test reports the identity and the missing permission.
func TestGeneralTestReadsARecord(t *testing.T) {
	t.Parallel()
	for name, take := range map[string]func(*sandbox.Role){
		"Lists -> Contacts": func(r *sandbox.Role) { r.Contacts = false },
		"current role":      func(r *sandbox.Role) { r.REST = false },
	} {
		server := start(t, sandbox.Options{})
		server.UpdateRole(take)
		session, _, err := call.SignIn(t.Context(), account(server))
		if err != nil {
			t.Fatal(err)
		}
		_, err = session.Run(t.Context(), target.General, "")
		if fault, ok := target.AsFault(err); !ok || fault.Code != target.InsufficientPermission ||
			!fault.Message.Contains(name) || session.Identity.Username != "Riva Sync" {
			t.Errorf("got %v of %+v", err, session.Identity)
		}
		if err := session.Close(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

// Each test reads its own record type, so a missing permission fails that test only.
func TestMissingPermissionFailsOneTest(t *testing.T) {
	t.Parallel()
	for missing, take := range map[target.Test]func(*sandbox.Role){
		target.Calendar: func(r *sandbox.Role) { r.Calendar = false },
		target.Mail:     func(r *sandbox.Role) { r.Mail = false },
	} {
		server := start(t, sandbox.Options{})
		server.UpdateRole(take)
		for _, test := range []target.Test{target.General, target.Contacts, target.Calendar, target.Mail} {
			_, err := conformance.RunTest(t, account(server), test, "ada@example.com")
			if fault, failed := target.AsFault(err); failed != (test == missing) || failed && fault.Code != target.InsufficientPermission {
				t.Errorf("without the permission to %s, %s: got %v", missing, test, err)
			}
		}
	}
}

func TestUsersNotFound(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	if err := server.Update("Grace Hopper", func(e *sandbox.Employee) { e.Email = `O'Grace\@example.com` }); err != nil {
		t.Fatal(err)
	}
	a := account(server)
	for user, text := range map[string]string{
		"nobody@example.com":         "No employee has the address nobody@example.com.",
		"left@example.com":           "left@example.com is not active",
		"team@example.com":           "2 active employees match team@example.com: Team One and Team Two",
		"' OR '1' = '1":              "No employee has the address",
		"x' OR LOWER(email) = 'ada@": "No employee has the address",
	} {
		for _, test := range []target.Test{target.General, target.Calendar} {
			fault := conformance.RequireFault(t, a, test, user)
			if fault.Code != target.UserNotFound || !fault.Message.Contains(text) || fault.Field != "" {
				t.Errorf("%s as %s: got %+v", test, user, fault)
			}
		}
	}
	conformance.RequirePass(t, a, target.General, `o'grace\@example.com`)
}

func TestMetadata(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	read := func() target.Snapshot { return conformance.Metadata(t, account(server)) }
	before := read()
	if again := read(); again.Digest != before.Digest || len(before.Objects) != 11 {
		t.Errorf("got %+v, then %+v", before, again)
	}
	server.AddRecordType("customrecord_riva")
	if after := read(); after.Digest == before.Digest || len(after.Objects) != 12 {
		t.Errorf("got %+v", after)
	}
}

// Employees with another address are ignored, in case NetSuite does not search as requested.
func TestOtherEmployeesAreIgnored(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"items":[{"entityid":"Grace Hopper","email":"grace@example.com","isinactive":"F"}],` +
			`"companyId":"1234567","userId":1}`))
	}))
	t.Cleanup(server.Close)
	a := account(start(t, sandbox.Options{}))
	a.Settings["account_id"], a.Settings["api_url"] = "1234567", server.URL
	conformance.RequirePass(t, a, target.General, "grace@example.com")
	conformance.RequireMessage(t, a, target.General, "ada@example.com", target.UserNotFound,
		"No employee has the address ada@example.com.")
}
