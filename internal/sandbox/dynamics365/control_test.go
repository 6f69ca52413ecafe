package dynamics365_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// panel is a stand-in with a control endpoint.
type panel struct {
	*bench

	url string
}

func control(t *testing.T) panel {
	t.Helper()
	b := start(t)
	endpoint, err := sandbox.StartControl("127.0.0.1:0", b.Server)
	b.must(err)
	t.Cleanup(func() { b.must(endpoint.Close()) })
	return panel{bench: b, url: endpoint.URL() + "/dynamics365"}
}

// order gives an order and wants a status.
func (p panel) order(status int, method, path, body string) string {
	p.t.Helper()
	req, err := http.NewRequestWithContext(p.t.Context(), method, p.url+path, strings.NewReader(body))
	p.must(err)
	resp, err := client.Do(req)
	p.must(err)
	text, err := io.ReadAll(resp.Body)
	p.must(errors.Join(err, resp.Body.Close()))
	if resp.StatusCode != status {
		p.t.Errorf("%s %s %s: %d %s", method, path, body, resp.StatusCode, text)
	}
	return string(text)
}

// What is ordered at the control endpoint is what clients meet.
func TestControl(t *testing.T) {
	t.Parallel()
	p := control(t)
	token := p.token()
	for _, test := range []struct {
		method, path, body string
		ask                string
		status             int
	}{
		{http.MethodPatch, "/users/riva@example.com", `{"read_contacts":false}`, "contacts", http.StatusForbidden},
		{http.MethodPatch, "/users/riva@example.com", `{"read_contacts":true}`, "contacts", http.StatusOK},
		{http.MethodPatch, "/users/riva@example.com", `{"disabled":true}`, "WhoAmI", http.StatusForbidden},
		{http.MethodPost, "/reset", "", "WhoAmI", http.StatusUnauthorized}, // it has forgotten the token
		{http.MethodPost, "/entra/expire-tokens", "", "WhoAmI", http.StatusUnauthorized},
		{http.MethodPatch, "/organization", `{"resource":"https://x.example.com"}`, "WhoAmI", http.StatusUnauthorized},
		{http.MethodPatch, "/organization", `{"resource":""}`, "WhoAmI", http.StatusOK},
		{http.MethodPost, "/tables", `{"name":"cr1_project"}`, "EntityDefinitions", http.StatusOK},
		{http.MethodDelete, "/users/riva@example.com", "", "WhoAmI", http.StatusForbidden},
	} {
		if test.status == http.StatusOK {
			token = p.token()
		}
		p.order(http.StatusOK, test.method, test.path, test.body)
		if got := p.get(token, test.ask); got.status != test.status {
			t.Errorf("after %s %s %s: %d, want %d", test.method, test.path, test.body, got.status, test.status)
		}
	}
	p.order(http.StatusNotFound, http.MethodPatch, "/users/nobody@example.com", `{}`)
	p.order(http.StatusNotFound, http.MethodPatch, "/entra/users/nobody@example.com", `{}`)
	p.order(http.StatusNotFound, http.MethodPost, "/entra/revoke", `{"user":"nobody@example.com"}`)
	p.order(http.StatusBadRequest, http.MethodPost, "/tables", `{"name":"Project"}`)
	p.order(http.StatusBadRequest, http.MethodPatch, "/entra/app", `{"certificate":"nonsense"}`)
}

// Changing the secret is what the variables say from then on, and nothing secret is shown.
func TestVariables(t *testing.T) {
	t.Parallel()
	p := control(t)
	old := p.Entra().App().Secrets[0].Value
	changed, err := p.ChangeSecret()
	p.must(err)
	if now := p.Entra().App().Secrets; len(now) != 1 || now[0].Value != changed[0].Value || now[0].Value == old {
		t.Errorf("got %v", changed)
	}
	state := p.order(http.StatusOK, http.MethodGet, "", "")
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
	p.order(http.StatusOK, http.MethodPatch, "/entra/app", `{"secret":"third"}`)
	p.order(http.StatusOK, http.MethodPatch, "/entra/users/ada@example.com", `{"locked":true}`)
	if user, err := p.Entra().User("ada@example.com"); err != nil || !user.Locked || p.Entra().App().Secrets[0].Value != "third" {
		t.Errorf("got %+v %v", user, err)
	}
}
