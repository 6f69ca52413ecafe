package connection_test

import (
	"encoding/base64"
	"encoding/hex"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// Terraform quotes the line of a diagnostic. An error about a whole block must not be placed at a secret in it.
func TestLiteralSecretsAreNotShown(t *testing.T) {
	t.Parallel()
	const secret = "written-out-4711"
	literal := strings.Replace(acctest.Mail(""), "var.password", `"`+secret+`"`, 1)
	for name, test := range map[string]struct {
		body string
		says []string
	}{
		"a missing setting": {
			strings.Replace(literal, "username    = var.username", "", 1),
			[]string{"Missing Required Setting", "Attribute: exchange.username"},
		},
		"two target systems": {
			strings.Replace(literal, "exchange {", "salesforce {\nclient_secret_wo = \""+secret+"\"\n}\nexchange {", 1),
			[]string{"A Connection Needs Exactly One Target System", "exchange and salesforce"},
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

// spellings are a comparison key as it could be written somewhere.
func spellings(key []byte) []string {
	return []string{
		string(key), hex.EncodeToString(key), base64.StdEncoding.EncodeToString(key), base64.RawURLEncoding.EncodeToString(key),
	}
}

func TestNoSecretInPlanStateOrLog(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	const canary = "canary-Zq7-password-41c9"
	env.SetPassword(canary)
	basic := strings.Replace(acctest.Mail(""), "= var.password", "= var.password\n    authentication = \"basic\"", 1) // sends it
	c := env.Command(basic + acctest.Check + `
data "riva_connection" "mail" {
  id = riva_connection.mail.id
}
`)
	log := filepath.Join(t.TempDir(), "trace.log")
	c.Env = append(c.Env, "TF_LOG=TRACE", "TF_LOG_PATH="+log)
	out := c.Must("plan", "-out=saved.tfplan") + c.Must("show", "-json", "saved.tfplan") + c.Must("apply", "saved.tfplan") +
		c.Must("show", "-json")
	secrets := append(spellings(env.ComparisonKey("Exchange")), canary)
	env.SetPassword(canary + "-2")
	out += c.Must("apply", "-auto-approve")
	secrets = append(secrets, spellings(env.ComparisonKey("Exchange"))...)
	files := []string{
		log, filepath.Join(c.Dir, "saved.tfplan"), filepath.Join(c.Dir, "terraform.tfstate"),
		filepath.Join(c.Dir, "terraform.tfstate.backup"),
	}
	for _, secret := range secrets {
		if strings.Contains(out, secret) {
			t.Error("the output of Terraform holds the password or a comparison key")
		}
		for _, file := range files {
			acctest.ExpectAbsent(t, file, secret)
		}
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
		for _, secret := range secrets {
			acctest.ExpectAbsent(t, filepath.Join(env.DataDir, entry.Name()), secret)
		}
	}
}
