package exchange_test

import (
	"context"
	"encoding/base64"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ntlm"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

// The password is sent with Basic, and with NTLM only a proof of it.
func TestPasswordReachesSignIn(t *testing.T) {
	t.Parallel()
	for _, authentication := range []string{"basic", "ntlm"} {
		for _, username := range []string{"svc-riva@example.com", `SIM\svc-riva`, "svc-riva"} {
			t.Run(authentication+" "+username, func(t *testing.T) {
				t.Parallel()
				server := start(t, sandbox.Options{})
				conformance.RequirePass(t, account(server, "authentication", authentication, "username", username),
					target.Calendar, "ada@example.com")
				signIns := server.SignInList()
				if len(signIns) == 0 || !signIns[0].Accepted || !strings.EqualFold(signIns[0].Scheme, authentication) {
					t.Fatalf("got sign-ins %+v", signIns)
				}
				if authentication == "basic" {
					if signIns[0].Secret != password || signIns[0].User != username {
						t.Errorf("the server received %q as %q", signIns[0].Secret, signIns[0].User)
					}
					return
				}
				if len(signIns) != 1 {
					t.Errorf("the proof was sent %d times in one session", len(signIns))
				}
				for _, request := range server.Requests() {
					if header := request.Header.Get("Authorization"); header != "" && !strings.HasPrefix(header, "NTLM ") {
						t.Errorf("something other than NTLM was sent")
					}
				}
			})
		}
	}
}

func TestIdentity(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	conformance.RequireIdentity(t, account(server), target.Identity{
		Username: "svc-riva@example.com", OrganizationID: "example.com", Host: "127.0.0.1",
	})
}

func TestExpectedMailbox(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	conformance.Update(t, server, "svc-riva", func(a *ews.Account) { a.Email = "riva.service@example.com" })
	fault := requireFault(t, account(server))
	if fault.Code != target.WrongIdentity || fault.Field != "mailbox" ||
		!fault.Message.Contains("riva.service@example.com") {
		t.Errorf("a sign-in name that differs from the address: got %+v", fault)
	}
	conformance.RequirePass(t, account(server, "mailbox", "Riva.Service@Example.com"), target.General, "")
	conformance.RequirePass(t, account(server, "username", `SIM\svc-riva`), target.General, "")
}

func TestAuthenticationNotOffered(t *testing.T) {
	t.Parallel()
	for authentication, offered := range map[string]sandbox.Scheme{"basic": sandbox.NTLM, "ntlm": sandbox.Basic} {
		server := start(t, sandbox.Options{Schemes: []sandbox.Scheme{offered}})
		fault := requireFault(t, account(server, "authentication", authentication))
		if fault.Code != target.Misconfigured || fault.Field != "authentication" ||
			!fault.Message.Contains(string(offered)) {
			t.Errorf("%s if only %s is offered: got %+v", authentication, offered, fault)
		}
		for _, request := range server.Requests() {
			if authentication == "ntlm" && request.Header.Get("Authorization") != "" {
				t.Error("credentials were sent with Basic although NTLM is configured")
			}
		}
	}
}

// Proxies put several challenges into one header. A rejection must be recognized, or the next sign-ins would lock the account.
func TestChallengesInOneHeader(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		authentication, header string
		want                   target.Code
		message                string
	}{
		{"basic", `Negotiate, NTLM, Basic realm="mail.example.com, or not"`, target.GivenCredentials, "401"},
		{"ntlm", `Digest qop="auth", nonce="x", realm="ntlm"`, target.Misconfigured, "It offers: Digest."},
		// The handshake does not begin, so the password was not checked.
		{"ntlm", `Negotiate, NTLM, Basic realm="mail.example.com"`, target.Misconfigured, "offers NTLM, but"},
		{"ntlm", `ntlm`, target.Misconfigured, "offers NTLM, but"},
	} {
		a := account(start(t, sandbox.Options{}), "authentication", test.authentication)
		at := respond(t, http.StatusUnauthorized, http.Header{"Www-Authenticate": {test.header}}, "")
		a.Settings["ews_url"] = at.Settings["ews_url"]
		if fault := requireFault(t, a); fault.Code != test.want || !fault.Message.Contains(test.message) {
			t.Errorf("%s: got %+v", test.header, fault)
		}
	}
}

