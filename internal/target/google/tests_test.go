package google_test

import (
	"strings"
	"testing"

	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/google"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

func TestTests(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		grant, user string
		test        target.Test
		message     string
		reads       string // the user and the operation
	}{
		{serviceAccount, "", target.General, "Signed in as riva-sync@example.com of example.com.", "riva-sync@example.com profile"},
		{serviceAccount, "", target.Calendar, "calendar of riva-sync@example.com can be read.", "riva-sync@example.com events"},
		{serviceAccount, "", target.Contacts, "contacts of riva-sync@example.com can be read.", "riva-sync@example.com connections"},
		{serviceAccount, "", target.Mail, "The mail of riva-sync@example.com can be read.", "riva-sync@example.com message"},
		{serviceAccount, "ada@example.com", target.General, "The user ada@example.com is active.", "riva-sync@example.com user"},
		{serviceAccount, "ada.lovelace@example.com", target.General, "user ada@example.com is active.", "riva-sync@example.com user"},
		{
			serviceAccount, "ada.lovelace@example.com", target.Impersonation, "The service account can act as ada@example.com.",
			"ada@example.com profile",
		},
		{serviceAccount, "grace@example.com", target.Calendar, "of grace@example.com can be read.", "grace@example.com events"},
		{serviceAccount, "alan@example.com", target.Contacts, "of alan@example.com can be read.", "alan@example.com connections"},
		{serviceAccount, "alan@example.com", target.Mail, "mail of alan@example.com can be read.", "alan@example.com message"},
		{refreshToken, "", target.General, "Signed in as riva-sync@example.com of example.com.", "riva-sync@example.com profile"},
		{refreshToken, "", target.Calendar, "calendar of riva-sync@example.com can be read.", "riva-sync@example.com events"},
		{refreshToken, "Riva-Sync@example.com", target.Contacts, "can be read.", "riva-sync@example.com connections"},
		{refreshToken, "riva-sync@example.com", target.Mail, "can be read.", "riva-sync@example.com message"},
		{refreshToken, "riva-sync@example.com", target.Impersonation, "as riva-sync@example.com.", "riva-sync@example.com profile"},
		{refreshToken, "ada@example.com", target.General, "The user ada@example.com is active.", "riva-sync@example.com user"},
	} {
		t.Run(test.grant+" "+string(test.test)+" "+test.user, func(t *testing.T) {
			t.Parallel()
			server := start(t, sandbox.Options{})
			got := conformance.RequirePass(t, account(server, test.grant), test.test, test.user)
			if !strings.HasSuffix(got.Message, test.message) {
				t.Errorf("got %q", got.Message)
			}
			owner, operation, _ := strings.Cut(test.reads, " ")
			calls := conformance.Calls(server, operation)
			if len(calls) == 0 || calls[len(calls)-1].User != owner {
				t.Errorf("it did not read %s: %+v", test.reads, calls)
			}
		})
	}
}

// A refresh token belongs to one user: no call is made for other users.
func TestRefreshTokenActsForOwnUserOnly(t *testing.T) {
	t.Parallel()
	for _, test := range []target.Test{target.Impersonation, target.Calendar, target.Contacts, target.Mail} {
		server := start(t, sandbox.Options{})
		fault := conformance.RequireFault(t, account(server, refreshToken), test, "ada@example.com")
		help := strings.Join(fault.Help, " ") // it is not scrubbed, so it contains nothing that Google has said
		if fault.Code != target.InsufficientPermission || !strings.Contains(help, "service_account_key") ||
			strings.Contains(help, "@") {
			t.Errorf("%s: got %+v", test, fault)
		}
	}
}

// A refresh token has only the scopes that the user approved.
func TestRefreshTokenWithFewerScopes(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	token, err := server.Approve(server.Admin().Email, mailScope)
	if err != nil {
		t.Fatal(err)
	}
	a := account(server, refreshToken)
	a.Credentials["refresh_token"] = token
	conformance.RequirePass(t, a, target.Mail, "")
	for test, scope := range map[target.Test]string{target.Calendar: calendarScope, target.Contacts: contactsScope} {
		fault := conformance.RequireFault(t, a, test, "")
		if fault.Code != target.InsufficientPermission || !fault.Message.Contains("lacks the scope "+scope) {
			t.Errorf("%s: got %+v", test, fault)
		}
	}
}

// A mailbox without messages can be read too; the id of a message is escaped in the path.
func TestUnusualMailboxes(t *testing.T) {
	t.Parallel()
	for messages, path := range map[string]string{
		`{}`:                               "",
		`{"messages":[{"id":"../../x?"}]}`: "/gmail/v1/users/me/messages/..%2F..%2Fx%3F",
	} {
		a, paths := scripted(t, map[string]string{"/gmail/v1/users/me/messages": messages})
		conformance.RequirePass(t, a, target.Mail, "")
		last := ""
		for _, p := range paths() {
			if strings.HasPrefix(p, "/gmail/v1/users/me/messages/") {
				last = p
			}
		}
		if last != path {
			t.Errorf("%s: it read %q, want %q", messages, last, path)
		}
	}
}

// Missing data in Google's responses is a fault; no call is made as an unnamed user.
func TestIncompleteResponses(t *testing.T) {
	t.Parallel()
	a, _ := scripted(t, map[string]string{"/gmail/v1/users/me/profile": `{"emailAddress":""}`})
	if fault := conformance.RequireFault(t, a, target.General, ""); fault.Code != target.Misconfigured || fault.Field != "api_url" {
		t.Errorf("got %+v", fault)
	}
	for _, entry := range []string{`{}`, `{"primaryEmail":"ada"}`, `{"primaryEmail":"ada@example.com, x@example.com"}`} {
		a, _ := scripted(t, map[string]string{"/admin/directory/v1/users/ada@example.com": entry})
		if fault := conformance.RequireFault(t, a, target.Impersonation, "ada@example.com"); fault.Code != target.Misconfigured {
			t.Errorf("%s: got %+v", entry, fault)
		}
	}
	a, _ = scripted(t, map[string]string{"/admin/directory/v1/users/ada@example.com": `{"primaryEmail":"ada@example.com"}`})
	if fault := conformance.RequireFault(t, a, target.Impersonation, "ada@example.com"); fault.Code != target.WrongIdentity ||
		!fault.Message.Contains("opens the mailbox of riva-sync@example.com") {
		t.Errorf("got %+v", fault)
	}
}
