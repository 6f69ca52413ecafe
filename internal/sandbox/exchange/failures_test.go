package exchange_test

import (
	"encoding/base64"
	"encoding/xml"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/ewstest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

// fail scripts a fault for the next call.
func fail(t *testing.T, server *exchange.Server, fault sandbox.Fault) {
	t.Helper()
	if err := server.Fail(fault, 1); err != nil {
		t.Fatal(err)
	}
}

// TestNonEWSResponses covers the responses that are not EWS.
func TestNonEWSResponses(t *testing.T) {
	t.Parallel()
	server := start(t, exchange.Options{})
	c := as(t, server, server.Service())

	fail(t, server, exchange.LoginPage())
	if got := c.Call(ewstest.GetInbox); got.Status != http.StatusFound ||
		!strings.HasPrefix(got.Header.Get("Location"), strings.TrimSuffix(server.URL(), exchange.Path)+"/owa/auth/logon.aspx?") {
		t.Errorf("login page: %d %q", got.Status, got.Header.Get("Location"))
	}
	fail(t, server, exchange.Off())
	if got := c.Call(ewstest.GetInbox); got.Status != http.StatusForbidden || got.Body != "" {
		t.Errorf("switched off: %d %q", got.Status, got.Body)
	}
	if got := c.Call(ewstest.GetInbox); got.Find("ResponseCode") != "NoError" {
		t.Errorf("after the faults: %s", got.Body)
	}
}

// TestFaultsWithNTLM checks that a fault of the response is not used up by the handshake.
func TestFaultsWithNTLM(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]sandbox.Fault{
		"truncated": sandbox.Truncated(), "huge": sandbox.Huge(), "busy": ews.Busy(time.Second),
		"maintenance": sandbox.Maintenance(), "echo": ews.Echo(),
	} {
		server := start(t, exchange.Options{Schemes: []exchange.Scheme{exchange.NTLM}})
		c := as(t, server, server.Service()).overNTLM()
		fail(t, server, fault)
		if got, err := c.Try(ewstest.Envelope(ewstest.GetInbox)); err == nil && got.Status == http.StatusOK && len(got.Body) < 4<<20 {
			t.Errorf("%s did not happen: %s", name, got.Body)
		}
		if got := c.Call(ewstest.GetInbox); got.Find("ResponseCode") != "NoError" {
			t.Errorf("after %s: %d %s", name, got.Status, got.Body)
		}
	}
}

func TestEchoedCredentials(t *testing.T) {
	t.Parallel()
	const secret = `p&ss <wörd> "1"`
	for name, password := range map[string]string{"right": secret, "wrong": "x" + secret} {
		server := start(t, exchange.Options{})
		if err := server.SetPassword("svc-riva", secret); err != nil {
			t.Fatal(err)
		}
		fail(t, server, ews.Echo())
		service := server.Service()
		got := as(t, server, service).with(service.Email, password).Call(ewstest.GetInbox)
		text := got.Find("faultstring")
		for form, want := range map[string]string{
			"raw": password, "URL-encoded": url.QueryEscape(password),
			"base64":    base64.StdEncoding.EncodeToString([]byte(password)),
			"as header": base64.StdEncoding.EncodeToString([]byte(service.Email + ":" + password)),
		} {
			if got.Status != http.StatusInternalServerError || !strings.Contains(text, want) {
				t.Errorf("%s password %s: not in %d %q", name, form, got.Status, text)
			}
		}
	}
}

func TestInvalidFaultsAreRejected(t *testing.T) {
	t.Parallel()
	server := start(t, exchange.Options{})
	for _, fault := range []sandbox.Fault{
		ews.SOAPFault("busy"), {Kind: "flood"}, exchange.LoginPage().ForAccount("ada@example.com"),
	} {
		if err := server.Fail(fault, 1); err == nil {
			t.Errorf("accepted %+v", fault)
		}
	}
}

// TestPaths checks that other paths of the server are not EWS, and that letter case is ignored.
func TestPaths(t *testing.T) {
	t.Parallel()
	server := start(t, exchange.Options{})
	service := server.Service()
	base := strings.TrimSuffix(server.URL(), exchange.Path)
	for path, want := range map[string]int{
		"/EWS/Exchange.asmx": http.StatusOK, "/ews/exchange.asmx": http.StatusOK, "/EWS/EXCHANGE.ASMX": http.StatusOK,
		"/": http.StatusNotFound, "/EWS/Services.wsdl": http.StatusNotFound, "/owa/": http.StatusFound,
	} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			request := sandboxtest.Request(t, method, base+path, ewstest.Envelope(ewstest.GetInbox))
			request.SetBasicAuth(service.Login(), service.Password)
			got := sandboxtest.Send(t, sandboxtest.Client(), request)
			isXML := xml.Unmarshal([]byte(got.Body), new(struct{})) == nil && strings.HasPrefix(got.Body, "<?xml")
			isEWS := method == http.MethodPost && strings.EqualFold(path, exchange.Path)
			if got.Status != want || isXML != isEWS {
				t.Errorf("%s %s: %d %s", method, path, got.Status, got.Body)
			}
		}
	}
}

func TestAddressWithoutCredentials(t *testing.T) {
	t.Parallel()
	server := start(t, exchange.Options{})
	got := sandboxtest.Send(t, sandboxtest.Client(), sandboxtest.Request(t, http.MethodGet, server.URL(), ""))
	if got.Status != http.StatusUnauthorized || len(got.Header.Values("WWW-Authenticate")) != 3 {
		t.Errorf("%d %q", got.Status, got.Header)
	}
	if got := server.SignIns(); got.Attempts != 0 {
		t.Errorf("counted as %+v", got)
	}
}