// ntlmServer is a server that begins an NTLM handshake and continues with the test's response.
func ntlmServer(t *testing.T, next http.HandlerFunc) (target.Account, *atomic.Int32) {
	t.Helper()
	proofs := new(atomic.Int32)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		message, err := base64.StdEncoding.DecodeString(token)
		if kind, _ := ntlm.MessageType(message); err == nil && kind == ntlm.TypeAuthenticate {
			proofs.Add(1)
		}
		if token != "" {
			next(w, r)
			return
		}
		w.Header().Set("WWW-Authenticate", "NTLM")
		http.Error(w, strings.Repeat("Unauthorized. ", 200), http.StatusUnauthorized)
	}))
	t.Cleanup(server.Close)
	a := account(start(t, sandbox.Options{}), "authentication", "ntlm")
	a.Settings["ews_url"] = server.URL
	return a, proofs
}

// A password that was not checked is not reported as wrong.
func TestIncompleteHandshake(t *testing.T) {
	t.Parallel()
	challenge := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("WWW-Authenticate", "NTLM "+text)
			w.WriteHeader(http.StatusUnauthorized)
		}
	}
	hangUp := func(w http.ResponseWriter, _ *http.Request) {
		if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
			_ = conn.Close()
		}
	}
	for name, test := range map[string]struct {
		next http.HandlerFunc
		want target.Code
	}{
		"no challenge": {challenge(""), target.Misconfigured},
		"no base64":    {challenge("%%%"), target.Misconfigured},
		"garbage": {
			challenge(base64.StdEncoding.EncodeToString([]byte("NTLMSSP\x00\x02garbage"))), target.Misconfigured,
		},
		"connection closed": {hangUp, target.SystemNotAvailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, proofs := ntlmServer(t, test.next)
			if fault := requireFault(t, a); fault.Code != test.want {
				t.Errorf("got %+v, want %s", fault, test.want)
			}
			if proofs.Load() != 0 {
				t.Error("a proof of the password was sent")
			}
		})
	}
}

// Credentials stay on the host of the connection, also if a server redirects.
func TestRedirectsGetNoCredentials(t *testing.T) {
	t.Parallel()
	for _, authentication := range []string{"basic", "ntlm"} {
		for _, status := range []int{301, 302, 303, 307, 308} {
			elsewhere := start(t, sandbox.Options{})
			server := httptest.NewServer(http.RedirectHandler(elsewhere.URL(), status))
			t.Cleanup(server.Close)
			a := account(elsewhere, "authentication", authentication)
			a.Settings["ews_url"] = server.URL + sandbox.Path
			fault := requireFault(t, a)
			if fault.Code != target.Misconfigured || fault.Field != "ews_url" || !fault.Message.Contains(elsewhere.URL()) {
				t.Errorf("%s, %d: got %+v", authentication, status, fault)
			}
			if got := len(elsewhere.Requests()); got != 0 {
				t.Errorf("%s, %d: %d calls arrived elsewhere", authentication, status, got)
			}
		}
	}
}

// A connection that NTLM authenticated must not outlive its session, and a rejected one has no use.
func TestCloseClosesConnections(t *testing.T) {
	t.Parallel()
	for _, authentication := range []string{"basic", "ntlm"} {
		t.Run(authentication, func(t *testing.T) {
			t.Parallel()
			closed := make(chan struct{}, 1)
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(http.StatusForbidden)
			}))
			server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
				if state == http.StateClosed {
					closed <- struct{}{}
				}
			}
			server.Start()
			t.Cleanup(server.Close)
			a := account(start(t, sandbox.Options{}), "authentication", authentication)
			a.Settings["ews_url"] = server.URL
			if fault := requireFault(t, a); fault.Code != target.InsufficientPermission {
				t.Errorf("got %v", fault)
			}
			select {
			case <-closed:
			case <-time.After(10 * time.Second):
				t.Error("the connection is still open")
			}
		})
	}
}

func TestSignInIsCanceled(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	conformance.FailUntilCleared(t, server, sandboxcore.Slow())
	ctx, cancel := context.WithTimeoutCause(t.Context(), 50*time.Millisecond, errors.New("test"))
	defer cancel()
	_, _, err := call.SignIn(ctx, account(server))
	if fault, ok := target.AsFault(err); !ok || fault.Code != target.SystemNotAvailable {
		t.Errorf("deadline: got %v", err)
	}
	ctx, cancel = context.WithCancel(t.Context())
	cancel()
	if _, _, err := call.SignIn(ctx, account(server)); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: got %v", err)
	}
}
