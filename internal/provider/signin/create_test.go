package signin_test

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

func TestConnectionWithoutSecretWaitsForPerson(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	c := env.Command(pending("") + acctest.CRMCheck)
	signIn := "A person must sign in to Salesforce as " + env.Salesforce.Service().Username
	command := "authorize --data-dir '" + env.DataDir + "' --keyset '" + env.Keyset + "' -- 'Salesforce'"
	acctest.ExpectOutput(t, c.Must("plan"), willWait, "without working credentials", signIn+" after the apply.", command)
	acctest.ExpectOutput(t, c.Must("apply", "-auto-approve"), waits, signIn+" before ", "the connection cannot be used", command)
	if found := stored(t, env); found.Status != api.StatusBlank || found.AuthorizationID == "" {
		t.Fatalf("created %+v", found)
	}
	out := c.Must("plan", "-detailed-exitcode")
	acctest.ExpectOutput(t, out, waits, "Given Credentials", "No person has signed in", "What to do next:", "authorize")

	env.Person().SignIn("Salesforce")
	expectNoChanges(t, c, false)
	if found := stored(t, env); found.Status != "working" || found.MetadataRefreshedAt == nil {
		t.Errorf("after the sign-in, it is %+v", found)
	}
	c.Must("destroy", "-auto-approve")
	env.ExpectNoConnections()
}

func TestSharedControlPlaneShowsLink(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	person := env.Person()
	person.Serve(nil)
	const lookup = `
data "riva_connection" "crm" {
  id = riva_connection.crm.id
}

output "link" {
  value     = data.riva_connection.crm.authorization_url
  sensitive = true
}

output "until" {
  value = data.riva_connection.crm.authorization_expires_at
}

output "listed" {
  value = [for c in data.riva_connections.all.connections : c.authorization_expires_at]
}

data "riva_connections" "all" {
  depends_on = [riva_connection.crm]
}
`
	c := env.Command(pending("") + lookup)
	acctest.ExpectOutput(t, c.Must("plan"), willWait, "The apply shows a link", "RIVA_ENDPOINT", "authorize -- 'Salesforce'")
	applied := c.Must("apply", "-auto-approve")
	link := person.Link("Salesforce")
	acctest.ExpectOutput(t, applied, waits, "It is a secret", link)
	if out := c.Must("plan", "-detailed-exitcode"); !strings.Contains(out, link) {
		t.Errorf("the plan does not show the link:\n%s", out)
	}
	if got := strings.TrimSpace(c.Must("output", "-raw", "link")); got != link {
		t.Errorf("the data source has the link %q, want %q", got, link)
	}
	until := strings.TrimSpace(c.Must("output", "-raw", "until"))
	if listed := c.Must("output", "-json", "listed"); until == "" || !strings.Contains(listed, until) {
		t.Errorf("the connection waits until %q, and in the list: %s", until, listed)
	}
	if shown := c.Must("state", "show", "riva_connection.crm"); strings.Contains(shown, "authoriz") {
		t.Errorf("the resource has the sign-in in its state:\n%s", shown)
	}
	person.SignIn("Salesforce")
	c.Must("apply", "-auto-approve") // the outputs are null
	if out := c.Must("plan", "-detailed-exitcode"); strings.Contains(out, waits) {
		t.Errorf("after the sign-in, the plan warns:\n%s", out)
	}
}

// A client without the scope to change connections gets no link, so it sees the command only.
func TestReaderGetsNoLink(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol()
	p.Create(connectionType, pendingValues(env))
	env.Person().Serve(func(resp *http.Response) error {
		if !strings.HasPrefix(resp.Request.URL.Path, "/v1/connections/") || resp.StatusCode != http.StatusOK {
			return nil
		}
		var body map[string]any
		if err := acctest.DecodeResponse(resp, &body); err != nil {
			return err
		}
		delete(body, "authorization_url")
		return acctest.ReplaceResponse(resp, resp.StatusCode, "application/json", body)
	})
	c := env.Command(`
data "riva_connection" "crm" {
  name = "Salesforce"
}

output "has_link" {
  value = nonsensitive(data.riva_connection.crm.authorization_url != null)
}
`)
	c.Must("apply", "-auto-approve")
	if got := c.Must("output", "-json", "has_link"); strings.TrimSpace(got) != "false" {
		t.Errorf("the data source has a link: %s", got)
	}
}

func TestOlderControlPlaneCannotWait(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.Serve(func(resp *http.Response) error {
		if resp.Request.URL.Path != "/v1/instance" {
			return nil
		}
		var instance api.Instance
		if err := acctest.DecodeResponse(resp, &instance); err != nil {
			return err
		}
		instance.Capabilities = slices.DeleteFunc(instance.Capabilities, func(name string) bool {
			return name == api.CapabilityAuthorizations
		})
		return acctest.ReplaceResponse(resp, http.StatusOK, "application/json", instance)
	})
	c := env.Command(pending(""))
	out, err := c.Run("plan")
	if err == nil {
		t.Error("the plan is valid")
	}
	acctest.ExpectOutput(t, out, "The Control Plane Is Too Old for This Configuration", "a person must sign in to Salesforce",
		"Version "+acctest.Version+" of the control plane", "Update the control plane, or set private_key_wo")

	// A changed trigger without a secret needs a person as well.
	c.Write(acctest.CRM(acctest.JWTBearer, `revalidation_trigger = "one"`))
	c.Must("apply", "-auto-approve")
	c.Write(pending(`revalidation_trigger = "two"`))
	if out, err = c.Run("plan"); err == nil {
		t.Error("the plan with another trigger is valid")
	}
	acctest.ExpectOutput(t, out, "The Control Plane Is Too Old for This Configuration", "a person must sign in")
	_, diagnostics := env.Protocol().Invoke(t.Context(), revalidateAction,
		values{"connection_id": stored(t, env).ID, "interactive": true}, nil)
	acctest.ExpectError(t, diagnostics, "The Control Plane Is Too Old for This Configuration", "sign-in of a person")
}

// The link of a pending connection is not in the state.
func TestStateHasNoLink(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	person := env.Person()
	person.Serve(nil)
	c := env.Command(pending(""))
	c.Must("apply", "-auto-approve")
	state, err := os.ReadFile(filepath.Join(c.Dir, "terraform.tfstate"))
	if err != nil || strings.Contains(string(state), person.Link("Salesforce")) {
		t.Errorf("the state has the link: %v", err)
	}
}
