package exchange_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/ewstest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

// askPOX requests the address of the mailbox, as Outlook does.
func askPOX(t *testing.T, server *exchange.Server, c client, address string) reply {
	t.Helper()
	c.URL = strings.TrimSuffix(server.OWA(), "/owa/") + "/Autodiscover/Autodiscover.xml"
	got, err := c.Try(`<?xml version="1.0" encoding="utf-8"?>` +
		`<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006"><Request>` +
		`<EMailAddress>` + address + `</EMailAddress><AcceptableResponseSchema>` +
		`http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a</AcceptableResponseSchema>` +
		`</Request></Autodiscover>`)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// askSOAP requests two settings. The stand-in does not have one of them.
func askSOAP(t *testing.T, server *exchange.Server, c client, address string) reply {
	t.Helper()
	c.URL = strings.TrimSuffix(server.OWA(), "/owa/") + "/autodiscover/autodiscover.svc"
	got, err := c.Try(`<?xml version="1.0" encoding="utf-8"?>` +
		`<soap:Envelope xmlns:a="http://schemas.microsoft.com/exchange/2010/Autodiscover"` +
		` xmlns:wsa="http://www.w3.org/2005/08/addressing" xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">` +
		`<soap:Header><a:RequestedServerVersion>Exchange2013</a:RequestedServerVersion></soap:Header><soap:Body>` +
		`<a:GetUserSettingsRequestMessage><a:Request><a:Users><a:User><a:Mailbox>` + address + `</a:Mailbox></a:User></a:Users>` +
		`<a:RequestedSettings><a:Setting>UserDN</a:Setting><a:Setting>ExternalEwsUrl</a:Setting></a:RequestedSettings>` +
		`</a:Request></a:GetUserSettingsRequestMessage></soap:Body></soap:Envelope>`)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestAutodiscoverReturnsAddress(t *testing.T) {
	t.Parallel()
	server := start(t, exchange.Options{})
	for scheme, c := range schemes(as(t, server, server.Service())) {
		if err := server.Reset(); err != nil {
			t.Fatal(err)
		}
		if got := askPOX(t, server, c, "riva@example.com"); got.Find("EwsUrl") != server.URL() || got.Find("Action") != "settings" ||
			got.Find("AutoDiscoverSMTPAddress") != "svc-riva@example.com" {
			t.Errorf("POX, %s: %d %s", scheme, got.Status, got.Body)
		}
		if got := askSOAP(t, server, c, "svc-riva@example.com"); got.Find("Value") != server.URL() ||
			got.Find("Name") != "ExternalEwsUrl" {
			t.Errorf("SOAP, %s: %d %s", scheme, got.Status, got.Body)
		}
		server.Move("/mail/exchange.asmx", "https://mail.example.com/EWS/Exchange.asmx")
		if got := askPOX(t, server, c, "svc-riva@example.com"); got.Find("EwsUrl") != "https://mail.example.com/EWS/Exchange.asmx" {
			t.Errorf("moved, %s: %s", scheme, got.Body)
		}
		if got := c.Call(ewstest.GetInbox); got.Status != http.StatusNotFound {
			t.Errorf("the old address of EWS, %s: %d", scheme, got.Status)
		}
	}
}

func TestAutodiscoverRejections(t *testing.T) {
	t.Parallel()
	server := start(t, exchange.Options{})
	c := as(t, server, server.Service())
	if got := askPOX(t, server, c.with("svc-riva", "wrong"), "svc-riva@example.com"); got.Status != http.StatusUnauthorized {
		t.Errorf("with a wrong password: %d", got.Status)
	}
	if got := askPOX(t, server, c, "nobody@example.com"); got.Status != http.StatusOK || got.Find("ErrorCode") != "500" {
		t.Errorf("of an unknown user: %s", got.Body)
	}
	if got := askPOX(t, server, c, ""); got.Find("ErrorCode") != "600" {
		t.Errorf("without an address: %s", got.Body)
	}
	if got := askSOAP(t, server, c, "nobody@example.com"); !strings.Contains(got.Body, "<ErrorCode>InvalidUser</ErrorCode>") {
		t.Errorf("of an unknown user: %s", got.Body)
	}
}

func TestAutodiscoverFaults(t *testing.T) {
	t.Parallel()
	server := start(t, exchange.Options{})
	c := as(t, server, server.Service())
	for _, code := range []string{"500", "501", "600", "601", "602", "603"} {
		fail(t, server, exchange.Autodiscover(code))
		if got := askPOX(t, server, c, "svc-riva@example.com"); got.Find("ErrorCode") != code || got.Find("Message") == "" {
			t.Errorf("%s: %s", code, got.Body)
		}
	}
	for _, code := range []string{
		"InvalidUser", "InvalidRequest", "InvalidSetting", "SettingIsNotAvailable", "ServerBusy", "InvalidDomain", "NotFederated",
		"InternalServerError",
	} {
		fail(t, server, exchange.Autodiscover(code))
		if got := askSOAP(t, server, c, "svc-riva@example.com"); !strings.Contains(got.Body, "<ErrorCode>"+code+"</ErrorCode>") {
			t.Errorf("%s: %s", code, got.Body)
		}
	}
	for code, element := range map[string]string{
		"redirectAddr": "RedirectAddr", "redirectUrl": "RedirectUrl",
		"RedirectAddress": "RedirectTarget", "RedirectUrl": "RedirectTarget",
	} {
		fail(t, server, exchange.AutodiscoverRedirect(code, "elsewhere"))
		got := askPOX(t, server, c, "svc-riva@example.com")
		if got.Find(element) != "elsewhere" {
			got = askSOAP(t, server, c, "svc-riva@example.com")
		}
		if got.Find(element) != "elsewhere" {
			t.Errorf("%s: %s", code, got.Body)
		}
	}
	for _, fault := range []sandbox.Fault{
		exchange.Autodiscover("700"), exchange.Autodiscover("redirectUrl"), exchange.AutodiscoverRedirect("600", "x"),
		exchange.Autodiscover("600").ForOperation("GetUserSettings"),
	} {
		if err := server.Fail(fault, 1); err == nil {
			t.Errorf("accepted %+v", fault)
		}
	}
}

// TestOutlookOnTheWeb checks the redirects to the form and back.
func TestOutlookOnTheWeb(t *testing.T) {
	t.Parallel()
	server := start(t, exchange.Options{})
	service := server.Service()
	send := func(method, address string, form url.Values) (int, http.Header) {
		t.Helper()
		got := sandboxtest.Send(t, sandboxtest.Client(), sandboxtest.Request(t, method, address, form.Encode()))
		return got.Status, got.Header
	}
	status, header := send(http.MethodGet, server.OWA(), nil)
	if status != http.StatusFound || !strings.Contains(header.Get("Location"), "/owa/auth/logon.aspx?url=") {
		t.Errorf("not signed in: %d %s", status, header.Get("Location"))
	}
	if status, _ := send(http.MethodGet, header.Get("Location"), nil); status != http.StatusOK {
		t.Errorf("the form: %d", status)
	}
	form := url.Values{"username": {service.Login()}, "password": {"wrong"}}
	if _, header := send(http.MethodPost, server.OWA()+"auth.owa", form); !strings.HasSuffix(header.Get("Location"), "reason=2") {
		t.Errorf("a wrong password: %s", header.Get("Location"))
	}
	form.Set("password", service.Password)
	if _, header := send(http.MethodPost, server.OWA()+"auth.owa", form); !strings.HasPrefix(header.Get("Set-Cookie"), "cadata=") {
		t.Errorf("the correct password: %v", header)
	}
}
