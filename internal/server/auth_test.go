package server_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

func TestEveryRouteHasItsScope(t *testing.T) {
	t.Parallel()
	id := uuid.NewString()
	s := newTLSServer(t)
	for _, c := range []struct {
		method, path string
		scope        api.Scope
	}{
		{"POST", "/v1/connections", api.ScopeWrite},
		{"GET", "/v1/connections", api.ScopeRead},
		{"GET", "/v1/connections/" + id, api.ScopeRead},
		{"PATCH", "/v1/connections/" + id, api.ScopeWrite},
		{"DELETE", "/v1/connections/" + id, api.ScopeWrite},
		{"PUT", "/v1/connections/" + id + "/credentials", api.ScopeWrite},
		{"POST", "/v1/connections/" + id + "/tests", api.ScopeTest},
		{"GET", "/v1/connections/" + id + "/tests", api.ScopeRead},
		{"POST", "/v1/connections/" + id + "/revalidations", api.ScopeWrite},
		{"GET", "/v1/connections/" + id + "/revalidations/" + id, api.ScopeRead},
		{"POST", "/v1/credential-comparisons", api.ScopeCompare},
		{"POST", "/v1/sync-policies", api.ScopeWrite},
		{"GET", "/v1/sync-policies", api.ScopeRead},
		{"GET", "/v1/sync-policies/" + id, api.ScopeRead},
		{"PATCH", "/v1/sync-policies/" + id, api.ScopeWrite},
		{"DELETE", "/v1/sync-policies/" + id, api.ScopeWrite},
		{"POST", "/v1/sync-policies/" + id + "/cycles", api.ScopeWrite},
		{"GET", "/v1/sync-policies/" + id + "/cycles/" + id, api.ScopeRead},
		{"POST", "/v1/connections/" + id + "/purge", api.ScopeAdmin},
		{"GET", "/v1/sync-logs", api.ScopeRead},
		{"GET", "/v1/audit-events", api.ScopeRead},
		{"POST", "/v1/users", api.ScopeWrite},
		{"GET", "/v1/users", api.ScopeRead},
		{"GET", "/v1/users/" + id, api.ScopeRead},
		{"PATCH", "/v1/users/" + id, api.ScopeWrite},
		{"DELETE", "/v1/users/" + id, api.ScopeWrite},
		{"POST", "/v1/clients", api.ScopeAdmin},
		{"GET", "/v1/clients", api.ScopeAdmin},
		{"GET", "/v1/clients/" + id, api.ScopeAdmin},
		{"PATCH", "/v1/clients/" + id, api.ScopeAdmin},
		{"POST", "/v1/clients/" + id + "/secrets", api.ScopeAdmin},
		{"POST", "/v1/clients/" + id + "/trusted-issuers", api.ScopeAdmin},
		{"DELETE", "/v1/clients/" + id + "/trusted-issuers/" + id, api.ScopeAdmin},
		{"GET", "/v1/instance", ""},
		{"GET", "/v1/target-systems", ""},
	} {
		t.Run(c.method+" "+strings.ReplaceAll(c.path, id, "id"), func(t *testing.T) {
			for token, client := range tokens {
				other := *s
				other.token = token
				resp, text := other.send(t, c.method, c.path, "", "Content-Type", "application/json")
				allowed := c.scope == "" || token == "admin" || token == "all" && c.scope != api.ScopeAdmin || token == string(c.scope)
				if allowed == (resp.StatusCode == http.StatusForbidden) {
					t.Errorf("%s (%v): %d %s", token, client.Scopes, resp.StatusCode, text)
				}
				if !allowed && (!strings.Contains(text, api.ProblemScope) || !strings.Contains(text, `\"`+string(c.scope)+`\"`)) {
					t.Errorf("the problem does not name the scope: %s", text)
				}
			}
			for name, token := range map[string]string{"no token": "", "an unknown token": "guess"} {
				other := *s
				other.token = token
				resp, text := other.send(t, c.method, c.path, "")
				if resp.StatusCode != http.StatusUnauthorized || !strings.Contains(text, api.ProblemUnauthenticated) ||
					!strings.HasPrefix(resp.Header.Get("WWW-Authenticate"), "Bearer") {
					t.Errorf("%s: %d %v %s", name, resp.StatusCode, resp.Header, text)
				}
			}
		})
	}
}

// A route that is added without a scope fails here.
func TestEveryOperationRequiresOneScope(t *testing.T) {
	t.Parallel()
	forAll := map[string]bool{"read-instance": true, "list-target-systems": true} // for every authenticated client
	public := map[string]bool{"liveness": true, "readiness": true, "request-token": true}
	s := newTLSServer(t)
	var document struct {
		Paths map[string]map[string]struct {
			OperationID string `json:"operationId"`
			Security    []map[string][]api.Scope
		}
	}
	s.decode(t, "/openapi.json", &document)
	operations := 0
	for path, methods := range document.Paths {
		for method, operation := range methods {
			operations++
			switch security := operation.Security; {
			case public[operation.OperationID]:
			case len(security) != 1 || len(security[0]) != 1:
				t.Errorf("%s %s does not require a token", method, path)
			case forAll[operation.OperationID]:
			case len(security[0]["bearer"]) != 1:
				t.Errorf("%s %s requires no scope: %v", method, path, security)
			}
		}
	}
	if operations < 30 {
		t.Errorf("%d operations", operations)
	}
}

// The client is authenticated before anything of the request is read.
func TestUnauthenticatedRequests(t *testing.T) {
	t.Parallel()
	s := newTLSServer(t)
	s.token = "guess"
	for _, body := range []string{"", "{", strings.Repeat("x", 2<<20)} {
		resp, _ := s.send(t, http.MethodPost, "/v1/connections", body, "Content-Type", "application/json")
		if resp.StatusCode != http.StatusUnauthorized {
			t.Errorf("%d bytes: %d", len(body), resp.StatusCode)
		}
	}
}

func TestRequestLogNamesClient(t *testing.T) {
	t.Parallel()
	s := newTLSServer(t)
	resp, text := s.send(t, http.MethodPost, "/v1/users", `{"email":"ann@example.com","enabled":true}`,
		"Content-Type", "application/json", "X-Request-Id", "r-77")
	var user api.User
	if err := json.Unmarshal([]byte(text), &user); err != nil || resp.StatusCode != http.StatusCreated {
		t.Fatalf("%d %s", resp.StatusCode, text)
	}
	if log := s.log.String(); !strings.Contains(log, "client=pipeline") || !strings.Contains(log, "request_id=r-77") {
		t.Errorf("log %s", log)
	}
}
