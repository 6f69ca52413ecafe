package provider_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/office365"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// moving is a working directory with the configuration of the guide on moving from Exchange to Microsoft 365.
type moving struct {
	*acctest.Command

	t *testing.T
	// toStandIns replaces the settings of the guide by those of the stand-ins.
	toStandIns *strings.Replacer
}

func newMoving(t *testing.T, env *acctest.Environment) *moving {
	t.Helper()
	tenant, err := office365.Start(office365.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := tenant.Close(); err != nil {
			t.Errorf("stop the stand-in: %v", err)
		}
	})
	registration, app := tenant.Entra.App(), env.Salesforce.App()
	m := &moving{Command: env.Command(""), t: t, toStandIns: strings.NewReplacer(
		"https://mail.example.com/EWS/Exchange.asmx", env.Exchange.URL(), "svc-riva@example.com", env.Exchange.Service().Email,
		"riva-sync@example.com", env.Salesforce.Service().Username, "3MVG9…", app.ConsumerKey,
		"  salesforce {\n", "  salesforce {\n    login_url = \""+env.Salesforce.LoginURL()+"\"\n",
		"9d8c7b6a-5f4e-4d3c-8b2a-1f0e9d8c7b6a", registration.TenantID, "1a2b3c4d-5e6f-4a1b-8c2d-3e4f5a6b7c8d", registration.ClientID,
		"riva@example.com", tenant.Service().UPN,
		"  office365 {\n", "  office365 {\n    authority_url = \""+tenant.AuthorityURL()+"\"\n    graph_url = \""+
			tenant.GraphURL()+"\"\n",
	)}
	if err := os.Remove(filepath.Join(m.Dir, "versions.tf")); err != nil { // the guide has its own
		t.Fatal(err)
	}
	m.Env = append(m.Env, "RIVA_DATA_DIR="+env.DataDir, "RIVA_KEYSET="+env.Keyset, "TF_VAR_exchange_password="+env.Password(),
		"TF_VAR_salesforce_private_key="+app.PrivateKey, "TF_VAR_office365_client_secret="+registration.Secrets[0].Value)
	for _, file := range []string{"main.tf", "exchange.tf", "policy.tf"} {
		m.write("before", file)
	}
	return m
}

// write puts a file of the guide into the working directory, in place of the one with the same name.
func (m *moving) write(folder, file string) {
	m.t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "examples", "moving", folder, file))
	if err != nil {
		m.t.Fatal(err)
	}
	m.replace(file, m.toStandIns.Replace(string(text)))
}

func (m *moving) replace(file, text string) {
	m.t.Helper()
	if err := os.WriteFile(filepath.Join(m.Dir, file), []byte(text), 0o600); err != nil {
		m.t.Fatal(err)
	}
}

// apply applies the present files and expects the words in the output. After that, a plan has no changes.
func (m *moving) apply(words ...string) {
	m.t.Helper()
	out := m.Must("apply", "-auto-approve")
	acctest.ExpectOutput(m.t, out, words...)
	if strings.Contains(out, "Check block assertion failed") {
		m.t.Errorf("a check fails:\n%s", out)
	}
	m.Must("plan", "-detailed-exitcode")
}

func TestGuideMovesAUsedConnection(t *testing.T) {
	t.Parallel()
	for name, forget := range map[string]func(m *moving){
		"removed block": func(m *moving) {
			m.write("after", "exchange.tf")
			m.apply("0 added, 0 changed, 0 destroyed")
		},
		"abandon": func(m *moving) {
			before, err := os.ReadFile(filepath.Join(m.Dir, "exchange.tf"))
			if err != nil {
				m.t.Fatal(err)
			}
			const block = "\n  exchange {"
			m.replace("exchange.tf", strings.Replace(string(before), block, "\n  deletion_policy = \"abandon\""+block, 1))
			m.apply("0 added, 1 changed, 0 destroyed")
			m.replace("exchange.tf", "")
			m.apply("Connection Abandoned", "0 added, 0 changed, 1 destroyed")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			m := newMoving(t, env)
			m.apply("3 added, 0 changed, 0 destroyed")
			if _, err := env.Client().CreateUser(t.Context(), api.CreateUser{Email: "ada@example.com", Enabled: true}); err != nil {
				t.Fatal(err)
			}
			expectPassedCycle(t, env)

			m.write("after", "office365.tf")
			m.apply("1 added, 0 changed, 0 destroyed")
			m.write("after", "policy.tf")
			m.apply("0 added, 1 changed, 0 destroyed")
			expectPassedCycle(t, env)
			forget(m)
			expectPassedCycle(t, env)
			kept, err := env.Client().ConnectionByName(t.Context(), "Exchange")
			if err != nil || len(kept.Uses) != 1 {
				t.Errorf("the control plane has %+v (error %v), want the used connection", kept, err)
			}
		})
	}
}

// What users try first fails at plan, with the steps of the guide.
func TestUsedConnectionWithAnotherSystemShowsTheSteps(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	m := newMoving(t, env)
	m.apply("3 added")
	env.RunCycle("Mail")
	text, err := os.ReadFile(filepath.Join("..", "..", "examples", "moving", "after", "office365.tf"))
	if err != nil {
		t.Fatal(err)
	}
	other, _, _ := strings.Cut(string(text), "data \"riva_connection_test\"")
	inPlace := strings.NewReplacer(`"riva_connection" "office365"`, `"riva_connection" "exchange"`, "Microsoft 365", "Exchange")
	m.replace("exchange.tf", m.toStandIns.Replace(inPlace.Replace(other)))
	out, err := m.Run("plan")
	if err == nil {
		t.Errorf("the replacement of a used connection is planned:\n%s", out)
	}
	acctest.ExpectOutput(t, out, "A Used Connection Cannot Be Replaced", `in resource "riva_connection" "exchange"`,
		`sync policy "Mail"`, "1. Keep this resource unchanged", "with the block office365 and another name",
		"2. Change the sync policies", `deletion_policy = "abandon"`, "removed {", "destroy = false",
		"Moving from Exchange to Microsoft 365")
}

func expectPassedCycle(t *testing.T, env *acctest.Environment) {
	t.Helper()
	if cycle := env.RunCycle("Mail"); cycle.UsersDone != 1 || cycle.UsersFaulty != 0 || cycle.Fault != nil {
		t.Errorf("the cycle ended as %+v", cycle)
	}
}
