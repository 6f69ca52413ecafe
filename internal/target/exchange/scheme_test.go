package exchange_test

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ntlm"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

// authorizations are the schemes of the authorizations that a stand-in received, one for each request.
func authorizations(server *sandbox.Server) []string {
	var all []string
	for _, request := range server.Requests() {
		scheme, _, _ := strings.Cut(request.Header.Get("Authorization"), " ")
		all = append(all, scheme)
	}
	return all
}

// Without the setting, the password is sent only if the server has requested Basic, and not NTLM.
func TestStrongestOfferIsUsed(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		offered   []sandbox.Scheme
		want      string
		forbidden string
	}{
		"both":  {[]sandbox.Scheme{sandbox.Basic, sandbox.NTLM}, "ntlm", "Basic"},
		"NTLM":  {[]sandbox.Scheme{sandbox.NTLM}, "ntlm", "Basic"},
		"Basic": {[]sandbox.Scheme{sandbox.Basic}, "basic", "NTLM"},
	} {
		for address, a := range map[string]func(*sandbox.Server, ...string) target.Account{"ews": account, "owa": throughOWA} {
			t.Run(name+" "+address, func(t *testing.T) {
				t.Parallel()
				server := start(t, sandbox.Options{Schemes: test.offered, EWSPath: "/mail/exchange.asmx"})
				signedIn, checks, err := call.SignIn(t.Context(), a(server))
				if err != nil {
					t.Fatal(err)
				}
				if _, err := signedIn.Run(t.Context(), target.Calendar, "ada@example.com"); err != nil {
					t.Error(err)
				}
				if err := signedIn.Close(t.Context()); err != nil {
					t.Error(err)
				}
				if signedIn.Scheme() != test.want || !strings.Contains(checks[0].Message, test.want) {
					t.Errorf("reported %q: %q", signedIn.Scheme(), checks[0].Message)
				}
				sent := authorizations(server)
				if sent[0] != "" || slices.Contains(sent, test.forbidden) {
					t.Errorf("got %q", sent)
				}
				if len(server.SignInList()) == 0 {
					t.Error("there was no sign-in")
				}
			})
		}
	}
}

// A scheme that the setting requires is not chosen by the server, and is not reported as proven.
func TestRequiredAuthenticationIsNotReported(t *testing.T) {
	t.Parallel()
	for _, authentication := range []string{"basic", "ntlm"} {
		a := account(start(t, sandbox.Options{}), "authentication", authentication)
		signedIn, _, err := call.SignIn(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		if err := signedIn.Close(t.Context()); err != nil || signedIn.Scheme() != "" {
			t.Errorf("%s: reported %q, %v", authentication, signedIn.Scheme(), err)
		}
	}
}

// After NTLM was refused, the password itself is not tried.
func TestRejectedProofIsNotFollowedByThePassword(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{Schemes: []sandbox.Scheme{sandbox.Basic, sandbox.NTLM}})
	a := account(server)
	a.Credentials["password"] = "wrong"
	fault := requireFault(t, a)
	if fault.Code != target.GivenCredentials || !fault.Certain ||
		!strings.Contains(strings.Join(fault.Help, " "), "Extended Protection") {
		t.Errorf("got %+v", fault)
	}
	if got := server.SignInList(); len(got) != 1 || got[0].Scheme != "NTLM" || slices.Contains(authorizations(server), "Basic") {
		t.Errorf("got %+v", got)
	}
}

// A server, or somebody in between, that offers only Basic in the middle of a session does not get the password.
func TestBasicIsNeverUsedAfterNTLM(t *testing.T) {
	t.Parallel()
	for name, offersNTLM := range map[string]int{"in the handshake": 1, "after the handshake": 2} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			requests := 0
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
				if scheme == "Basic" {
					t.Error("the password was sent")
				}
				offer := "NTLM"
				if negotiate, err := base64.StdEncoding.DecodeString(token); err == nil && token != "" {
					challenge := ntlm.NewChallenge(ntlm.Names{Domain: "SIM"}, negotiate, time.Now()).Message()
					offer += " " + base64.StdEncoding.EncodeToString(challenge)
				}
				if requests++; requests > offersNTLM {
					offer = `Basic realm="x"`
				}
				w.Header().Set("WWW-Authenticate", offer)
				w.WriteHeader(http.StatusUnauthorized)
			}))
			t.Cleanup(server.Close)
			a := account(start(t, sandbox.Options{}))
			a.Settings["ews_url"] = server.URL
			if fault := requireFault(t, a); fault.Code != target.Misconfigured || fault.Field != "authentication" {
				t.Errorf("got %+v", fault)
			}
			if requests != offersNTLM+1 {
				t.Errorf("%d requests", requests)
			}
		})
	}
}

