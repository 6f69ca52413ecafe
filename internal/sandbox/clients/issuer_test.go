//go:build clients

package clients_test

import (
	"bufio"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/access"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/plane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
)

const (
	controlPlane = "https://riva.example.com"
	mainBranch   = "repo:example/infrastructure:ref:refs/heads/main"
)

// startIssuer starts oidc-provider, and returns its address.
func startIssuer(t *testing.T, algorithm string) string {
	t.Helper()
	if _, err := os.Stat(filepath.Join("node_modules", "oidc-provider")); err != nil {
		t.Fatalf("%v; internal/sandbox/clients/install.sh installs it", err)
	}
	cmd := exec.CommandContext(t.Context(), find(t, "node"), "issuer.mjs")
	cmd.Env = append(os.Environ(), "CLIENT_SECRET=workload", "ALGORITHM="+algorithm, "NODE_NO_WARNINGS=1")
	input, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = input.Close()
		_ = cmd.Wait()
	})
	lines := bufio.NewScanner(output)
	for lines.Scan() {
		if strings.HasPrefix(lines.Text(), "http://") {
			return lines.Text()
		}
	}
	t.Fatal("the issuer did not start")
	return ""
}

// post sends a form, and returns the status and the JSON of the response.
func post(t *testing.T, address string, form url.Values) (int, map[string]any) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := http.DefaultClient.Do(request) //nolint:forbidigo // loopback, in a test
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var body map[string]any
	if err := json.NewDecoder(response.Body).Decode(&body); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, body
}

func TestTokensOfOidcProviderAuthenticateClient(t *testing.T) {
	t.Parallel()
	for _, algorithm := range []string{"RS256", "PS256", "ES256"} {
		t.Run(algorithm, func(t *testing.T) {
			t.Parallel()
			issuer, store := startIssuer(t, algorithm), storetest.SQLite(t).Open(t, nil)
			service, err := access.New(access.Options{
				Store: store, Issuer: controlPlane, Network: target.Network{LoopbackHTTP: true},
			})
			if err != nil {
				t.Fatal(err)
			}
			server := httptest.NewServer(plane.New(plane.Options{Store: store, Access: service}).Handler())
			t.Cleanup(server.Close)
			c, _, err := service.CreateClient(t.Context(), model.NewClient{Name: "pipeline", Scopes: []string{"read", "write"}})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := service.AddTrust(t.Context(), c.ID, model.NewTrust{
				Issuer: issuer, Subject: mainBranch, Claims: map[string]string{"repository_id": "1234"}, Scopes: []string{"read"},
			}); err != nil {
				t.Fatal(err)
			}
			issue := func(subject, audience string) string {
				t.Helper()
				status, body := post(t, issuer+"/token", url.Values{
					"grant_type": {"client_credentials"}, "client_id": {subject}, "client_secret": {"workload"}, "scope": {"job"},
					"resource": {audience},
				})
				token, _ := body["access_token"].(string)
				if status != http.StatusOK || token == "" {
					t.Fatalf("%d %v", status, body)
				}
				return token
			}
			exchange := func(assertion string) (int, map[string]any) {
				t.Helper()
				return post(t, server.URL+access.TokenPath, url.Values{
					"grant_type": {"client_credentials"}, "client_id": {c.ID}, "client_assertion": {assertion},
					"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
				})
			}
			good := issue(mainBranch, controlPlane)
			if status, body := exchange(good); status != http.StatusOK || body["scope"] != "read" {
				t.Errorf("%d %v", status, body)
			}
			for name, bad := range map[string]string{
				"other audience": issue(mainBranch, "https://other.example.com"),
				"longer subject": issue(mainBranch+"2", controlPlane),
				"altered":        good[:len(good)-6] + "AAAAAA",
			} {
				if status, body := exchange(bad); status != http.StatusUnauthorized || body["error"] != "invalid_client" {
					t.Errorf("%s: %d %v", name, status, body)
				}
			}
		})
	}
}
