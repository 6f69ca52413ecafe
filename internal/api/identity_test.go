package api_test

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

// capture is a control plane that records everything it receives.
type capture struct {
	*httptest.Server

	mu       sync.Mutex
	received strings.Builder
	forms    []url.Values
	// refuse is the error of the token endpoint; empty for a token.
	refuse string
}

func newCapture(t *testing.T) *capture {
	t.Helper()
	c := &capture{}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		c.mu.Lock()
		defer c.mu.Unlock()
		c.received.WriteString(r.URL.String() + "\n" + string(body) + "\n" + strings.Join(r.Header.Values("Authorization"), "\n"))
		w.Header().Set("Content-Type", "application/json")
		switch {
		case r.URL.Path != "/oauth/token":
			_, _ = w.Write([]byte(`{"id":"01a22f38-7704-7ed0-89f4-32b2953e94be"}`))
		case c.refuse != "":
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = w.Write([]byte(c.refuse))
		default:
			form, _ := url.ParseQuery(string(body))
			c.forms = append(c.forms, form)
			_, _ = w.Write([]byte(`{"access_token":"issued","token_type":"Bearer","expires_in":900}`))
		}
	}))
	t.Cleanup(c.Close)
	return c
}

func (c *capture) all() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.received.String()
}

// read makes a call with the credentials.
func (c *capture) read(t *testing.T, credentials api.Credentials) error {
	t.Helper()
	transport, err := api.NewTransport("")
	if err != nil {
		t.Fatal(err)
	}
	client, err := api.NewClient(api.Options{
		BaseURL: c.URL, Transport: transport, TokenSource: credentials.TokenSource(c.URL, transport),
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.Instance(t.Context())
	return err
}

// idToken is a token with the audience.
func idToken(t *testing.T, audience any) string {
	t.Helper()
	payload, err := json.Marshal(map[string]any{"iss": "https://issuer.example.com", "sub": "workload", "aud": audience})
	if err != nil {
		t.Fatal(err)
	}
	return tokenWith(string(payload))
}

func tokenWith(payload string) string {
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(`{"alg":"RS256"}`)) + "." + encode([]byte(payload)) + "." + encode([]byte("signature"))
}

func environment(pairs ...string) func(string) string {
	return func(name string) string {
		for i := 0; i+1 < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

// gitHub is the service that issues tokens to jobs of GitHub Actions. The audience is the requested one, unless forced.
func gitHub(t *testing.T, forced string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer canary-request" || r.URL.Query().Get("api-version") != "2.0" {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		audience := r.URL.Query().Get("audience")
		if forced != "" {
			audience = forced
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"count": 1, "value": idToken(t, audience)})
	}))
	t.Cleanup(server.Close)
	return server.URL + "/token?api-version=2.0"
}

