package exchange_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
)

// panel is a control endpoint as a test uses it.
type panel struct {
	t      *testing.T
	server *exchange.Server
	url    string
	http   *http.Client
}

func control(t *testing.T) panel {
	t.Helper()
	server := start(t, exchange.Options{})
	endpoint, err := sandbox.StartControl("127.0.0.1:0", server)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := endpoint.Close(); err != nil {
			t.Error(err)
		}
	})
	return panel{t: t, server: server, url: endpoint.URL(), http: as(t, server, server.Service()).http}
}

func (p panel) order(method, path, body string, header ...string) (status int, answer string) {
	p.t.Helper()
	request, err := http.NewRequestWithContext(p.t.Context(), method, p.url+path, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			request.Host = header[i+1]
		}
		request.Header.Set(header[i], header[i+1])
	}
	response, err := p.http.Do(request)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	return response.StatusCode, string(content)
}

// do gives an order that must be obeyed.
func (p panel) do(method, path, body string) string {
	p.t.Helper()
	status, answer := p.order(method, path, body)
	if status != http.StatusOK {
		p.t.Fatalf("%s %s: %d %s", method, path, status, answer)
	}
	return answer
}

func TestControlChangesAccounts(t *testing.T) {
	t.Parallel()
	p := control(t)
	old := p.server.Service()
	c := as(t, p.server, old)
	p.do(http.MethodPatch, "/exchange/accounts/svc-riva@example.com", `{"password":"a new one"}`)
	if got := c.call(getInbox); got.status != http.StatusUnauthorized {
		t.Errorf("the old password: %d", got.status)
	}
	c = c.with(old.Email, "a new one")
	if got := c.call(getInbox); got.status != http.StatusOK {
		t.Errorf("the new password: %d", got.status)
	}
	p.do(http.MethodPatch, "/exchange/accounts/svc-riva", `{"impersonation":false}`)
	if got := c.call(getInbox, ofAda); got.find("ResponseCode") != "ErrorImpersonateUserDenied" {
		t.Errorf("without the right: %s", got.body)
	}
	p.do(http.MethodPatch, "/exchange/accounts/svc-riva", `{"impersonation":true}`)
	p.do(http.MethodPatch, "/exchange/accounts/ada", `{"calendar":false}`)
	if got := c.call(strings.Replace(getInbox, "inbox", "calendar", 1), ofAda); got.find("ResponseCode") != "ErrorAccessDenied" {
		t.Errorf("her calendar: %s", got.body)
	}
	p.do(http.MethodPatch, "/exchange/accounts/svc-riva", `{"locked":true}`)
	if got := c.call(getInbox); got.status != http.StatusUnauthorized {
		t.Errorf("locked: %d", got.status)
	}
	p.do(http.MethodPost, "/exchange/reset", "")
	if got := c.with(old.Email, old.Password).call(getInbox, ofAda); got.status != http.StatusOK {
		t.Errorf("after the reset: %d %s", got.status, got.body)
	}
}

func TestControlScriptsFaults(t *testing.T) {
	t.Parallel()
	p := control(t)
	c := as(t, p.server, p.server.Service())
	p.do(http.MethodPost, "/exchange/throttle", `{"times":1,"wait_ms":1234}`)
	if got := c.call(getInbox); got.find("ResponseCode") != "ErrorServerBusy" || got.find("Value") != "1234" {
		t.Errorf("throttled: %s", got.body)
	}
	p.do(http.MethodPost, "/exchange/faults", `{"kind":"soap_fault","code":"ErrorADUnavailable"}`)
	for range 2 {
		if got := c.call(getInbox); got.find("ResponseCode") != "ErrorADUnavailable" {
			t.Errorf("until cleared: %s", got.body)
		}
	}
	if pending := p.do(http.MethodGet, "/exchange/faults", ""); !strings.Contains(pending, "ErrorADUnavailable") {
		t.Errorf("to come: %s", pending)
	}
	p.do(http.MethodDelete, "/exchange/faults?kind=soap_fault", "")
	if got := c.call(getInbox); got.find("ResponseCode") != "NoError" {
		t.Errorf("cleared: %s", got.body)
	}
	p.do(http.MethodPost, "/exchange/down", "")
	if _, err := c.try(envelope(getInbox)); err == nil {
		t.Error("it answers while it is down")
	}
	p.do(http.MethodPost, "/exchange/up", "")
	if got := c.call(getInbox); got.status != http.StatusOK {
		t.Errorf("up again: %d", got.status)
	}
}

func TestControlNeverTellsAPassword(t *testing.T) {
	t.Parallel()
	p := control(t)
	service := p.server.Service()
	as(t, p.server, service).call(getInbox)
	as(t, p.server, service).with(service.Email, "canary-1").call(getInbox)
	said := p.do(http.MethodPatch, "/exchange/accounts/ada", `{"password":"canary-2"}`) +
		p.do(http.MethodGet, "/exchange", "") + p.do(http.MethodGet, "/exchange/faults", "")
	var attempts []struct{ Scheme, User, Reason string }
	list := p.do(http.MethodGet, "/exchange/sign-ins", "")
	if err := json.Unmarshal([]byte(list), &attempts); err != nil || len(attempts) != 2 || attempts[1].Reason != "wrong password" {
		t.Errorf("sign-ins: %s (%v)", list, err)
	}
	for _, secret := range []string{service.Password, "canary-1", "canary-2"} {
		if strings.Contains(said+list, secret) {
			t.Errorf("it told %q", secret)
		}
	}
}

func TestControlRefuses(t *testing.T) {
	t.Parallel()
	p := control(t)
	page, rebound := []string{"Origin", "https://example.com"}, []string{"Host", "rebound.example.com:80"}
	for name, tc := range map[string]struct {
		method, path, body string
		header             []string
		status             int
	}{
		"an unknown account":    {http.MethodPatch, "/exchange/accounts/nobody", `{}`, nil, http.StatusNotFound},
		"an unknown field":      {http.MethodPatch, "/exchange/accounts/ada", `{"pasword":"x"}`, nil, http.StatusBadRequest},
		"an unknown fault":      {http.MethodPost, "/exchange/faults", `{"kind":"flood"}`, nil, http.StatusBadRequest},
		"a fault without code":  {http.MethodPost, "/exchange/faults", `{"kind":"soap_fault"}`, nil, http.StatusBadRequest},
		"what is no JSON":       {http.MethodPost, "/exchange/faults", `kind=slow`, nil, http.StatusBadRequest},
		"an unknown path":       {http.MethodPost, "/exchange/explode", "", nil, http.StatusNotFound},
		"web pages":             {http.MethodPost, "/exchange/down", "", page, http.StatusForbidden},
		"a name that came here": {http.MethodPost, "/exchange/down", "", rebound, http.StatusForbidden},
	} {
		if status, answer := p.order(tc.method, tc.path, tc.body, tc.header...); status != tc.status {
			t.Errorf("%s: %d %s, want %d", name, status, answer, tc.status)
		}
	}
	if !p.server.IsUp() {
		t.Error("a refused order was obeyed")
	}
	if _, err := sandbox.StartControl("0.0.0.0:0"); err == nil {
		t.Error("it listens for everybody")
	}
}
