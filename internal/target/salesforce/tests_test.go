package salesforce_test

import (
	"net/http"
	"strings"
	"testing"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

func TestEveryTestPasses(t *testing.T) {
	t.Parallel()
	grants(t, func(t *testing.T, grant string) {
		server := secure(t, sandboxcore.TLS{})
		conformance.RequireAllPass(t, account(t, server, grant),
			map[string]string{"": "riva-sync@example.com", "ada@example.com": "ada@example.com"},
			map[target.Test]string{target.Metadata: "objects can be read"})
	})
}

func TestGeneralTestReportsVersionAndUsage(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	organization := server.Organization()
	organization.Requests = 17
	if err := server.UpdateOrganization(organization.ID, func(o *sandbox.Organization) { *o = organization }); err != nil {
		t.Fatal(err)
	}
	const want = "Signed in as riva-sync@example.com of Example. The API has version 66.0 (Spring '26). " +
		"19 of 15000 API requests of the last 24 hours are used."
	if got := conformance.RequirePass(t, account(t, server, jwtBearer), target.General, "").Message; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Signing in does not require the right to use the API, so the general test checks it.
func TestGeneralTestRequiresAPI(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	organization := server.Organization().ID
	if err := server.UpdateOrganization(organization, func(o *sandbox.Organization) { o.APIEnabled = false }); err != nil {
		t.Fatal(err)
	}
	a := account(t, server, jwtBearer)
	session := conformance.SignIn(t, a)
	_, err := session.Run(t.Context(), target.General, "")
	if fault, ok := target.AsFault(err); !ok || fault.Code != target.InsufficientPermission ||
		!fault.Message.Contains("API_DISABLED_FOR_ORG") {
		t.Errorf("got %v", err)
	}
}

// Each test reads its own object, so a missing right fails that test only.
func TestMissingRightFailsOneTest(t *testing.T) {
	t.Parallel()
	rights := map[target.Test]func(*sandbox.User){
		target.Contacts: func(u *sandbox.User) { u.Contacts = false },
		target.Calendar: func(u *sandbox.User) { u.Calendar = false },
		target.Mail:     func(u *sandbox.User) { u.Mail = false },
	}
	for missing, take := range rights {
		server := start(t, sandbox.Options{})
		conformance.Update(t, server, server.Service().Username, take)
		a := account(t, server, jwtBearer)
		for test := range rights {
			for _, user := range []string{"", "ada@example.com"} {
				_, err := conformance.RunTest(t, a, test, user)
				fault, failed := target.AsFault(err)
				if failed != (test == missing) || failed && fault.Code != target.InsufficientPermission {
					t.Errorf("without the right to %s, %s of %q: got %v", missing, test, user, err)
				}
			}
		}
	}
}

func TestUsersNotFound(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	conformance.Update(t, server, "grace@example.com", func(u *sandbox.User) { u.Email = `o'grace\@example.com` })
	a := account(t, server, jwtBearer)
	for user, text := range map[string]string{
		"nobody@example.com":               "No user has the address nobody@example.com.",
		"left@example.com":                 "left@example.com is not active",
		"team@example.com":                 "2 active users match team@example.com",
		"riva-sync@example.org":            "No user has the address", // of another organization
		"' OR IsActive = true OR Id = '":   "No user has the address",
		`\' OR IsActive = true OR Id = \'`: "No user has the address",
	} {
		for _, test := range []target.Test{target.General, target.Impersonation, target.Calendar} {
			fault := conformance.RequireFault(t, a, test, user)
			if fault.Code != target.UserNotFound || !fault.Message.Contains(text) || fault.Field != "" {
				t.Errorf("%s as %s: got %+v", test, user, fault)
			}
		}
	}
	conformance.RequirePass(t, a, target.Impersonation, `o'grace\@example.com`)
	conformance.RequirePass(t, a, target.Mail, `o'grace\@example.com`)
}

// A user with a portal account too is one user.
func TestPortalUsersAreIgnored(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	conformance.Update(t, server, "alan@example.com", func(u *sandbox.User) { u.Email, u.Type = "ada@example.com", "CspLitePortal" })
	got := conformance.RequirePass(t, account(t, server, jwtBearer), target.General, "ada@example.com").Message
	if !strings.Contains(got, "ada@") {
		t.Errorf("got %q", got)
	}
}

func TestImpersonationRequiresModifyAllData(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	a := account(t, server, jwtBearer)
	conformance.Update(t, server, server.Service().Username, func(u *sandbox.User) { u.ModifyAllData = false })
	fault := conformance.RequireFault(t, a, target.Impersonation, "ada@example.com")
	if fault.Code != target.InsufficientPermission || !fault.Message.Contains("Modify All Data") {
		t.Errorf("got %+v", fault)
	}
}

// Not every organization shows permissions; then the test passes, and message that the right is unknown.
func TestUnreportedPermission(t *testing.T) {
	t.Parallel()
	user := `{"records":[{"Id":"0055g00000Sim04","Username":"ada@example.com","Email":"ada@example.com","IsActive":true}]}`
	for _, permission := range []string{
		`{"records":[]}`, `{"records":[{}]}`, `{"records":[{"PermissionsModifyAllData":null}]}`, user,
	} {
		a := instance(t, withText(token), func(w http.ResponseWriter, r *http.Request, base string) {
			texts := map[string]string{"/services/oauth2/userinfo": who, "/services/data": `[{"version":"60.0"}]`}
			switch query := r.URL.Query().Get("q"); {
			case strings.Contains(query, "FROM User "):
				texts[r.URL.Path] = user
			case strings.Contains(query, "FROM UserPermissionAccess"):
				texts[r.URL.Path] = permission
			}
			paths(texts)(w, r, base)
		})
		got := conformance.RequirePass(t, a, target.Impersonation, "ada@example.com").Message
		if !strings.Contains(got, "is active") || !strings.Contains(got, "does not show") {
			t.Errorf("%s: got %q", permission, got)
		}
	}
}

// Users with another address are ignored, in case Salesforce does not search as requested.
func TestOtherUsersAreIgnored(t *testing.T) {
	t.Parallel()
	a := instance(t, withText(token), paths(map[string]string{
		"/services/oauth2/userinfo": who, "/services/data": `[{"version":"60.0"}]`,
		"/services/data/v60.0/query": `{"records":[{"Id":"0055g00000Sim05","Username":"grace@example.com",` +
			`"Email":"grace@example.com","IsActive":true}]}`,
	}))
	conformance.RequireMessage(t, a, target.Calendar, "ada@example.com", target.UserNotFound,
		"No user has the address ada@example.com.")
}