// Credentials that were proven with NTLM are not sent to a server that offers only Basic.
func TestWeakerOfferIsRefused(t *testing.T) {
	t.Parallel()
	for address, account := range map[string]func(*sandbox.Server, ...string) target.Account{"ews": account, "owa": throughOWA} {
		t.Run(address, func(t *testing.T) {
			t.Parallel()
			server := start(t, sandbox.Options{
				Schemes: []sandbox.Scheme{sandbox.Basic}, EWSPath: "/mail/exchange.asmx",
				Options: sandboxcore.Options{TLS: &sandboxcore.TLS{}},
			})
			a := account(server)
			a.Scheme = "ntlm"
			fault := requireFault(t, a)
			if fault.Code != target.Misconfigured || fault.Field != "authentication" || fault.Certain || fault.Unclear ||
				!strings.Contains(strings.Join(fault.Help, " "), "submit the credentials again") {
				t.Errorf("got %+v", fault)
			}
			for _, sent := range authorizations(server) {
				if sent != "" {
					t.Errorf("%s was sent", sent)
				}
			}
			if len(server.Requests()) == 0 {
				t.Error("the server was not called")
			}
			a = account(server, "authentication", "basic")
			a.Scheme = "ntlm"
			conformance.RequirePass(t, a, target.General, "")
		})
	}
}

// A stronger offer is used, and reported.
func TestStrongerOfferIsUsed(t *testing.T) {
	t.Parallel()
	a := account(start(t, sandbox.Options{}))
	a.Scheme = "basic"
	signedIn, _, err := call.SignIn(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	if err := signedIn.Close(t.Context()); err != nil || signedIn.Scheme() != "ntlm" {
		t.Errorf("reported %q, %v", signedIn.Scheme(), err)
	}
}

func TestUnusableOffers(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		header http.Header
		body   string
		field  string
		want   string
	}{
		"another scheme": {http.Header{"Www-Authenticate": {`Digest realm="x"`}}, "", "authentication", "It offers: Digest."},
		"no scheme":      {nil, "", "authentication", "offers no authentication"},
		"a gateway":      {nil, `{"message":"Key missing"}`, "ews_url", `"Key missing". It offers no authentication.`},
		"a page":         {http.Header{"Content-Type": {"text/html"}}, "<title>Sign in</title>", "ews_url", "Sign in"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := account(start(t, sandbox.Options{}))
			a.Settings["ews_url"] = respond(t, http.StatusUnauthorized, test.header, test.body).Settings["ews_url"]
			if got := requireFault(t, a); got.Code != target.Misconfigured || got.Field != test.field || !got.Message.Contains(test.want) {
				t.Errorf("got %+v", got)
			}
		})
	}
}

// Basic cannot send a user name with a colon, but NTLM can.
func TestUserNameWithColon(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	fault := requireFault(t, account(server, "authentication", "basic", "username", "svc:riva"))
	if fault.Code != target.Misconfigured || fault.Field != "username" || len(server.Requests()) != 0 {
		t.Errorf("basic: got %+v", fault)
	}
	if fault := requireFault(t, account(server, "username", "svc:riva")); fault.Code != target.GivenCredentials {
		t.Errorf("NTLM: got %+v", fault)
	}
	server = start(t, sandbox.Options{Schemes: []sandbox.Scheme{sandbox.Basic}})
	fault = requireFault(t, account(server, "username", "svc:riva"))
	if fault.Code != target.Misconfigured || fault.Field != "username" || slices.Contains(authorizations(server), "Basic") {
		t.Errorf("only Basic on offer: got %+v", fault)
	}
}
