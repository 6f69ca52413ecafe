package exchange_test

import (
	"encoding/base64"
	"encoding/xml"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
)

// fail scripts a fault for the next call.
func fail(t *testing.T, server *exchange.Server, fault sandbox.Fault) {
	t.Helper()
	if err := server.Fail(fault, 1); err != nil {
		t.Fatal(err)
	}
}

// Any of Exchange's codes can be had as a fault of the request and as an error of an item.
func TestAnswersThatAreNoEWS(t *testing.T) {
	t.Parallel()
	server := start(t, exchange.Options{})
	c := as(t, server, server.Service())

	fail(t, server, exchange.LoginPage())
	if got := c.call(getInbox); got.status != http.StatusFound ||
		!strings.HasPrefix(got.header.Get("Location"), strings.TrimSuffix(server.URL(), exchange.Path)+"/owa/auth/logon.aspx?") {
		t.Errorf("login page: %d %q", got.status, got.header.Get("Location"))
	}
	fail(t, server, exchange.Off())
	if got := c.call(getInbox); got.status != http.StatusForbidden || got.body != "" {
		t.Errorf("switched off: %d %q", got.status, got.body)
	}
	if got := c.call(getInbox); got.find("ResponseCode") != "NoError" {
		t.Errorf("afterwards: %s", got.body)
	}
}

// A fault of the answer waits for the answer: the legs of a handshake do not use it up.
func TestFaultsMeetNTLMClients(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]sandbox.Fault{
		"truncated": sandbox.Truncated(), "huge": sandbox.Huge(), "busy": ews.Busy(time.Second),
		"maintenance": sandbox.Maintenance(), "echo": ews.Echo(),
	} {
		server := start(t, exchange.Options{Schemes: []exchange.Scheme{exchange.NTLM}})
		c := as(t, server, server.Service()).overNTLM()
		fail(t, server, fault)
		if got, err := c.try(envelope(getInbox)); err == nil && got.status == http.StatusOK && len(got.body) < 4<<20 {
			t.Errorf("%s did not happen: %s", name, got.body)
		}
		if got := c.call(getInbox); got.find("ResponseCode") != "NoError" {
			t.Errorf("after %s: %d %s", name, got.status, got.body)
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
		got := as(t, server, service).with(service.Email, password).call(getInbox)
		said := got.find("faultstring")
		for form, want := range map[string]string{
			"raw": password, "URL-encoded": url.QueryEscape(password),
			"base64":    base64.StdEncoding.EncodeToString([]byte(password)),
			"as header": base64.StdEncoding.EncodeToString([]byte(service.Email + ":" + password)),
		} {
			if got.status != http.StatusInternalServerError || !strings.Contains(said, want) {
				t.Errorf("%s password %s: not in %d %q", name, form, got.status, said)
			}
		}
	}
}

func TestImpossibleFaultsOfExchangeAreRefused(t *testing.T) {
	t.Parallel()
	server := start(t, exchange.Options{})
	for _, fault := range []sandbox.Fault{
		ews.SOAPFault("busy"), {Kind: "flood"}, exchange.LoginPage().For("ada@example.com"),
	} {
		if err := server.Fail(fault, 1); err == nil {
			t.Errorf("accepted %+v", fault)
		}
	}
}

// Other paths of the server are not EWS; letter case does not matter.
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
			request, err := http.NewRequestWithContext(t.Context(), method, base+path, strings.NewReader(envelope(getInbox)))
			if err != nil {
				t.Fatal(err)
			}
			request.SetBasicAuth(service.Login(), service.Password)
			response, err := as(t, server, service).http.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(response.Body)
			_ = response.Body.Close()
			isXML := xml.Unmarshal(body, new(struct{})) == nil && strings.HasPrefix(string(body), "<?xml")
			isEWS := method == http.MethodPost && strings.EqualFold(path, exchange.Path)
			if err != nil || response.StatusCode != want || isXML != isEWS {
				t.Errorf("%s %s: %d %s %v", method, path, response.StatusCode, body, err)
			}
		}
	}
}

func TestAddressWithoutCredentials(t *testing.T) {
	t.Parallel()
	server := start(t, exchange.Options{})
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL(), http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := as(t, server, server.Service()).http.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusUnauthorized || len(response.Header.Values("WWW-Authenticate")) != 3 {
		t.Errorf("%d %q", response.StatusCode, response.Header)
	}
	if got := server.SignIns(); got.Attempts != 0 {
		t.Errorf("counted as %+v", got)
	}
}
