package connection_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

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
				"Credentials Required", "Attribute: exchange", "Terraform drops attributes with other names below exchange",
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
			if err == nil || !acctest.MatchText(test.says...).MatchString(out) {
				t.Errorf("%v:\n%s", err, out)
			}
			if strings.Contains(out, secret) {
				t.Errorf("the secret is shown:\n%s", out)
			}
		})
	}
}

func TestNoSecretInPlanStateOrLog(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	const canary = "canary-Zq7-password-41c9"
	env.SetPassword(canary)
	basic := strings.Replace(acctest.Mail(""), "= var.password", "= var.password\n    authentication = \"basic\"", 1) // sends it
	c := env.Command(basic + acctest.Check)
	log := filepath.Join(t.TempDir(), "trace.log")
	c.Env = append(c.Env, "TF_LOG=TRACE", "TF_LOG_PATH="+log)
	out := c.Must("plan", "-out=saved.tfplan") + c.Must("show", "-json", "saved.tfplan") + c.Must("apply", "saved.tfplan") +
		c.Must("show", "-json")
	env.SetPassword(canary + "-2")
	out += c.Must("apply", "-auto-approve")
	if strings.Contains(out, canary) {
		t.Errorf("the output of Terraform holds the password")
	}
	for _, file := range []string{
		log, filepath.Join(c.Dir, "saved.tfplan"), filepath.Join(c.Dir, "terraform.tfstate"),
		filepath.Join(c.Dir, "terraform.tfstate.backup"),
	} {
		acctest.ExpectAbsent(t, file, canary)
	}
	signIns := env.Exchange.SignInList()
	for _, secret := range []string{canary, canary + "-2"} {
		if !slices.ContainsFunc(signIns, func(s sandbox.SignIn) bool { return s.Secret == secret }) {
			t.Error("a password never reached the target's sign-in, so its absence elsewhere shows nothing")
		}
	}
	if !strings.Contains(acctest.Contents(t, log)[log], "riva_api") {
		t.Error("the log holds nothing of the calls to the control plane, so the absence of the password shows nothing")
	}
	entries, err := os.ReadDir(env.DataDir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		acctest.ExpectAbsent(t, filepath.Join(env.DataDir, entry.Name()), canary)
	}
}
