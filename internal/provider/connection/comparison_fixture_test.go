package connection_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// comparing is a shared control plane that counts its calls, with one connection to Desk.
type comparing struct {
	*acctest.Environment
	*acctest.Protocol

	t  *testing.T
	mu sync.Mutex
	// reads and comparisons are the numbers of calls.
	reads, comparisons int
	// older: the control plane has no comparison keys.
	older bool
	// allowed replaces responses; nil replaces none.
	allowed func(*http.Response) error
}

func newComparing(t *testing.T) *comparing {
	t.Helper()
	env := acctest.Empty(t)
	env.Systems = append(catalog.All(), grantsSystem())
	c := &comparing{Environment: env, t: t}
	env.Serve(c.count)
	c.run()
	return c
}

// run starts the provider again, as each of Terraform's commands does.
func (c *comparing) run() {
	c.t.Helper()
	c.Protocol = c.Environment.Protocol()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reads, c.comparisons = 0, 0
}

func (c *comparing) count(resp *http.Response) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch path := resp.Request.URL.Path; {
	case path == "/v1/credential-comparisons":
		c.comparisons++
	case resp.Request.Method == http.MethodGet && strings.HasPrefix(path, "/v1/connections"):
		c.reads++
	case path == "/v1/instance" && c.older:
		return acctest.ReplaceResponse(resp, http.StatusOK, "application/json", api.Instance{ID: "one"})
	}
	if c.allowed != nil {
		return c.allowed(resp)
	}
	return nil
}

// desk is the configuration of a connection to Desk.
func desk(secret string, more acctest.Values) acctest.Values {
	all := acctest.Values{"name": "Desk", "verify_credentials": false, "desk": acctest.Values{"region": "eu", "api_key_wo": secret}}
	maps.Copy(all, more)
	return all
}

// expect refreshes and plans in a run of its own. It expects whether credentials are sent, and how many comparisons are made.
func (c *comparing) expect(
	what string, at acctest.Instance, config acctest.Values, sends bool, comparisons int,
) acctest.Instance {
	c.t.Helper()
	c.run()
	read, diagnostics := c.Read(at)
	c.Must(diagnostics)
	planned, diagnostics := c.Plan(read, config)
	c.Must(diagnostics)
	warned := strings.Contains(acctest.DiagnosticText(diagnostics, tfprotov6.DiagnosticSeverityWarning),
		`Credentials of Connection "Desk" Will Be Replaced`)
	if unknown := planned["credentials_updated_at"] == "(unknown)"; unknown != sends || warned != sends {
		c.t.Errorf("%s: the plan sends credentials: %t, and warns: %t, want %t", what, unknown, warned, sends)
	}
	if c.comparisons != comparisons || c.reads != 1 {
		c.t.Errorf("%s: %d comparisons and %d reads, want %d and 1", what, c.comparisons, c.reads, comparisons)
	}
	return read
}

// apply applies a configuration in a run of its own.
func (c *comparing) apply(at acctest.Instance, config acctest.Values) acctest.Instance {
	c.t.Helper()
	c.run()
	applied, diagnostics := c.Apply(at, config)
	c.Must(diagnostics)
	return applied
}

// submit replaces the credentials outside Terraform.
func (c *comparing) submit(at acctest.Instance, secret string) {
	c.t.Helper()
	_, err := c.Client().UpdateCredentials(c.t.Context(), at.ID(), 0, api.UpdateCredentials{
		Credentials: map[string]string{"api_key": secret}, Verify: new(false),
	})
	if err != nil {
		c.t.Fatal(err)
	}
}

// private is what the private state has of the credentials; nil if it has nothing.
func (c *comparing) private(of acctest.Instance) (digest struct{ Set, Digest string }, kept bool) {
	c.t.Helper()
	var all map[string][]byte
	if err := json.Unmarshal(of.Private, &all); err != nil {
		c.t.Fatal(err)
	}
	if raw, ok := all["credentials"]; ok {
		if err := json.Unmarshal(raw, &digest); err != nil {
			c.t.Fatal(err)
		}
		return digest, true
	}
	return digest, false
}
