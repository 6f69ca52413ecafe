package ews_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/ewstest"
)

func impersonate(kind, value string) string {
	return "<t:ExchangeImpersonation><t:ConnectingSID><t:" + kind + ">" + value + "</t:" + kind +
		"></t:ConnectingSID></t:ExchangeImpersonation>"
}

func TestImpersonation(t *testing.T) {
	t.Parallel()
	ada := func(t *testing.T, s host) ews.Account {
		t.Helper()
		account, err := s.User("ada@example.com")
		if err != nil {
			t.Fatal(err)
		}
		return account
	}
	for name, tc := range map[string]struct {
		kind   string
		value  func(ews.Account) string
		change func(service, ada *ews.Account)
		code   string
	}{
		"SMTP address":         {kind: "SmtpAddress", value: func(a ews.Account) string { return a.Email }},
		"primary SMTP address": {kind: "PrimarySmtpAddress", value: func(a ews.Account) string { return a.Email }},
		"principal name":       {kind: "PrincipalName", value: func(a ews.Account) string { return a.Principal }},
		"SID":                  {kind: "SID", value: func(a ews.Account) string { return a.SID }},
		"alias as any address": {
			kind: "SmtpAddress", value: func(ews.Account) string { return "countess@example.com" },
			change: func(_, ada *ews.Account) { ada.Aliases = []string{"countess@example.com"} },
		},
		"alias as primary address": {
			kind: "PrimarySmtpAddress", value: func(ews.Account) string { return "countess@example.com" },
			change: func(_, ada *ews.Account) { ada.Aliases = []string{"countess@example.com"} },
			code:   "ErrorNonPrimarySmtpAddress",
		},
		"unknown address": {
			kind: "SmtpAddress", value: func(ews.Account) string { return "nobody@example.com" },
			code: "ErrorNonExistentMailbox",
		},
		"unknown principal": {
			kind: "PrincipalName", value: func(ews.Account) string { return "nobody@example.com" },
			code: "ErrorInvalidUserPrincipalName",
		},
		"unknown SID": {
			kind: "SID", value: func(ews.Account) string { return "S-1-0" }, code: "ErrorInvalidUserSid",
		},
		"unlicensed": {
			kind: "SmtpAddress", value: func(a ews.Account) string { return a.Email },
			change: func(_, ada *ews.Account) { ada.Mailbox = false }, code: "ErrorNonExistentMailbox",
		},
		"right dropped": {
			kind: "SmtpAddress", value: func(a ews.Account) string { return a.Email },
			change: func(service, _ *ews.Account) { service.Impersonation = false },
			code:   "ErrorImpersonateUserDenied",
		},
		"unknown kind": {
			kind: "Nickname", value: func(a ews.Account) string { return a.Email }, code: "ErrorSchemaValidation",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := start(t)
			if tc.change != nil {
				for _, err := range []error{
					server.Update("svc-riva", func(a *ews.Account) { tc.change(a, new(ews.Account)) }),
					server.Update("ada", func(a *ews.Account) { tc.change(new(ews.Account), a) }),
				} {
					if err != nil {
						t.Fatal(err)
					}
				}
			}
			c := as(t, server, server.Service())
			header := impersonate(tc.kind, tc.value(ada(t, server)))
			got := c.Call(ewstest.GetInbox, header)
			if tc.code != "" {
				if got.Status != http.StatusInternalServerError || got.Find("ResponseCode") != tc.code ||
					got.Find("faultcode") != "a:"+tc.code {
					t.Errorf("%d %s, want %s", got.Status, got.Body, tc.code)
				}
				return
			}
			owner := c.Call(ewstest.ConvertID(got.Attr("FolderId", "Id")), header)
			if mailbox := owner.Attr("AlternateId", "Mailbox"); mailbox != "ada@example.com" {
				t.Errorf("acting as %q: %s", mailbox, owner.Body)
			}
			requests := server.Requests()
			if last := requests[len(requests)-1]; last.User != "svc-riva@example.com" || last.Account != "ada@example.com" {
				t.Errorf("recorded as %s for %s", last.User, last.Account)
			}
		})
	}
}

