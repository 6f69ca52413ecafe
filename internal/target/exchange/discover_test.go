package exchange_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

// throughOWA is an account with the address of Outlook on the web only.
func throughOWA(server *sandbox.Server, more ...string) target.Account {
	a := account(server, append([]string{"owa_url", server.OWA()}, more...)...)
	delete(a.Settings, "ews_url")
	return a
}

func TestDiscoverFromOutlookOnTheWeb(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		path   string
		faults []sandboxcore.Fault
		calls  string // the services of Autodiscover that are called
	}{
		"at the usual place": {},
		"SOAP":               {path: "/mail/exchange.asmx", calls: "GetUserSettings"},
		"plain XML": {
			path:   "/mail/exchange.asmx",
			faults: []sandboxcore.Fault{sandboxcore.Status(http.StatusNotFound).ForOperation("GetUserSettings")},
			calls:  "GetUserSettings Autodiscover",
		},
		"SOAP fails by itself": {
			path:   "/mail/exchange.asmx",
			faults: []sandboxcore.Fault{sandboxcore.Status(http.StatusInternalServerError).ForOperation("GetUserSettings")},
			calls:  "GetUserSettings Autodiscover",
		},
		"SOAP is a page": {
			path: "/mail/exchange.asmx", faults: []sandboxcore.Fault{sandboxcore.Page().ForOperation("GetUserSettings")},
			calls: "GetUserSettings Autodiscover",
		},
	} {
		for _, authentication := range []string{"basic", "ntlm"} {
			t.Run(name+" "+authentication, func(t *testing.T) {
				t.Parallel()
				server := start(t, sandbox.Options{EWSPath: test.path})
				for _, fault := range test.faults {
					conformance.FailUntilCleared(t, server, fault)
				}
				check := conformance.RequirePass(t, throughOWA(server, "authentication", authentication), target.General, "")
				if !strings.Contains(check.Message, "Exchange Web Services were found at "+server.URL()+".") {
					t.Errorf("got %q", check.Message)
				}
				called := map[string]bool{}
				for i, request := range server.Requests() {
					if i == 0 && request.Header.Get("Authorization") != "" {
						t.Error("the first call had credentials")
					}
					called[request.Operation] = true
				}
				for _, service := range []string{"GetUserSettings", "Autodiscover"} {
					if want := strings.Contains(test.calls, service); called[service] != want {
						t.Errorf("%s was called: %v, want %v", service, called[service], want)
					}
				}
			})
		}
	}
}

func TestAutodiscoverRedirects(t *testing.T) {
	t.Parallel()
	const moved = "/mail/exchange.asmx"
	here := func(path string) func(*sandbox.Server) string {
		return func(s *sandbox.Server) string { return strings.TrimSuffix(s.OWA(), "/owa/") + path }
	}
	for name, test := range map[string]struct {
		code    string
		to      func(*sandbox.Server) string
		times   int
		want    target.Code // empty if EWS are found
		message string
	}{
		"another address": {"RedirectAddress", func(*sandbox.Server) string { return "riva@example.com" }, 1, "", ""},
		"another place":   {"RedirectUrl", here("/Autodiscover/Autodiscover.svc"), 1, "", ""},
		"the same place":  {"RedirectUrl", here("/autodiscover/autodiscover.svc"), 1, target.Misconfigured, "in a circle"},
		"the same address": {
			"RedirectAddress", func(*sandbox.Server) string { return "SVC-Riva@example.com" }, 1, target.Misconfigured, "in a circle",
		},
		"invalid address": {"RedirectUrl", func(*sandbox.Server) string { return "%%%" }, 1, target.Misconfigured, "invalid address"},
		"another host": {
			"RedirectUrl", func(*sandbox.Server) string { return "https://mail.example.net/autodiscover/autodiscover.svc?secret=1" }, 1,
			target.Misconfigured, `ews_url = "https://mail.example.net/EWS/Exchange.asmx"`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := start(t, sandbox.Options{EWSPath: moved})
			if err := server.Fail(sandbox.AutodiscoverRedirect(test.code, test.to(server)), test.times); err != nil {
				t.Fatal(err)
			}
			_, err := conformance.RunTest(t, throughOWA(server), target.General, "")
			fault, failed := target.AsFault(err)
			switch {
			case !failed:
				if test.want != "" {
					t.Error("EWS were found")
				}
			case fault.Code != test.want || !fault.Message.Contains(test.message) || fault.Message.Contains("secret"):
				t.Errorf("got %v, want %s with %q", fault, test.want, test.message)
			}
		})
	}
}

