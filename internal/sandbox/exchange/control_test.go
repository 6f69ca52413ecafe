package exchange_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/ewstest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

// fixture is a stand-in with a control endpoint.
type fixture struct {
	sandboxtest.ControlClient
	server *exchange.Server
}

func control(t *testing.T) fixture {
	t.Helper()
	server := start(t, exchange.Options{})
	return fixture{sandboxtest.Control(t, server), server}
}

func TestControlChangesAccounts(t *testing.T) {
	t.Parallel()
	p := control(t)
	old := p.server.Service()
	c := as(t, p.server, old)
	p.Do(http.MethodPatch, "/accounts/svc-riva@example.com", `{"password":"a new one"}`)
	if got := c.Call(ewstest.GetInbox); got.Status != http.StatusUnauthorized {
		t.Errorf("the old password: %d", got.Status)
	}
	c = c.with(old.Email, "a new one")
	if got := c.Call(ewstest.GetInbox); got.Status != http.StatusOK {
		t.Errorf("the new password: %d", got.Status)
	}
	p.Do(http.MethodPatch, "/accounts/svc-riva", `{"impersonation":false}`)
	if got := c.Call(ewstest.GetInbox, ofAda); got.Find("ResponseCode") != "ErrorImpersonateUserDenied" {
		t.Errorf("without the right: %s", got.Body)
	}
	p.Do(http.MethodPatch, "/accounts/svc-riva", `{"impersonation":true}`)
	p.Do(http.MethodPatch, "/accounts/ada", `{"calendar":false}`)
	calendar := strings.Replace(ewstest.GetInbox, "inbox", "calendar", 1)
	if got := c.Call(calendar, ofAda); got.Find("ResponseCode") != "ErrorAccessDenied" {
		t.Errorf("calendar of ada: %s", got.Body)
	}
	p.Do(http.MethodPatch, "/accounts/svc-riva", `{"locked":true}`)
	if got := c.Call(ewstest.GetInbox); got.Status != http.StatusUnauthorized {
		t.Errorf("locked: %d", got.Status)
	}
	p.Do(http.MethodPost, "/reset", "")
	if got := c.with(old.Email, old.Password).Call(ewstest.GetInbox, ofAda); got.Status != http.StatusOK {
		t.Errorf("after the reset: %d %s", got.Status, got.Body)
	}
}

func TestControlFaults(t *testing.T) {
	t.Parallel()
	p := control(t)
	c := as(t, p.server, p.server.Service())
	p.Do(http.MethodPost, "/throttle", `{"times":1,"wait_ms":1234}`)
	if got := c.Call(ewstest.GetInbox); got.Find("ResponseCode") != "ErrorServerBusy" || got.Find("Value") != "1234" {
		t.Errorf("throttled: %s", got.Body)
	}
	p.Do(http.MethodPost, "/faults", `{"kind":"soap_fault","code":"ErrorADUnavailable"}`)
	for range 2 {
		if got := c.Call(ewstest.GetInbox); got.Find("ResponseCode") != "ErrorADUnavailable" {
			t.Errorf("until cleared: %s", got.Body)
		}
	}
	if pending := p.Do(http.MethodGet, "/faults", ""); !strings.Contains(pending, "ErrorADUnavailable") {
		t.Errorf("pending: %s", pending)
	}
	p.Do(http.MethodDelete, "/faults?kind=soap_fault", "")
	if got := c.Call(ewstest.GetInbox); got.Find("ResponseCode") != "NoError" {
		t.Errorf("cleared: %s", got.Body)
	}
	p.Do(http.MethodPost, "/down", "")
	if _, err := c.Try(ewstest.Envelope(ewstest.GetInbox)); err == nil {
		t.Error("it responds while it is down")
	}
	p.Do(http.MethodPost, "/up", "")
	if got := c.Call(ewstest.GetInbox); got.Status != http.StatusOK {
		t.Errorf("up again: %d", got.Status)
	}
}

func TestControlHidesPasswords(t *testing.T) {
	t.Parallel()
	p := control(t)
	service := p.server.Service()
	as(t, p.server, service).Call(ewstest.GetInbox)
	as(t, p.server, service).with(service.Email, "canary-1").Call(ewstest.GetInbox)
	text := p.Do(http.MethodPatch, "/accounts/ada", `{"password":"canary-2"}`) +
		p.Do(http.MethodGet, "", "") + p.Do(http.MethodGet, "/faults", "")
	var attempts []struct{ Scheme, User, Reason string }
	list := p.Do(http.MethodGet, "/sign-ins", "")
	if err := json.Unmarshal([]byte(list), &attempts); err != nil || len(attempts) != 2 || attempts[1].Reason != "wrong password" {
		t.Errorf("sign-ins: %s (%v)", list, err)
	}
	for _, secret := range []string{service.Password, "canary-1", "canary-2"} {
		if strings.Contains(text+list, secret) {
			t.Errorf("the response contains %q", secret)
		}
	}
}

func TestControlRejectsRequests(t *testing.T) {
	t.Parallel()
	p := control(t)
	page, rebound := []string{"Origin", "https://example.com"}, []string{"Host", "rebound.example.com:80"}
	for name, tc := range map[string]struct {
		method, path, body string
		header             []string
		status             int
	}{
		"an unknown account":               {http.MethodPatch, "/accounts/nobody", `{}`, nil, http.StatusNotFound},
		"an unknown field":                 {http.MethodPatch, "/accounts/ada", `{"pasword":"x"}`, nil, http.StatusBadRequest},
		"an unknown fault":                 {http.MethodPost, "/faults", `{"kind":"flood"}`, nil, http.StatusBadRequest},
		"a fault without code":             {http.MethodPost, "/faults", `{"kind":"soap_fault"}`, nil, http.StatusBadRequest},
		"invalid JSON":                     {http.MethodPost, "/faults", `kind=slow`, nil, http.StatusBadRequest},
		"an unknown path":                  {http.MethodPost, "/explode", "", nil, http.StatusNotFound},
		"web pages":                        {http.MethodPost, "/down", "", page, http.StatusForbidden},
		"a name that resolves to loopback": {http.MethodPost, "/down", "", rebound, http.StatusForbidden},
	} {
		if got := p.Send(tc.method, tc.path, tc.body, tc.header...); got.Status != tc.status {
			t.Errorf("%s: %d %s, want %d", name, got.Status, got.Body, tc.status)
		}
	}
	if !p.server.IsUp() {
		t.Error("a rejected request had an effect")
	}
	if _, err := sandbox.StartControl("0.0.0.0:0"); err == nil {
		t.Error("it listens on all addresses")
	}
}
