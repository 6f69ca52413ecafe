package provider_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

func TestNewDataDirectoryInAutomationIsAWarning(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	c := w.Command(acctest.Mail(""))
	c.Env = append(c.Env, "CI=true")
	const title = "A New Control Plane on a Machine That May Not Last"
	if out := c.Must("plan"); !strings.Contains(out, title) {
		t.Errorf("the first plan in CI does not warn of the new data directory:\n%s", out)
	}
	if out := c.Must("plan"); strings.Contains(out, title) {
		t.Errorf("the second plan still warns of a new data directory:\n%s", out)
	}
}

func TestValidateNeedsNoConfiguration(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	c := w.Command(acctest.Mail(""))
	c.Must("validate")
	if _, err := os.Stat(w.DataDir); !os.IsNotExist(err) {
		t.Errorf("terraform validate made a data directory (%v)", err)
	}
}

func TestAbandonWarns(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	c := w.Command(acctest.Mail(`deletion_policy = "abandon"`))
	c.Must("apply", "-auto-approve")
	if out := c.Must("plan", "-destroy"); !strings.Contains(out, "Connection Abandoned") {
		t.Errorf("the plan to destroy does not say that the connection stays:\n%s", out)
	}
	c.Must("destroy", "-auto-approve")
	if _, err := w.Client().ConnectionByName(t.Context(), "Exchange"); err != nil {
		t.Errorf("the abandoned connection is gone: %v", err)
	}
}

// Terraform quotes the value of the attribute that a diagnostic is placed at.
func TestLiteralSecretsAreNotShown(t *testing.T) {
	t.Parallel()
	const secret = "written-out-4711"
	crm := `salesforce = { client_id = "x", username = "ada@example.com", client_secret_wo = "` + secret + `" }`
	for name, test := range map[string]struct {
		body string
		says []string
	}{
		"a secret by another name": {
			strings.Replace(acctest.Mail(""), "password_wo = var.password", `password = "`+secret+`"`, 1),
			[]string{
				"A New Connection Needs Credentials", "Attribute: exchange", "Terraform drops attributes of any other name below exchange",
			},
		},
		"two target systems": {
			strings.Replace(acctest.Mail(crm), "var.password", `"`+secret+`"`, 1),
			[]string{"A Connection Needs Exactly One Target System", "Attribute: salesforce"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, err := acctest.New(t).Command(test.body).Run("plan")
			if err == nil || !matchText(test.says...).MatchString(out) {
				t.Errorf("%v:\n%s", err, out)
			}
			if strings.Contains(out, secret) {
				t.Errorf("the secret is shown:\n%s", out)
			}
		})
	}
}

func TestCopiedControlPlaneWarns(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	c := w.Command(acctest.Mail(""))
	c.Must("apply", "-auto-approve")
	state := filepath.Join(c.Dir, "terraform.tfstate")
	text, err := os.ReadFile(state)
	if err != nil {
		t.Fatal(err)
	}
	// The private state says that another control plane was the last one.
	instance, err := w.Client().Instance(t.Context())
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
	w := acctest.New(t)
	c := w.Command(acctest.Mail(""))
	c.Must("apply", "-auto-approve")
	found, err := w.Client().ConnectionByName(t.Context(), "Exchange")
	if err == nil {
		err = w.Client().DeleteConnection(t.Context(), found.ID)
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

func TestConcurrentApplies(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	first := w.Command(acctest.Mail(""))
	second := w.Command(strings.ReplaceAll(acctest.Mail(""), `"Exchange"`, `"Second"`))
	var done sync.WaitGroup
	for _, c := range []*acctest.Command{first, second} {
		done.Go(func() {
			if out, err := c.Run("apply", "-auto-approve"); err != nil {
				t.Errorf("apply: %v\n%s", err, out)
			}
		})
	}
	done.Wait()
	connections, err := w.Client().Connections(t.Context(), noFilter)
	if err != nil || len(connections) != 2 {
		t.Errorf("two applies at once left %d connections (error %v), want 2", len(connections), err)
	}
	for _, c := range []*acctest.Command{first, second} {
		if out, err := c.Run("plan", "-detailed-exitcode"); err != nil {
			t.Errorf("the plan afterwards is not empty: %v\n%s", err, out)
		}
	}
}

func TestNoSecretInPlanStateOrLog(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	const canary = "canary-Zq7-password-41c9"
	setPassword(t, w, canary)
	c := w.Command(acctest.Mail("") + acctest.Check)
	log := filepath.Join(t.TempDir(), "trace.log")
	c.Env = append(c.Env, "TF_LOG=TRACE", "TF_LOG_PATH="+log)
	out := c.Must("plan", "-out=saved.tfplan") + c.Must("show", "-json", "saved.tfplan") + c.Must("apply", "saved.tfplan") +
		c.Must("show", "-json")
	setPassword(t, w, canary+"-2")
	out += c.Must("apply", "-auto-approve")
	if strings.Contains(out, canary) {
		t.Errorf("the output of Terraform holds the password")
	}
	for _, file := range []string{
		log, filepath.Join(c.Dir, "saved.tfplan"), filepath.Join(c.Dir, "terraform.tfstate"),
		filepath.Join(c.Dir, "terraform.tfstate.backup"),
	} {
		assertNo(t, file, canary)
	}
	signIns := w.Exchange.SignInList()
	for _, secret := range []string{canary, canary + "-2"} {
		if !slices.ContainsFunc(signIns, func(s sandbox.SignIn) bool { return s.Secret == secret }) {
			t.Error("a password never reached the target's sign-in, so that it is nowhere else proves nothing")
		}
	}
	if !strings.Contains(contents(t, log)[log], "riva_api") {
		t.Error("the log holds nothing of the calls to the control plane, so that it holds no password proves nothing")
	}
	entries, err := os.ReadDir(w.DataDir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		assertNo(t, filepath.Join(w.DataDir, entry.Name()), canary)
	}
}

// assertNo reads a file, and the members of a plan file, which is a zip archive.
func assertNo(t *testing.T, file, canary string) {
	t.Helper()
	for name, text := range contents(t, file) {
		if strings.Contains(text, canary) {
			t.Errorf("%s holds the password", name)
		}
	}
}
