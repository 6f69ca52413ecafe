package office365_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/entra"
	mailboxes "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/office365"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/office365"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

func TestEveryTestPasses(t *testing.T) {
	t.Parallel()
	for _, api := range []string{graph, ews} {
		t.Run(api, func(t *testing.T) {
			t.Parallel()
			grants(t, func(t *testing.T, grant string) {
				conformance.RequireAllPass(t, account(t, secure(t), api, grant), map[string]string{"": service, ada: ada}, nil)
			})
		})
	}
}

// Each test reads its own folder only.
func TestMissingPermissionFailsOneTest(t *testing.T) {
	t.Parallel()
	for missing, permission := range map[target.Test]string{
		target.Calendar: "Calendars.ReadWrite", target.Contacts: "Contacts.ReadWrite", target.Mail: "Mail.ReadWrite",
	} {
		server := start(t, sandbox.Options{})
		removePermissions(t, server, permission)
		a := account(t, server, graph, clientSecret)
		for _, test := range []target.Test{target.Calendar, target.Contacts, target.Mail} {
			_, err := conformance.RunTest(t, a, test, ada)
			fault, failed := target.AsFault(err)
			if failed != (test == missing) {
				t.Errorf("without %s, %s: got %v", permission, test, err)
			}
			if failed && (fault.Code != target.InsufficientPermission || !fault.Message.Contains(permission)) {
				t.Errorf("without %s, %s: got %+v", permission, test, fault)
			}
		}
	}
}

// removePermissions removes permissions of the app at Graph.
func removePermissions(t *testing.T, server *sandbox.Server, permissions ...string) {
	t.Helper()
	requireNoError(t, server.Entra.UpdateApp(func(a *entra.App) {
		for api, consent := range a.Consents {
			consent.Roles, consent.Scopes = without(consent.Roles, permissions), without(consent.Scopes, permissions)
			a.Consents[api] = consent
		}
	}))
}

func without(all, some []string) []string {
	var kept []string
	for _, one := range all {
		if !strings.Contains(" "+strings.Join(some, " ")+" ", " "+one+" ") {
			kept = append(kept, one)
		}
	}
	return kept
}

