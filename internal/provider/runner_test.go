package provider_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// onDefaults removes the settings of the provider, so that the command uses the defaults.
func onDefaults(t *testing.T, c *acctest.Command) {
	t.Helper()
	main := filepath.Join(c.Dir, "main.tf")
	text, err := os.ReadFile(main)
	if err != nil {
		t.Fatal(err)
	}
	blank := strings.NewReplacer("data_dir = ", "# ", "keyset   = ", "# ").Replace(string(text))
	if err := os.WriteFile(main, []byte(blank), 0o600); err != nil {
		t.Fatal(err)
	}
}

// expectFailure fails the test unless the command fails with the texts.
func expectFailure(t *testing.T, c *acctest.Command, command string, want ...string) {
	t.Helper()
	if out, err := c.Run(strings.Fields(command)...); err == nil || !acctest.MatchText(want...).MatchString(out) {
		t.Errorf("%s: got %v, want an error with %q:\n%s", command, err, want, out)
	}
}

// The default directory of a runner is lost with the job: a create into it would be reported as a success.
func TestDefaultDataDirectoryIsNeverMadeInAutomation(t *testing.T) {
	t.Parallel()
	for _, variable := range []string{"CI=true", "TF_IN_AUTOMATION=1"} {
		t.Run(variable, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			c := env.Command(acctest.Mail(""))
			onDefaults(t, c)
			c.Env = append(c.Env, variable)
			for _, command := range []string{"plan", "apply -auto-approve"} {
				expectFailure(t, c, command, "The Data Directory Would Be Lost After This Run", "RIVA_DATA_DIR", "RIVA_ENDPOINT")
			}
			if _, err := os.Stat(filepath.Join(c.Dir, ".riva")); !os.IsNotExist(err) {
				t.Errorf("the directory was made (%v)", err)
			}
		})
	}
}

func TestConfiguredDataDirectoryIsMadeInAutomation(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	c := env.Command(acctest.Mail(""))
	c.Env = append(c.Env, "CI=true")
	c.Must("apply", "-auto-approve")
}

// A health job on a runner without the data must be red.
func TestReadsOnRunnerWithoutControlPlaneFail(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"list":    `data "riva_connections" "all" {}`,
		"by name": `data "riva_connection" "mail" { name = "Exchange" }`,
		"test":    `data "riva_connection_test" "mail" { connection_id = "` + acctest.UnknownID + `" }`,
		"logs":    `data "riva_sync_logs" "all" {}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			c := env.Command(body)
			for _, command := range []string{"plan", "apply -auto-approve"} {
				expectFailure(t, c, command, "The Control Plane Does Not Exist", env.DataDir, "depends_on")
			}
			if _, err := os.Stat(env.DataDir); !os.IsNotExist(err) {
				t.Errorf("the directory was made (%v)", err)
			}
		})
	}
}

func TestDataSourceAfterFirstCreate(t *testing.T) {
	t.Parallel()
	c := acctest.New(t).Command(acctest.Mail("") + `
data "riva_connections" "all" {
  depends_on = [riva_connection.mail]
}

output "names" {
  value = data.riva_connections.all.connections[*].name
}
`)
	c.Must("apply", "-auto-approve")
	if out := c.Must("output", "-json", "names"); strings.TrimSpace(out) != `["Exchange"]` {
		t.Errorf("got %s", out)
	}
}

func TestInstanceIDGuardsControlPlane(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	c := env.Command(acctest.Mail(""))
	c.Env = append(c.Env, "RIVA_INSTANCE_ID="+acctest.UnknownID)
	expectFailure(t, c, "plan", "The Control Plane Does Not Exist", "instance_id", "RIVA_INSTANCE_ID", env.DataDir)
	instance, err := env.Client().Instance(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, command := range []string{"plan", "apply -auto-approve"} {
		expectFailure(t, c, command, "The Control Plane Is Not the Configured One", instance.ID, acctest.UnknownID)
	}
	if found, err := env.Client().Connections(t.Context(), api.ConnectionFilter{}); err != nil || len(found) != 0 {
		t.Errorf("the wrong control plane has %v, %v", found, err)
	}
	c.Env = append(c.Env, "RIVA_INSTANCE_ID="+instance.ID)
	c.Must("apply", "-auto-approve")
}

func TestKeysetAsTextOpensWhatItsFileSealed(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	c := env.Command(acctest.Mail(""))
	c.Must("apply", "-auto-approve")
	keyset, err := os.ReadFile(env.Keyset)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(env.Keyset); err != nil {
		t.Fatal(err)
	}
	onDefaults(t, c)
	c.Env = append(c.Env, "RIVA_DATA_DIR="+env.DataDir, "RIVA_KEYSET_JSON="+string(keyset))
	if out := c.Must("plan", "-detailed-exitcode"); !strings.Contains(out, "No changes") {
		t.Errorf("got\n%s", out)
	}
	c.Env = append(c.Env, "RIVA_KEYSET_JSON={}")
	expectFailure(t, c, "plan", "RIVA_KEYSET_JSON", "whole content of a keyset file")
}

func TestHomeDirectoryInPaths(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	c := env.Command(acctest.Mail(""))
	onDefaults(t, c)
	home := t.TempDir()
	c.Env = append(c.Env, "HOME="+home, "RIVA_DATA_DIR=~/data", "RIVA_KEYSET=~/keys/keyset.json")
	c.Must("apply", "-auto-approve")
	for _, path := range []string{"data/riva.db", "keys/keyset.json"} {
		if _, err := os.Stat(filepath.Join(home, path)); err != nil {
			t.Error(err)
		}
	}
}

func TestMisspeltVariableIsWarning(t *testing.T) {
	t.Parallel()
	c := acctest.New(t).Command(acctest.Mail(""))
	c.Env = append(c.Env, "RIVA_ENDPONT=https://riva.example.com", "RIVA_STAGE=production")
	out := c.Must("plan")
	if !acctest.MatchText("Unknown Environment Variable", "RIVA_ENDPONT", "RIVA_ENDPOINT is meant").MatchString(out) ||
		strings.Contains(out, "RIVA_STAGE") {
		t.Errorf("got\n%s", out)
	}
}