func TestIdentityOfPipelineIsExchanged(t *testing.T) {
	t.Parallel()
	c := newCapture(t)
	token := idToken(t, c.URL)
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte(token+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, credentials := range map[string]api.Credentials{
		"file":          {TokenFile: file},
		"variable":      {Identity: api.FindIdentity(environment("RIVA_ID_TOKEN", token))},
		"HCP Terraform": {Identity: api.FindIdentity(environment("TFC_WORKLOAD_IDENTITY_TOKEN", idToken(t, []string{c.URL + "/"})))},
		"GitHub Actions": {Identity: api.FindIdentity(environment(
			"ACTIONS_ID_TOKEN_REQUEST_URL", gitHub(t, ""), "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "canary-request"))},
	} {
		credentials.ClientID = "client-1"
		c.mu.Lock()
		c.forms = nil
		c.mu.Unlock()
		if err := c.read(t, credentials); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		form := c.forms[0]
		if form.Get("grant_type") != "client_credentials" || form.Get("client_id") != "client-1" || form.Has("client_secret") ||
			form.Get("client_assertion_type") != "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" ||
			!strings.HasPrefix(form.Get("client_assertion"), token[:10]) {
			t.Errorf("%s: %v", name, form)
		}
	}
	if !strings.Contains(c.all(), "Bearer issued") || strings.Contains(c.all(), "canary-request") {
		t.Error("the access token was not used, or the secret of the pipeline was sent")
	}
}

// A token for somebody else would make its receiver that workload.
func TestIdentityForAnotherAudienceIsNotSent(t *testing.T) {
	t.Parallel()
	for name, audience := range map[string]any{
		"another": "api://AzureADTokenExchange", "several": []string{"https://riva.example.com", "https://other.example.com"},
		"none": nil, "empty list": []string{}, "number": 7, "longer": "https://riva.example.com.example.net",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCapture(t)
			token := idToken(t, audience)
			file := filepath.Join(t.TempDir(), "token")
			if err := os.WriteFile(file, []byte(token), 0o600); err != nil {
				t.Fatal(err)
			}
			all := map[string]api.Credentials{
				"file": {TokenFile: file}, "variable": {Identity: api.FindIdentity(environment("RIVA_ID_TOKEN", token))},
				"HCP Terraform": {Identity: api.FindIdentity(environment("TFC_WORKLOAD_IDENTITY_TOKEN", token))},
			}
			if text, ok := audience.(string); ok {
				all["GitHub Actions"] = api.Credentials{Identity: api.FindIdentity(environment(
					"ACTIONS_ID_TOKEN_REQUEST_URL", gitHub(t, text), "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "canary-request"))}
			}
			for way, credentials := range all {
				credentials.ClientID = "client-1"
				err := c.read(t, credentials)
				if !api.IsProblem(err, api.ProblemUnauthenticated) || !strings.Contains(err.Error(), "was not sent") ||
					!strings.Contains(err.Error(), `the issuer "https://issuer.example.com"`) || strings.Contains(err.Error(), token) {
					t.Errorf("%s: %v", way, err)
				}
			}
			if sent := c.all(); sent != "" {
				t.Errorf("the control plane received %s", sent)
			}
		})
	}
}

// Programs differ in which of several audiences counts.
func TestIdentityWithUnclearAudienceIsNotSent(t *testing.T) {
	t.Parallel()
	c := newCapture(t)
	for name, payload := range map[string]string{
		"other letter case": `{"aud":"https://other.example.com","Aud":"` + c.URL + `"}`,
		"only in capitals":  `{"AUD":"` + c.URL + `"}`,
		"repeated":          `{"aud":"https://other.example.com","aud":"` + c.URL + `"}`,
		"list in a list":    `{"aud":[["` + c.URL + `"]]}`,
		"two documents":     `{"aud":"` + c.URL + `"}{"aud":"https://other.example.com"}`,
		"with white space":  `{"aud":" ` + c.URL + `"}`,
		"with a path":       `{"aud":"` + c.URL + `/v1"}`,
		"with a user":       `{"aud":"` + strings.Replace(c.URL, "http://", "http://other.example.com@", 1) + `"}`,
	} {
		identity := api.FindIdentity(environment("RIVA_ID_TOKEN", tokenWith(payload)))
		err := c.read(t, api.Credentials{ClientID: "client-1", Identity: identity})
		if !api.IsProblem(err, api.ProblemUnauthenticated) || c.all() != "" {
			t.Errorf("%s: %v, the control plane received %q", name, err, c.all())
		}
	}
}

func TestRefusedIdentityIsDescribed(t *testing.T) {
	t.Parallel()
	c := newCapture(t)
	token := idToken(t, c.URL)
	c.refuse = `{"error":"invalid_client","error_description":"no rule of the client trusts ` + token + `"}`
	err := c.read(t, api.Credentials{ClientID: "client-1", Identity: api.FindIdentity(environment("RIVA_ID_TOKEN", token))})
	for _, want := range []string{"invalid_client", "no rule of the client trusts", "issuer.example.com", c.URL, `"workload"`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing: %v", want, err)
		}
	}
	if strings.Contains(err.Error(), token) {
		t.Error("the error has the token")
	}
}

// What belongs to other services is not looked for.
func TestIdentityForOtherServicesIsNotFound(t *testing.T) {
	t.Parallel()
	found := api.FindIdentity(environment(
		"AZURE_FEDERATED_TOKEN_FILE", "/var/run/token", "ACTIONS_ID_TOKEN_REQUEST_URL", "https://x"))
	if found != nil {
		t.Errorf("%s", found.Source)
	}
}
