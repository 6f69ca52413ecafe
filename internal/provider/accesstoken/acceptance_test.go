package accesstoken_test

import (
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/access"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/plane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// shared starts a shared control plane, and returns its address, and a client of it.
func shared(t *testing.T) (address string, c model.Client, secret string) {
	t.Helper()
	opened := storetest.SQLite(t).Open(t, nil)
	server := httptest.NewUnstartedServer(nil)
	address = "http://" + server.Listener.Addr().String()
	service, err := access.New(access.Options{Store: opened, Issuer: address})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = plane.New(plane.Options{Store: opened, StoreName: "sqlite", Access: service}).Handler()
	server.Start()
	t.Cleanup(server.Close)
	c, secret, err = service.CreateClient(t.Context(), model.NewClient{
		Name: "pipeline", Scopes: []string{"read", "test"}, Secret: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	return address, c, secret
}

// apply applies a configuration of a provider and an ephemeral resource.
func apply(t *testing.T, provider, scopes string) (string, *acctest.Command, error) {
	t.Helper()
	return run(t, provider, fmt.Sprintf(`
ephemeral "riva_access_token" "script" {
  %s
  lifecycle {
    postcondition {
      condition     = startswith(self.token, "eyJ") && timecmp(self.expires_at, plantimestamp()) > 0
      error_message = "no token"
    }
    postcondition {
      condition     = join(" ", self.granted_scopes) == join(" ", coalesce(self.scopes, ["read", "test"]))
      error_message = "other scopes"
    }
  }
}
`, scopes))
}

// run applies a configuration with a provider block.
func run(t *testing.T, provider, body string) (string, *acctest.Command, error) {
	t.Helper()
	c := acctest.New(t).Command("")
	text := "provider \"riva\" {\n" + provider + "\n}\n" + body
	if err := os.WriteFile(filepath.Join(c.Dir, "main.tf"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := c.Run("apply", "-auto-approve", "-input=false", "-no-color")
	return out, c, err
}

func TestAccAccessTokenHasChosenScopes(t *testing.T) {
	t.Parallel()
	address, client, secret := shared(t)
	provider := configured(address, client.ID, secret)
	for _, scopes := range []string{"", `scopes = ["read"]`} {
		out, c, err := apply(t, provider, scopes)
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		if state, err := os.ReadFile(filepath.Join(c.Dir, "terraform.tfstate")); err == nil && strings.Contains(string(state), "eyJ") {
			t.Error("the token is in the state")
		}
	}
	out, _, err := apply(t, provider, `scopes = ["admin"]`)
	if err == nil || !strings.Contains(out, "does not have the scope admin") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestAccAccessTokenRequiresClient(t *testing.T) {
	t.Parallel()
	out, _, err := apply(t, "  data_dir = \"data\"\n  keyset   = \"keyset.json\"", "")
	if flat := strings.Join(strings.Fields(out), " "); err == nil || !strings.Contains(flat, "requires a shared control plane") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestAccAccessTokenExample(t *testing.T) {
	t.Parallel()
	example, err := os.ReadFile(filepath.FromSlash("../../../examples/ephemeral-resources/riva_access_token/ephemeral-resource.tf"))
	if err != nil {
		t.Fatal(err)
	}
	address, client, secret := shared(t)
	out, _, err := run(t, configured(address, client.ID, secret), string(example))
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// configured has the lines of a provider block.
func configured(endpoint, clientID, secret string) string {
	return fmt.Sprintf("  endpoint      = %q\n  client_id     = %q\n  client_secret = %q", endpoint, clientID, secret)
}
