package dynamics365_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

// fixture is a stand-in with a control endpoint.
type fixture struct {
	*bench
	sandboxtest.ControlClient
}

func control(t *testing.T) fixture {
	t.Helper()
	b := start(t)
	return fixture{b, sandboxtest.Control(t, b.Server)}
}

// TestControl checks the effect of control requests on a client.
func TestControl(t *testing.T) {
	t.Parallel()
	p := control(t)
	token := p.token()
	for _, test := range []struct {
		method, path, body string
		resource           string
		status             int
	}{
		{http.MethodPatch, "/users/riva@example.com", `{"read_contacts":false}`, "contacts", http.StatusForbidden},
		{http.MethodPatch, "/users/riva@example.com", `{"read_contacts":true}`, "contacts", http.StatusOK},
		{http.MethodPatch, "/users/riva@example.com", `{"disabled":true}`, "WhoAmI", http.StatusForbidden},
		{http.MethodPost, "/reset", "", "WhoAmI", http.StatusUnauthorized}, // the reset removes the token
		{http.MethodPost, "/entra/expire-tokens", "", "WhoAmI", http.StatusUnauthorized},
		{http.MethodPatch, "/organization", `{"resource":"https://x.example.com"}`, "WhoAmI", http.StatusUnauthorized},
		{http.MethodPatch, "/organization", `{"resource":""}`, "WhoAmI", http.StatusOK},
		{http.MethodPost, "/tables", `{"name":"cr1_project"}`, "EntityDefinitions", http.StatusOK},
		{http.MethodDelete, "/users/riva@example.com", "", "WhoAmI", http.StatusForbidden},
	} {
		if test.status == http.StatusOK {
			token = p.token()
		}
		p.Do(test.method, test.path, test.body)
		if got := p.get(token, test.resource); got.status != test.status {
			t.Errorf("after %s %s %s: %d, want %d", test.method, test.path, test.body, got.status, test.status)
		}
	}
	p.Expect(http.MethodPatch, "/users/nobody@example.com", `{}`, http.StatusNotFound, "no such user")
	p.Expect(http.MethodPatch, "/entra/users/nobody@example.com", `{}`, http.StatusNotFound, "no such user")
	p.Expect(http.MethodPost, "/entra/revoke", `{"user":"nobody@example.com"}`, http.StatusNotFound, "no such user")
	p.Expect(http.MethodPost, "/tables", `{"name":"Project"}`, http.StatusBadRequest, "prefix")
	p.Expect(http.MethodPatch, "/entra/app", `{"certificate":"nonsense"}`, http.StatusBadRequest, "not PEM")
}

// TestVariables checks that a changed secret is in the variables, and that the state contains no secret.
func TestVariables(t *testing.T) {
	t.Parallel()
	p := control(t)
	old := p.Entra().App().Secrets[0].Value
	changed, err := p.ChangeSecret()
	p.must(err)
	if now := p.Entra().App().Secrets; len(now) != 1 || now[0].Value != changed[0].Value || now[0].Value == old {
		t.Errorf("got %v", changed)
	}
	state := p.Do(http.MethodGet, "", "")
	for _, variable := range p.Variables() {
		if variable.Name == "dynamics365_client_secret" && variable.Value != changed[0].Value {
			t.Errorf("%s is %q", variable.Name, variable.Value)
		}
		if variable.Secret && strings.Contains(state, variable.Value) {
			t.Errorf("the state shows %s", variable.Name)
		}
	}
	for _, user := range p.Entra().Users() {
		if strings.Contains(state, user.Password) {
			t.Errorf("the state shows the password of %s", user.UPN)
		}
	}
	p.Do(http.MethodPatch, "/entra/app", `{"secret":"third"}`)
	p.Do(http.MethodPatch, "/entra/users/ada@example.com", `{"locked":true}`)
	if user, err := p.Entra().User("ada@example.com"); err != nil || !user.Locked || p.Entra().App().Secrets[0].Value != "third" {
		t.Errorf("got %+v %v", user, err)
	}
}
