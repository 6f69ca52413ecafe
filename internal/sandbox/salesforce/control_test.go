package salesforce_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

// fixture is a stand-in with a control endpoint, which also serves a stand-in for Exchange.
type fixture struct {
	*bench
	url string
}

func control(t *testing.T) fixture {
	t.Helper()
	b := start(t, salesforce.Options{})
	mail := sandboxtest.Start(t, exchange.Start, exchange.Options{})
	endpoint, err := sandbox.StartControl("127.0.0.1:0", mail, b.Server)
	if err != nil {
		t.Fatal(err)
	}
	sandboxtest.CloseAfterTest(t, endpoint)
	return fixture{bench: b, url: endpoint.URL() + "/salesforce"}
}

// send sends a request that must succeed.
func (p fixture) send(method, path, body string) string {
	p.t.Helper()
	response := p.do(method, p.url+path, body)
	if response.Status != http.StatusOK {
		p.t.Fatalf("%s %s: %d %s", method, path, response.Status, response.Body)
	}
	return response.Body
}

func TestControlChanges(t *testing.T) {
	t.Parallel()
	p := control(t)
	token := p.token()
	status := func(want int, what string) {
		t.Helper()
		if got := p.get(p.data("/"), token); got.Status != want {
			t.Errorf("%s: %d, want %d: %s", what, got.Status, want, got.Body)
		}
	}
	organization := "/organizations/" + p.Organization().ID
	p.send(http.MethodPatch, "/users/riva-sync@example.com", `{"api_enabled":false}`)
	status(http.StatusForbidden, "API not enabled for the user")
	p.send(http.MethodPatch, "/users/riva-sync@example.com", `{"api_enabled":true}`)
	p.send(http.MethodPatch, organization, `{"api_enabled":false}`)
	status(http.StatusForbidden, "API not enabled")
	p.send(http.MethodPatch, organization, `{"api_enabled":true,"requests":15000}`)
	status(http.StatusForbidden, "requests used up")
	p.send(http.MethodPatch, organization, `{"requests":0}`)
	p.send(http.MethodPost, "/throttle", `{"wait_ms":3000,"times":1}`)
	if got := p.get(p.data("/"), token); got.code() != "REQUEST_LIMIT_EXCEEDED" || got.Header.Get("Retry-After") != "3" {
		t.Errorf("throttled: %d %v", got.Status, got.Header)
	}
	p.send(http.MethodPost, "/faults", `{"kind":"api_error","code":"SERVER_UNAVAILABLE","times":1}`)
	status(http.StatusServiceUnavailable, "maintenance")
	status(http.StatusOK, "after the fault")
	p.send(http.MethodPost, "/expire", `{"user":"riva-sync@example.com"}`)
	status(http.StatusUnauthorized, "expired")
	refreshToken := p.approve("riva-sync@example.com")
	p.send(http.MethodPost, "/revoke", "")
	if _, err := p.refresh(refreshToken, p.App().Secret); err == nil {
		t.Error("a revoked refresh token was accepted")
	}
	p.send(http.MethodPost, "/objects", `{"name":"Riva_Sync__c","label":"Riva Sync"}`)
	if got := p.get(p.data("/sobjects"), p.token()); !strings.Contains(got.Body, "Riva_Sync__c") {
		t.Errorf("metadata: %s", got.Body)
	}
	p.send(http.MethodPost, "/instance", `{"url":"https://elsewhere.example.com"}`)
	if got := p.InstanceURL(); got != "https://elsewhere.example.com" {
		t.Errorf("instance %s", got)
	}
	old := p.jwtConfig("riva-sync@example.com")
	p.send(http.MethodPost, "/rotate-key", "")
	if _, err := old.TokenSource(p.context()).Token(); err == nil {
		t.Error("the old key was accepted")
	}
	p.send(http.MethodPatch, "/app", `{"run_as":"somebody@example.com","rotate_refresh_tokens":true}`)
	if app := p.App(); app.RunAs != "somebody@example.com" || !app.RotateRefreshTokens {
		t.Errorf("app %+v", app)
	}
	p.send(http.MethodPost, "/reset", "")
	if p.InstanceURL() != p.MyDomainURL() || p.App().RunAs != "riva-sync@example.com" {
		t.Error("the state at the start was not restored")
	}
}

func TestControlHidesSecrets(t *testing.T) {
	t.Parallel()
	p := control(t)
	p.token()
	refreshToken, app := p.approve("ada@example.com"), p.App()
	if _, err := p.refresh(refreshToken, app.Secret); err != nil {
		t.Fatal(err)
	}
	text := p.send(http.MethodPatch, "/app", `{"secret":"canary-1"}`) +
		p.send(http.MethodPatch, "/users/ada@example.com", `{"password":"canary-2"}`) +
		p.send(http.MethodPost, "/rotate-key", "") + p.send(http.MethodGet, "", "") +
		p.send(http.MethodGet, "/sign-ins", "") + p.send(http.MethodGet, "/faults", "")
	for _, known := range []string{app.ConsumerKey, "BEGIN CERTIFICATE", `"refresh_token"`} {
		if !strings.Contains(text, known) {
			t.Errorf("the response does not contain %s: %s", known, text)
		}
	}
	for _, secret := range []string{app.Secret, refreshToken, p.Service().Password, "canary-1", "canary-2", "PRIVATE KEY"} {
		if strings.Contains(text, secret) {
			t.Errorf("the response contains %q", secret)
		}
	}
}

func TestControlRejectsRequests(t *testing.T) {
	t.Parallel()
	p := control(t)
	for name, tc := range map[string]struct {
		method, path, body string
		status             int
	}{
		"an unknown user":           {http.MethodPatch, "/users/nobody", `{}`, 404},
		"an unknown organization":   {http.MethodPatch, "/organizations/00D", `{}`, 404},
		"tokens of an unknown user": {http.MethodPost, "/revoke", `{"user":"nobody"}`, 404},
		"an unknown field":          {http.MethodPatch, "/app", `{"sekret":"x"}`, 400},
		"a broken certificate":      {http.MethodPatch, "/app", `{"certificate":"x"}`, 400},
		"an invalid name":           {http.MethodPost, "/objects", `{"name":"a b"}`, 400},
		"a fault without a code":    {http.MethodPost, "/faults", `{"kind":"token_error"}`, 400},
		"a fault of Exchange":       {http.MethodPost, "/faults", `{"kind":"soap_fault","code":"ErrorServerBusy"}`, 400},
	} {
		if got := p.do(tc.method, p.url+tc.path, tc.body); got.Status != tc.status {
			t.Errorf("%s: %d %s", name, got.Status, got.Body)
		}
	}
}
