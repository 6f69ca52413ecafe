package hclnotes_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/hclnotes"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/hclnotes"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

func TestEveryTestPasses(t *testing.T) {
	t.Parallel()
	for _, viaSession := range []bool{false, true} {
		for _, absolute := range []bool{false, true} {
			server := startWith(t, viaSession)
			server.UpdateSetup(func(s *sandbox.Setup) { s.AbsoluteURLs = absolute })
			// Alan has no events; the response has no body then.
			conformance.RequireAllPass(t, account(server),
				map[string]string{"": "Riva Sync/Example", "ada@example.com": "ada", "ALAN@example.com": "ALAN"},
				map[target.Test]string{target.Impersonation: "may read and edit"})
		}
	}
}

// A test reads the mail file that the Domino Directory has for the user.
func TestMailFileOfTheDirectory(t *testing.T) {
	t.Parallel()
	server := startWith(t, false)
	conformance.Update(t, server, "ada", func(p *sandbox.Person) { p.MailFile = "mail/a b/ada%20#1?.nsf" })
	conformance.RequirePass(t, account(server), target.Mail, "ada@example.com")
	requests := server.Requests()
	if last := requests[len(requests)-1]; last.Path != "/mail/a b/ada%20#1?.nsf/api/mail/inbox" || last.Account != "ada" {
		t.Errorf("%s of %s", last.Path, last.Account)
	}
}

// Lookups match partial names and aliases: only the Internet address itself is accepted.
func TestAddressMustBeTheInternetAddress(t *testing.T) {
	t.Parallel()
	server := startWith(t, false)
	conformance.Update(t, server, "ada", func(p *sandbox.Person) {
		p.Email, p.Aliases = "countess@example.com", []string{"ada@example.com"}
	})
	conformance.Update(t, server, "grace", func(p *sandbox.Person) { p.Email = "grace@example.com.invalid" })
	for email, text := range map[string]string{
		"ada@example.com": `"countess@example.com"`, "grace@example.com": "No user", "grac": "No user",
	} {
		got := conformance.RequireFault(t, account(server), target.Calendar, email)
		if got.Code != target.UserNotFound || !got.Message.Contains(text) {
			t.Errorf("%s: got %v", email, got)
		}
	}
	if len(conformance.Calls(server, "events")) != 0 {
		t.Error("a calendar was read")
	}
}

// Two matching documents are ambiguous; two names of one user are not.
func TestAmbiguousAddress(t *testing.T) {
	t.Parallel()
	server := startWith(t, false)
	conformance.Update(t, server, "ada", func(p *sandbox.Person) { p.Aliases = []string{"ada@example.com"} })
	conformance.RequirePass(t, account(server), target.Mail, "ada@example.com")
	conformance.Update(t, server, "grace", func(p *sandbox.Person) { p.Aliases = []string{"ada@example.com"} })
	got := conformance.RequireFault(t, account(server), target.Mail, "ada@example.com")
	if got.Code != target.UserNotFound || !got.Message.Contains("2 documents of the Domino Directory match") {
		t.Errorf("got %v", got)
	}
}

func TestAccessLevels(t *testing.T) {
	t.Parallel()
	for level, want := range map[string]struct {
		code    target.Code
		message string
	}{
		"No Access": {target.InsufficientPermission, "may not open"}, "Depositor": {target.InsufficientPermission, "may not open"},
		"Reader": {target.InsufficientPermission, "it may read."}, "Author": {target.InsufficientPermission, "it may read and create."},
		"Editor": {"", "may read and edit"}, "Manager": {"", "may read and edit"},
	} {
		server := startWith(t, true)
		conformance.Update(t, server, "ada", func(p *sandbox.Person) { p.Access = map[string]string{"Riva Sync/Example": level} })
		conformance.RequireMessage(t, account(server), target.Impersonation, "ada@example.com", want.code, want.message)
	}
}

