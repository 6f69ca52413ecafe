package exchange_test

import (
	"strings"
	"testing"
	"time"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

func TestEveryTestPasses(t *testing.T) {
	t.Parallel()
	for _, authentication := range []string{"basic", "ntlm"} {
		for _, user := range []string{"", "ada@example.com"} {
			for _, test := range exchange.System().Tests {
				if test.NeedsUser() && user == "" {
					continue
				}
				t.Run(authentication+" "+string(test)+" "+user, func(t *testing.T) {
					t.Parallel()
					server := secure(t)
					check := conformance.RequirePass(t, account(server, "authentication", authentication), test, user)
					owner := user
					if user == "" {
						owner = "svc-riva@example.com"
					}
					if !check.Passed || check.Name != string(test) || !strings.Contains(check.Message, owner) {
						t.Errorf("got %+v", check)
					}
					requests := server.Requests()
					last := requests[len(requests)-1]
					if test != target.General && last.Account != owner || last.Header.Get("X-AnchorMailbox") != user {
						t.Errorf("acted on %q, anchored at %q", last.Account, last.Header.Get("X-AnchorMailbox"))
					}
				})
			}
		}
	}
}

// Each test reads its own folder, so a missing right fails that test only.
func TestMissingRightFailsOneTest(t *testing.T) {
	t.Parallel()
	rights := map[target.Test]func(*ews.Account){
		target.Calendar: func(a *ews.Account) { a.Calendar = false },
		target.Contacts: func(a *ews.Account) { a.Contacts = false },
		target.Mail:     func(a *ews.Account) { a.Mail = false },
	}
	for missing, take := range rights {
		server := start(t, sandbox.Options{})
		conformance.Update(t, server, "ada", take)
		for test := range rights {
			_, err := conformance.RunTest(t, account(server), test, "ada@example.com")
			fault, failed := target.AsFault(err)
			if failed != (test == missing) || failed && fault.Code != target.InsufficientPermission {
				t.Errorf("without the right to %s, %s: got %v", missing, test, err)
			}
		}
	}
}

// A delegate acts as itself, on the folders that it has rights on.
func TestDelegates(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		folders []string
		passes  string // the tests
	}{
		"everything": {[]string{"*"}, "general impersonation calendar contacts mail"},
		"calendar":   {[]string{"calendar"}, "calendar"},
		"inbox":      {[]string{"inbox"}, "general impersonation mail"},
		"nothing":    {nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := start(t, sandbox.Options{})
			conformance.Update(t, server, "svc-riva", func(a *ews.Account) { a.Impersonation = false })
			conformance.Update(t, server, "ada", func(a *ews.Account) { a.Delegates = map[string][]string{"svc-riva": test.folders} })
			for _, one := range exchange.System().Tests {
				check, err := conformance.RunTest(t, account(server, "access", "delegate"), one, "ada@example.com")
				fault, failed := target.AsFault(err)
				switch want := strings.Contains(test.passes, string(one)); {
				case failed == want, !failed && !strings.Contains(check.Message, "ada@example.com"):
					t.Errorf("%s: got %+v, %v", one, check, err)
				case failed && (fault.Code != target.InsufficientPermission ||
					!strings.Contains(strings.Join(fault.Help, " "), "Add-MailboxPermission")):
					t.Errorf("%s: got %+v", one, fault)
				}
			}
			for _, request := range server.Requests() {
				if strings.Contains(string(request.Body), "ExchangeImpersonation") {
					t.Error("a delegate impersonates")
				}
			}
		})
	}
}

func TestUsersOfDelegateNotFound(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	for _, user := range []string{"ada", "grace"} {
		conformance.Update(t, server, user, func(a *ews.Account) { a.Aliases = []string{"team@example.com"} })
	}
	for user, text := range map[string]string{
		"nobody@example.com": "No mailbox has the address", "team@example.com": "2 recipients match",
	} {
		_, err := conformance.RunTest(t, account(server, "access", "delegate"), target.Mail, user)
		if fault, ok := target.AsFault(err); !ok || fault.Code != target.UserNotFound || !fault.Message.Contains(text) {
			t.Errorf("%s: got %v", user, err)
		}
	}
}

func TestUsersNotFound(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	conformance.Update(t, server, "ada", func(a *ews.Account) { a.Aliases = []string{"countess@example.com"} })
	conformance.Update(t, server, "alan", func(a *ews.Account) { a.Mailbox = false })
	for user, text := range map[string]string{
		"nobody@example.com":        "No mailbox has the address nobody@example.com.",
		"alan@example.com":          "No mailbox has the address alan@example.com.",
		"countess@example.com":      "use ada@example.com",
		`<a href="x">&@example.com`: "No mailbox has the address",
	} {
		for _, test := range []target.Test{target.General, target.Impersonation, target.Mail} {
			_, err := conformance.RunTest(t, account(server), test, user)
			fault, ok := target.AsFault(err)
			if !ok || fault.Code != target.UserNotFound || !fault.Message.Contains(text) || fault.Field != "" {
				t.Errorf("%s as %s: got %v", test, user, err)
			}
		}
	}
}

// If the directory fails, the first fault is returned.
func TestUserNotFoundWithoutDirectory(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	conformance.FailUntilCleared(t, server, ews.SOAPFault("ErrorADUnavailable").ForOperation("ResolveNames"))
	_, err := conformance.RunTest(t, account(server), target.Mail, "nobody@example.com")
	fault, ok := target.AsFault(err)
	if !ok || fault.Code != target.UserNotFound || !fault.Message.Contains("ErrorNonExistentMailbox") {
		t.Errorf("got %v", err)
	}
}

func TestGeneralTestReportsVersionAndExpiry(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	const version = "The server runs Exchange Server 2019 or SE (15.2.1544)."
	got := conformance.RequirePass(t, account(server), target.General, "").Message
	if got != "Signed in as svc-riva@example.com. "+version {
		t.Errorf("a password that never expires: got %q", got)
	}
	expires := time.Now().AddDate(0, 1, 0).UTC()
	conformance.Update(t, server, "svc-riva", func(a *ews.Account) { a.PasswordExpires = expires })
	want := "The password expires on " + expires.Format(time.DateOnly) + "."
	if got := conformance.RequirePass(t, account(server), target.General, "").Message; !strings.HasSuffix(got, version+" "+want) {
		t.Errorf("got %q, want %q", got, want)
	}
	for name, fault := range map[string]sandboxcore.Fault{
		"denied": ews.ItemError("ErrorAccessDenied"), "busy": ews.Busy(time.Minute), "broken": sandboxcore.Truncated(),
		"a page": sandboxcore.Page(), "closed": sandboxcore.Closed(),
	} {
		server.Clear()
		conformance.FailUntilCleared(t, server, fault.ForOperation("GetPasswordExpirationDate"))
		got := conformance.RequirePass(t, account(server), target.General, "")
		if !got.Passed || strings.Contains(got.Message, "expires") {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}

func TestUnofferedTestFails(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	_, err := conformance.RunTest(t, account(server), target.Metadata, "")
	if err == nil {
		t.Error("a test that is not offered passed")
	}
}