func TestGeneralTestReportsAppAndTenant(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	app := server.Entra.App()
	want := "Signed in as the app " + app.ClientID + " of Example. The inbox of " + service + " can be opened."
	if got := conformance.RequirePass(t, account(t, server, graph, clientSecret), target.General, "").Message; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	want = "Signed in as " + service + " of Example. The inbox of " + service + " can be opened."
	if got := conformance.RequirePass(t, account(t, server, graph, refreshToken), target.General, "").Message; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Permissions that Exchange grants an app are not in its token, but they count.
func TestExchangePermissionsCount(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	removePermissions(t, server, "Mail.ReadWrite")
	a := account(t, server, graph, clientSecret)
	fault := conformance.RequireFault(t, a, target.General, "")
	if fault.Code != target.InsufficientPermission || !fault.Message.Contains("Mail.Read, Mail.ReadWrite") {
		t.Errorf("got %+v", fault)
	}
	server.UpdateTenant(func(tenant *sandbox.Tenant) { tenant.ExchangeRoles = []string{"Mail.Read"} })
	conformance.RequirePass(t, a, target.General, "")
}

func TestAppWithoutDirectoryRights(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	removePermissions(t, server, "User.Read.All", "Organization.Read.All")
	fault := conformance.RequireFault(t, account(t, server, graph, clientSecret), target.General, "")
	if fault.Code != target.InsufficientPermission || !fault.Message.Contains("User.Read.All") ||
		!fault.Message.Contains("Authorization_RequestDenied") {
		t.Errorf("got %+v", fault)
	}
}

func TestUsersNotFound(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	requireNoError(t, server.Mailboxes.Update("grace@example.com", func(a *mailboxes.Account) { a.Mailbox = false }))
	a := account(t, server, graph, clientSecret)
	for user, text := range map[string]string{
		"nobody@example.com":             "No user has the address nobody@example.com.",
		"left@example.com":               "not active: sign-in is blocked",
		"team@example.com":               "2 users match team@example.com",
		"riva-sync@example.org":          "No user has the address", // of another tenant
		"grace@example.com":              "MailboxNotEnabledForRESTAPI",
		"x' or accountEnabled eq true--": "No user has the address",
		"../organization":                "No user has the address",
	} {
		for _, test := range []target.Test{target.General, target.Impersonation, target.Calendar} {
			fault := conformance.RequireFault(t, a, test, user)
			if fault.Code != target.UserNotFound || !fault.Message.Contains(text) || fault.Field != "" {
				t.Errorf("%s as %s: got %+v", test, user, fault)
			}
		}
	}
}

// Users are found by any of their addresses, not only by the user name.
func TestUserFoundByAnyAddress(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	requireNoError(t, server.Mailboxes.Update(ada, func(a *mailboxes.Account) {
		a.Email, a.Aliases = "countess@example.com", []string{"o'lovelace@example.com"}
	}))
	a := account(t, server, graph, clientSecret)
	for _, address := range []string{ada, "countess@example.com", "o'lovelace@example.com", "ADA@EXAMPLE.COM"} {
		conformance.RequirePass(t, a, target.Mail, address)
	}
}

// Of the users that share an address, blocked ones are ignored.
func TestBlockedUsersAreIgnored(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	requireNoError(t, server.Entra.UpdateUser("team.one@example.com", func(u *entra.User) { u.Enabled = false }))
	a := account(t, server, graph, clientSecret)
	conformance.RequirePass(t, a, target.Impersonation, "team@example.com")
	requireNoError(t, server.Entra.UpdateUser("team.two@example.com", func(u *entra.User) { u.Enabled = false }))
	fault := conformance.RequireFault(t, a, target.Impersonation, "team@example.com")
	if !fault.Message.Contains("not active") {
		t.Errorf("got %+v", fault)
	}
}

// The account of a shared mailbox may not sign in, which is normal.
func TestSharedMailboxesAreActive(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	a := account(t, server, graph, clientSecret)
	conformance.RequirePass(t, a, target.Mail, "reception@example.com")
	removePermissions(t, server, "MailboxSettings.Read")
	a = account(t, server, graph, clientSecret)
	if fault := conformance.RequireFault(t, a, target.Mail, "reception@example.com"); !strings.Contains(fault.Message.String(),
		"MailboxSettings.Read") {
		t.Errorf("got %+v", fault)
	}
}

func TestValidationMailbox(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	for _, api := range []string{graph, ews} {
		a := account(t, server, api, clientSecret)
		a.Settings["validation_email"] = "nobody@example.com"
		if fault := conformance.RequireFault(t, a, target.General, ""); fault.Code != target.UserNotFound ||
			fault.Field != "validation_email" {
			t.Errorf("%s: got %+v", api, fault)
		}
	}
}

func TestAccessPolicyBlocksMailbox(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	requireNoError(t, server.UpdateMailbox(ada, func(m *sandbox.Mailbox) { m.Blocked = true }))
	a := account(t, server, graph, clientSecret)
	fault := conformance.RequireFault(t, a, target.Impersonation, ada)
	if fault.Code != target.InsufficientPermission || !fault.Message.Contains("RAOP") {
		t.Errorf("got %+v", fault)
	}
	conformance.RequirePass(t, a, target.Impersonation, "grace@example.com")
}

// A user reads other mailboxes only with the permission for shared mailboxes, and with access to them.
func TestUserReadsSharedMailboxes(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	a := account(t, server, graph, refreshToken)
	requireNoError(t, server.Mailboxes.Update(service, func(a *mailboxes.Account) { a.FullAccess = false }))
	if fault := conformance.RequireFault(t, a, target.Mail, ada); fault.Code != target.InsufficientPermission {
		t.Errorf("without access: got %+v", fault)
	}
	requireNoError(t, server.Mailboxes.Update(service, func(a *mailboxes.Account) { a.FullAccess = true }))
	conformance.RequirePass(t, a, target.Mail, ada)

	removePermissions(t, server, "Mail.ReadWrite.Shared")
	a = account(t, server, graph, refreshToken)
	conformance.RequirePass(t, a, target.Mail, "")
	fault := conformance.RequireFault(t, a, target.Mail, ada)
	if fault.Code != target.InsufficientPermission || !fault.Message.Contains("Mail.Read.Shared") {
		t.Errorf("without the permission: got %+v", fault)
	}
	conformance.RequirePass(t, a, target.Calendar, ada)
}

// If a user may not read the directory, Exchange finds the mailbox.
func TestUserWithoutDirectoryRights(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	removePermissions(t, server, "User.Read.All")
	a := account(t, server, graph, refreshToken)
	conformance.RequirePass(t, a, target.Mail, ada)
	if fault := conformance.RequireFault(t, a, target.Mail, "nobody@example.com"); fault.Code != target.UserNotFound {
		t.Errorf("got %+v", fault)
	}
}

// The tests only read: they use GET, and read at most one entry.
func TestTestsOnlyRead(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	a := account(t, server, graph, clientSecret)
	for _, test := range office365.System().Tests {
		conformance.RequirePass(t, a, test, ada)
	}
	lists := 0
	for _, request := range server.Requests() {
		if request.Site == "" && request.Method != http.MethodGet {
			t.Errorf("called with %s %s", request.Method, request.Path)
		}
		switch request.Operation {
		case "events", "contacts", "messages":
			if lists++; !strings.Contains(request.Query, "top=1&") && !strings.HasSuffix(request.Query, "top=1") {
				t.Errorf("%s requests more than one entry: %s", request.Path, request.Query)
			}
		}
	}
	if lists != 3 {
		t.Errorf("%d lists were read, want 3", lists)
	}
}
