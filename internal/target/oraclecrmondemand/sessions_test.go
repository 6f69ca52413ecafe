package oraclecrmondemand_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/oraclecrmondemand"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/oraclecrmondemand"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

// A company has few sessions: every session is logged off, whatever the result of the sign-in or the test.
func TestSessionsAreLoggedOff(t *testing.T) {
	t.Parallel()
	for name, arrange := range map[string]func(*testing.T, *sandbox.Server){
		"another user": func(t *testing.T, s *sandbox.Server) {
			conformance.Update(t, s, "riva-sync", func(u *sandbox.User) { u.Becomes = "x" })
		},
		"unusable response": func(t *testing.T, s *sandbox.Server) {
			conformance.FailUntilCleared(t, s, sandbox.Deep().ForOperation("CurrentUserQueryPage"))
		},
		"failed test": func(t *testing.T, s *sandbox.Server) {
			conformance.FailUntilCleared(t, s, sandbox.SOAPFault("SBL-X", "x").ForOperation("ContactQueryPage"))
		},
	} {
		server := start(t, sandbox.Options{})
		arrange(t, server)
		if _, err := conformance.RunTest(t, account(server), target.Contacts, ""); err == nil {
			t.Errorf("%s: it worked", name)
		}
		if left := server.Sessions(); len(left) != 0 || server.SignIns().Accepted != 1 {
			t.Errorf("%s: %v left, after %d sign-ins", name, left, server.SignIns().Accepted)
		}
	}
}

// A lost session is replaced once for a call; a server that loses every session is not called endlessly.
func TestLostSession(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	session, _, err := call.SignIn(t.Context(), account(server))
	if err != nil {
		t.Fatal(err)
	}
	server.EndSessions()
	if _, err := session.Run(t.Context(), target.Contacts, ""); err != nil {
		t.Error(err)
	}
	if err := session.Close(t.Context()); err != nil || len(server.Sessions()) != 0 {
		t.Errorf("%v left (%v)", server.Sessions(), err)
	}
	if got := server.SignIns().Attempts; got != 2 {
		t.Errorf("%d logins, want 2", got)
	}
	for name, fault := range map[string]sandboxcore.Fault{
		"code": sandbox.SessionLost(), "status": sandboxcore.Status(http.StatusUnauthorized),
	} {
		server.Forget()
		server.Clear()
		conformance.FailUntilCleared(t, server, fault.ForOperation("ContactQueryPage"))
		got := conformance.RequireFault(t, account(server), target.Contacts, "")
		if got.Code != target.SystemNotAvailable || !got.Message.Contains("lost twice") || server.SignIns().Attempts != 2 {
			t.Errorf("%s: got %v after %d logins", name, got, server.SignIns().Attempts)
		}
	}
}

// If the password was changed during a session, and the session is lost, the new login is rejected, once.
func TestLostSessionAndChangedPassword(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	session := conformance.SignIn(t, account(server))
	if _, err := server.ChangeSecret(); err != nil {
		t.Fatal(err)
	}
	server.EndSessions()
	_, err := session.Run(t.Context(), target.Mail, "")
	fault, ok := target.AsFault(err)
	if !ok || fault.Code != target.GivenCredentials || server.SignIns().Rejected != 1 {
		t.Errorf("got %v after %d rejected logins", err, server.SignIns().Rejected)
	}
}

// A server that reports a lost session may still have it: it is logged off before the next login.
func TestLostSessionIsLoggedOff(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	lost := sandbox.SOAPFault("SBL-ODU-01006", "com.siebel.occam.integration.IntegrationServletException")
	if err := server.Fail(lost.ForOperation("ContactQueryPage"), 1); err != nil {
		t.Fatal(err)
	}
	conformance.RequirePass(t, account(server), target.Contacts, "")
	if left := server.Sessions(); len(left) != 0 || server.SignIns().Accepted != 2 {
		t.Errorf("%v left, after %d sign-ins", left, server.SignIns().Accepted)
	}
}

// The identity of the new session is checked.
func TestNewSessionOfOtherUser(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	session, _, err := call.SignIn(t.Context(), account(server))
	if err != nil {
		t.Fatal(err)
	}
	server.EndSessions()
	conformance.Update(t, server, "riva-sync", func(u *sandbox.User) { u.Becomes = "somebody" })
	_, err = session.Run(t.Context(), target.Contacts, "")
	fault, ok := target.AsFault(err)
	if !ok || fault.Code != target.WrongIdentity || !fault.Message.Contains(`"EXAMPLE/somebody"`) {
		t.Errorf("got %v", err)
	}
	if err := session.Close(t.Context()); err != nil || len(server.Sessions()) != 0 {
		t.Errorf("%v left (%v)", server.Sessions(), err)
	}
}

// If the caller cancels during the login, the session is still logged off.
func TestCanceledSignInLogsOff(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var logoffs atomic.Int32
	a := fakeServer(t, func(_ http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("command") == "logoff" {
			logoffs.Add(1)
			return
		}
		_, _ = io.Copy(io.Discard, r.Body) // only then does the server notice the cancellation
		cancel()
		<-r.Context().Done()
	})
	if _, _, err := call.SignIn(ctx, a); !errors.Is(err, context.Canceled) || logoffs.Load() != 1 {
		t.Errorf("got %v after %d logoffs", err, logoffs.Load())
	}
}

// A redirected login does not send the password again, also on the same host: that would be another attempt.
func TestLoginIsNotRedirected(t *testing.T) {
	t.Parallel()
	var shown atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Password") != "" {
			shown.Add(1)
		}
		http.Redirect(w, r, "/Services/Integration?command=login&again=c4n", http.StatusFound)
	}))
	defer server.Close()
	got := conformance.RequireFault(t, accountAt(server.URL), target.General, "")
	if got.Code != target.Misconfigured || got.Field != "url" || shown.Load() != 1 || got.Message.Contains("c4n") {
		t.Errorf("got %v, with the password sent %d times", got, shown.Load())
	}
}

// currentUser is the response with the service user.
const currentUser = `<CurrentUserWS_CurrentUserQueryPage_Output><ListOfCurrentUser><CurrentUser>` +
	`<UserSignInId>EXAMPLE/riva-sync</UserSignInId></CurrentUser></ListOfCurrentUser></CurrentUserWS_CurrentUserQueryPage_Output>`

// fakeServer is an account of a server that accepts every login and then has the test's responses.
func fakeServer(t *testing.T, response http.HandlerFunc) target.Account {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("command") == "login" {
			w.Header().Set("Set-Cookie", "JSESSIONID=s3ssion; path=/")
			return
		}
		w.Header().Set("Content-Type", "text/xml")
		response(w, r)
	}))
	t.Cleanup(server.Close)
	return accountAt(server.URL)
}

func accountAt(address string) target.Account {
	return target.Account{
		System: oraclecrmondemand.System(), Settings: target.Settings{"url": address, "username": "EXAMPLE/riva-sync"},
		Credentials: target.Credentials{"password": secret}, Network: target.Network{LoopbackHTTP: true},
	}
}

func TestLogOffEndsWithBudget(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	conformance.RequireLogOff(t, server, account(server), "logoff")
}
