package connection_test

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// movePrivateState writes another control plane's id into the private state of a state file's resources.
func movePrivateState(t *testing.T, state, from, to string) string {
	t.Helper()
	var document struct {
		Resources []struct {
			Instances []struct {
				Private string `json:"private"`
			} `json:"instances"`
		} `json:"resources"`
	}
	if err := json.Unmarshal([]byte(state), &document); err != nil {
		t.Fatal(err)
	}
	moved := 0
	for _, r := range document.Resources {
		for _, instance := range r.Instances {
			private, err := base64.StdEncoding.DecodeString(instance.Private)
			if err != nil {
				t.Fatal(err)
			}
			var parts map[string]string
			if err := json.Unmarshal(private, &parts); err != nil {
				t.Fatal(err)
			}
			for key, value := range parts {
				text, err := base64.StdEncoding.DecodeString(value)
				if err != nil || !strings.Contains(string(text), from) {
					continue
				}
				parts[key] = base64.StdEncoding.EncodeToString([]byte(strings.ReplaceAll(string(text), from, to)))
				moved++
			}
			changed, err := json.Marshal(parts)
			if err != nil {
				t.Fatal(err)
			}
			state = strings.ReplaceAll(state, instance.Private, base64.StdEncoding.EncodeToString(changed))
		}
	}
	if moved == 0 {
		t.Fatal("no private state names the control plane")
	}
	return state
}

func TestCopiedControlPlaneWarns(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	c := env.Command(acctest.Mail(""))
	c.Must("apply", "-auto-approve")
	state := filepath.Join(c.Dir, "terraform.tfstate")
	text, err := os.ReadFile(state)
	if err != nil {
		t.Fatal(err)
	}
	// The private state says that another control plane was the last one.
	instance, err := env.Client().Instance(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := movePrivateState(t, string(text), instance.ID, "0192f0c1-7c5e-7b1a-9a52-6f0e4f6a9d10")
	if err := os.WriteFile(state, []byte(elsewhere), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := c.Must("apply", "-auto-approve"); !strings.Contains(out, "Found on Another Control Plane") {
		t.Errorf("no warning that the connection was found on another control plane:\n%s", out)
	}
}

func TestConnectionDeletedElsewhereIsAWarning(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	c := env.Command(acctest.Mail(""))
	c.Must("apply", "-auto-approve")
	found, err := env.Client().ConnectionByName(t.Context(), "Exchange")
	if err == nil {
		err = env.Client().DeleteConnection(t.Context(), found.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	if out := c.Must("plan"); !strings.Contains(out, "Deleted Outside of Terraform") || !strings.Contains(out, "will be created") {
		t.Errorf("the plan does not say that the connection was deleted elsewhere:\n%s", out)
	}
	// To destroy what is gone already is nothing to warn of.
	if out := c.Must("destroy", "-auto-approve", "-refresh=false"); strings.Contains(out, "Deleted Outside") {
		t.Errorf("destroying what was deleted elsewhere warns:\n%s", out)
	}
}

func TestConnectionDeletedElsewhereIsCreatedAgain(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	again := env.Step(acctest.Mail(""))
	again.PreConfig = func() {
		found, err := env.Client().ConnectionByName(t.Context(), "Exchange")
		if err == nil {
			err = env.Client().DeleteConnection(t.Context(), found.ID)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	again.ConfigPlanChecks = acctest.Planned(mail, plancheck.ResourceActionCreate)
	env.Test(env.Step(acctest.Mail("")), again)
}

func TestLostDataDirectoryIsAnError(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	c := env.Command(acctest.Mail(""))
	c.Must("apply", "-auto-approve")
	env.LoseDataDir()
	out, err := c.Run("plan")
	if err == nil {
		t.Fatalf("the plan without the data succeeded:\n%s", out)
	}
	for _, want := range []string{
		"Wrong Control Plane", "data directory was probably lost", "data_dir", "RIVA_ENDPOINT", "terraform state rm",
	} {
		if !strings.Contains(acctest.OneLine(out), want) {
			t.Errorf("the plan without the data does not say %q:\n%s", want, out)
		}
	}
	// The last solution in the message.
	c.Must("state", "rm", "riva_connection.mail")
	if out := c.Must("apply", "-auto-approve"); !strings.Contains(out, "1 added") {
		t.Errorf("what was removed from the state is not created again:\n%s", out)
	}
}

func TestDataDirectoryRestored(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	c := env.Command(acctest.Mail(""))
	c.Must("apply", "-auto-approve")
	backup := env.DataDir + "-backup"
	if err := os.Rename(env.DataDir, backup); err != nil {
		t.Fatal(err)
	}
	out, err := c.Run("plan")
	want := acctest.MatchText("Wrong Control Plane", "If the present one is new and empty, remove it first")
	if err == nil || !want.MatchString(out) {
		t.Fatalf("the plan does not say how to bring the data back (error %v):\n%s", err, out)
	}
	if err := os.RemoveAll(env.DataDir); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(backup, env.DataDir); err != nil {
		t.Fatal(err)
	}
	if out := c.Must("plan"); !strings.Contains(out, "No changes.") {
		t.Errorf("with the data back there is something to do:\n%s", out)
	}
}