func TestDelegateAccess(t *testing.T) {
	t.Parallel()
	server := start(t)
	c := as(t, server, server.Service())
	of := func(email string) string {
		return strings.Replace(ewstest.GetInbox, `<t:DistinguishedFolderId Id="inbox"/>`, `<t:DistinguishedFolderId Id="inbox">`+
			`<t:Mailbox><t:EmailAddress>`+email+`</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId>`, 1)
	}
	if got := c.Call(of("ada@example.com")); got.Find("ResponseCode") != "ErrorFolderNotFound" {
		t.Errorf("without the right: %s", got.Body)
	}
	allow := func(folders ...string) {
		t.Helper()
		if err := server.Update("ada", func(a *ews.Account) { a.Delegates = map[string][]string{"svc-riva": folders} }); err != nil {
			t.Fatal(err)
		}
	}
	for _, tc := range []struct{ folder, code string }{
		{"calendar", "ErrorFolderNotFound"}, {"inbox", "NoError"}, {"*", "NoError"},
	} {
		allow(tc.folder)
		if got := c.Call(of("ada@example.com")); got.Find("ResponseCode") != tc.code {
			t.Errorf("inbox with the right for %s: %s", tc.folder, got.Body)
		}
	}
	allow()
	if err := server.Update("svc-riva", func(a *ews.Account) { a.FullAccess = true }); err != nil {
		t.Fatal(err)
	}
	got := c.Call(of("ada@example.com"))
	if got.Find("ResponseCode") != "NoError" {
		t.Fatalf("with the right: %s", got.Body)
	}
	if owner := c.Call(ewstest.ConvertID(got.Attr("FolderId", "Id"))); owner.Attr("AlternateId", "Mailbox") != "ada@example.com" {
		t.Errorf("the folder is not in the mailbox of ada: %s", owner.Body)
	}
	if got := c.Call(of("nobody@example.com")); got.Find("ResponseCode") != "ErrorNonExistentMailbox" {
		t.Errorf("of an unknown user: %s", got.Body)
	}
}

func TestRemovedFolderRights(t *testing.T) {
	t.Parallel()
	ofAda := impersonate("SmtpAddress", "ada@example.com")
	for name, tc := range map[string]struct {
		folder string
		remove func(*ews.Account)
	}{
		"calendar": {"calendar", func(a *ews.Account) { a.Calendar = false }},
		"contacts": {"contacts", func(a *ews.Account) { a.Contacts = false }},
		"mail":     {"inbox", func(a *ews.Account) { a.Mail = false }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := start(t)
			c := as(t, server, server.Service())
			check := func(when, header, want string) {
				t.Helper()
				got := c.Call(findItems(tc.folder, "", ""), header)
				if got.Status != http.StatusOK || got.Find("ResponseCode") != want {
					t.Errorf("%s: %d %s, want %s", when, got.Status, got.Find("ResponseCode"), want)
				}
			}
			if err := server.Update("ada", tc.remove); err != nil {
				t.Fatal(err)
			}
			check("of ada, who denies access", ofAda, "ErrorAccessDenied")
			check("of alan, who allows access", impersonate("SmtpAddress", "alan@example.com"), "NoError")
			if err := server.Update("svc-riva", tc.remove); err != nil {
				t.Fatal(err)
			}
			check("of alan, without the right for any mailbox", impersonate("SmtpAddress", "alan@example.com"), "ErrorAccessDenied")
			if got := c.Call(getFolder("msgfolderroot"), ofAda); got.Find("ResponseCode") != "NoError" {
				t.Errorf("the root requires no right: %s", got.Body)
			}
		})
	}
}

func TestServiceAccountWithoutMailbox(t *testing.T) {
	t.Parallel()
	server := start(t)
	if err := server.Update("svc-riva", func(a *ews.Account) { a.Mailbox = false }); err != nil {
		t.Fatal(err)
	}
	c := as(t, server, server.Service())
	if got := c.Call(ewstest.GetInbox); got.Status != http.StatusOK || got.Find("ResponseCode") != "ErrorMissingEmailAddress" {
		t.Errorf("its own inbox: %d %s", got.Status, got.Body)
	}
	if got := c.Call(ewstest.GetInbox, impersonate("SmtpAddress", "ada@example.com")); got.Find("ResponseCode") != "NoError" {
		t.Errorf("impersonating: %s", got.Body)
	}
}

func TestChangedPrimaryAddress(t *testing.T) {
	t.Parallel()
	server := start(t)
	c := as(t, server, server.Service())
	id := c.Call(ewstest.GetInbox).Attr("FolderId", "Id")
	if err := server.Update("svc-riva", func(a *ews.Account) { a.Email = "somebody@example.org" }); err != nil {
		t.Fatal(err)
	}
	if got := c.Call(ewstest.ConvertID(id)); got.Attr("AlternateId", "Mailbox") != "somebody@example.org" {
		t.Errorf("signed in as %q", got.Attr("AlternateId", "Mailbox"))
	}
}