// An address of a mail file on another host is not followed.
func TestMailFileOnAnotherHost(t *testing.T) {
	t.Parallel()
	server := startWith(t, false)
	server.UpdateSetup(func(s *sandbox.Setup) { s.AbsoluteURLs = true })
	conformance.Update(t, server, "ada", func(p *sandbox.Person) { p.Elsewhere = true })
	got := conformance.RequireFault(t, account(server), target.Calendar, "ada@example.com")
	if got.Code != target.UserNotFound || !got.Message.Contains("not on this server") {
		t.Errorf("got %v", got)
	}
}

// startDomino starts a server that returns a mail file with the address, and counts the reads.
func startDomino(t *testing.T, href string) (a target.Account, reads *int) {
	t.Helper()
	reads = new(int)
	mux := http.NewServeMux()
	mux.HandleFunc("/api/calendar", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintf(w, `{"calendars":[{"owner":{"displayName":"A","distinguishedName":"A/Example","email":"a@example.com"},`+
			`"links":[{"rel":"events","href":%q}]}]}`, href)
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		*reads++
		_, _ = w.Write([]byte(`{"events":[]}`))
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return target.Account{
		System:      hclnotes.System(),
		Settings:    target.Settings{"url": server.URL, "username": "A/Example", "authentication": "basic"},
		Credentials: target.Credentials{"password": secret},
		Network:     target.Network{LoopbackHTTP: true, ResponseTimeout: 5 * time.Second},
	}, reads
}

// Only a path to a database on the server itself is used from a response.
func TestUntrustedPathsAreNotCalled(t *testing.T) {
	t.Parallel()
	for href, want := range map[string]int{
		"/mail/a.nsf/api/calendar/events": 1, "/a.NSF/api/calendar/events": 1,
		"http://127.0.0.1:1/mail/a.nsf/api/calendar/events":       1, // this host; behind a proxy the port can differ
		"http://other.example.com/mail/a.nsf/api/calendar/events": 0,
		"//other.example.com/mail/a.nsf/api/calendar/events":      0,
		"/mail/../names.nsf/api/calendar/events":                  0, "/mail//a.nsf/api/calendar/events": 0,
		"/mail/..%2fa.nsf/api/calendar/events": 0, `/mail\a.nsf/api/calendar/events`: 0, "mail/a.nsf/api/calendar/events": 0,
		"/mail/a/api/calendar/events": 0, "/mail/a.nsf/api/calendar": 0, "": 0, "%": 0,
	} {
		a, reads := startDomino(t, href)
		_, err := conformance.RunTest(t, a, target.Calendar, "")
		if fault, _ := target.AsFault(err); *reads != want || want == 0 && (fault == nil || fault.Code != target.Misconfigured) {
			t.Errorf("%q: %d reads, %v", href, *reads, err)
		}
	}
}

// The list of services is additional information: without it, the fault is unchanged.
func TestUnlistedService(t *testing.T) {
	t.Parallel()
	server := startWith(t, false)
	server.UpdateSetup(func(s *sandbox.Setup) { s.Services = []string{"Calendar"} })
	conformance.FailUntilCleared(t, server, sandboxcore.Status(http.StatusInternalServerError).ForOperation("services"))
	got := conformance.RequireFault(t, account(server), target.Impersonation, "ada@example.com")
	if got.Code != target.InsufficientPermission || !got.Message.Contains("403") {
		t.Errorf("got %v", got)
	}
}

// The cause of a fault is the system error, as for all systems.
func TestFaultCause(t *testing.T) {
	t.Parallel()
	server := startWith(t, false)
	conformance.FailUntilCleared(t, server, sandbox.ServiceError(http.StatusBadRequest, "Name not found.").ForOperation("owner"))
	got := conformance.RequireFault(t, account(server), target.General, "ada@example.com")
	systemErr, ok := errors.AsType[*call.SystemError](got)
	if !ok || systemErr.Message != "Name not found." || got.Code != target.UserNotFound {
		t.Errorf("got %+v from %+v", got, systemErr)
	}
}