func TestAutodiscoverRedirectLoop(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			http.NotFound(w, r)
			return
		}
		calls.Add(1)
		http.Redirect(w, r, r.URL.Path+"x", http.StatusFound)
	}))
	t.Cleanup(server.Close)
	a := throughOWA(start(t, sandbox.Options{}))
	a.Settings["owa_url"] = server.URL + "/owa"
	fault := requireFault(t, a)
	if fault.Code != target.Misconfigured || fault.Field != "owa_url" || !fault.Message.Contains("10 times") ||
		calls.Load() > 11 {
		t.Errorf("%d calls, %v", calls.Load(), fault)
	}
}

// Credentials stay on the host that they are bound to, whatever Autodiscover returns.
func TestDiscoverKeepsCredentialsOnHost(t *testing.T) {
	t.Parallel()
	for name, lead := range map[string]func(t *testing.T, server, elsewhere *sandbox.Server){
		"reported": func(_ *testing.T, server, elsewhere *sandbox.Server) { server.Move("/nowhere", elsewhere.URL()) },
		"SOAP": func(t *testing.T, server, elsewhere *sandbox.Server) {
			t.Helper()
			server.Move("/nowhere", "")
			conformance.FailUntilCleared(t, server, sandbox.AutodiscoverRedirect("RedirectUrl", elsewhere.URL()))
		},
		"plain XML": func(t *testing.T, server, elsewhere *sandbox.Server) {
			t.Helper()
			server.Move("/nowhere", "")
			conformance.FailUntilCleared(t, server, sandboxcore.Status(http.StatusNotFound).ForOperation("GetUserSettings"))
			conformance.FailUntilCleared(t, server, sandbox.AutodiscoverRedirect("redirectUrl", elsewhere.URL()))
		},
		"HTTP": func(t *testing.T, server, elsewhere *sandbox.Server) {
			t.Helper()
			server.Move("/nowhere", "")
			conformance.FailUntilCleared(t, server, sandboxcore.Redirect(elsewhere.URL()).ForOperation("GetUserSettings"))
		},
	} {
		for _, authentication := range []string{"basic", "ntlm"} {
			t.Run(name+" "+authentication, func(t *testing.T) {
				t.Parallel()
				server, elsewhere := start(t, sandbox.Options{}), start(t, sandbox.Options{})
				lead(t, server, elsewhere)
				fault := requireFault(t, throughOWA(server, "authentication", authentication))
				if fault.Code != target.Misconfigured || fault.Field != "owa_url" ||
					!fault.Message.Contains(`ews_url = "`+elsewhere.URL()+`"`) {
					t.Errorf("got %v", fault)
				}
				if got := len(elsewhere.Requests()); got != 0 {
					t.Errorf("%d calls were sent to another host", got)
				}
			})
		}
	}
}

// A wrong password is sent once, with any path of EWS.
func TestWrongPasswordIsSentOnce(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"", "/mail/exchange.asmx"} {
		for _, authentication := range []string{"basic", "ntlm"} {
			server := start(t, sandbox.Options{EWSPath: path})
			a := throughOWA(server, "authentication", authentication)
			a.Credentials = target.Credentials{"password": "wrong"}
			if fault := requireFault(t, a); fault.Code != target.GivenCredentials || fault.Field != "password" {
				t.Errorf("%s, EWS at %q: got %+v", authentication, path, fault)
			}
			if got := server.SignIns(); got.Attempts != 1 {
				t.Errorf("%s, EWS at %q: sent %d times", authentication, path, got.Attempts)
			}
		}
	}
}

func TestEWSNotFound(t *testing.T) {
	t.Parallel()
	nowhere := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(nowhere.Close)
	a := throughOWA(start(t, sandbox.Options{}))
	a.Settings["owa_url"] = nowhere.URL + "/owa"
	if fault := requireFault(t, a); fault.Code != target.Misconfigured || fault.Field != "owa_url" ||
		!fault.Message.Contains("set ews_url instead") || !fault.Message.Contains("404") {
		t.Errorf("got %+v", fault)
	}
	a.Settings["username"] = `SIM\svc-riva`
	if fault := requireFault(t, a); fault.Code != target.Misconfigured || fault.Field != "mailbox" {
		t.Errorf("without an address: got %+v", fault)
	}
}
