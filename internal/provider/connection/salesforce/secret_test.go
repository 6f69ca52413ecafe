package salesforce_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// crmSecrets are the secrets that only Salesforce may have by now: the configured ones, and the tokens that it issued.
func crmSecrets(t *testing.T, env *acctest.Environment) map[string]bool {
	t.Helper()
	app := env.Salesforce.App()
	secrets := map[string]bool{
		strings.Split(app.PrivateKey, "\n")[2]: true, // a line of it, however the lines are joined
		app.Secret:                             true, env.Salesforce.RefreshToken(): true,
	}
	for _, form := range forms(t, env.Salesforce) {
		for _, field := range []string{"assertion", "refresh_token", "client_secret"} {
			secrets[form.Get(field)] = true
		}
	}
	handedOut := 0
	for _, request := range env.Salesforce.Requests() {
		if token, ok := strings.CutPrefix(request.Header.Get("Authorization"), "Bearer "); ok {
			secrets[token] = true
			handedOut++
		}
	}
	if handedOut == 0 {
		t.Error("no access token was used, so its absence elsewhere shows nothing")
	}
	delete(secrets, "")
	return secrets
}

func TestNoSecretOfSalesforceInPlanStateOrLog(t *testing.T) {
	t.Parallel()
	eachGrant(t, func(t *testing.T, env *acctest.Environment, g grant) {
		env.UpdateApp(func(a *salesforce.App) { a.RotateRefreshTokens = true })
		c := env.Command(acctest.CRM(g.lines, trigger("one")) + acctest.CRMCheck)
		log := filepath.Join(t.TempDir(), "trace.log")
		c.Env = append(c.Env, "TF_LOG=TRACE", "TF_LOG_PATH="+log)
		out := c.Must("plan", "-out=saved.tfplan") + c.Must("show", "-json", "saved.tfplan") +
			c.Must("apply", "saved.tfplan") + c.Must("show", "-json")
		c.Write(acctest.CRM(g.lines, trigger("two")) + acctest.CRMCheck)
		out += c.Must("apply", "-auto-approve")

		files := []string{log}
		for _, dir := range []string{c.Dir, env.DataDir} {
			entries, err := os.ReadDir(dir)
			if err != nil {
				t.Fatal(err)
			}
			for _, entry := range entries {
				if entry.Type().IsRegular() {
					files = append(files, filepath.Join(dir, entry.Name()))
				}
			}
		}
		for secret := range crmSecrets(t, env) {
			if strings.Contains(out, secret) {
				t.Error("the output of Terraform holds a secret")
			}
			for _, file := range files {
				acctest.ExpectAbsent(t, file, secret)
			}
		}
		if !strings.Contains(acctest.Contents(t, log)[log], "riva_api") {
			t.Error("the log holds nothing of the calls to the control plane, so the absence of secrets shows nothing")
		}
	})
}

func TestSecretsThatSalesforceRepeatsAreMasked(t *testing.T) {
	t.Parallel()
	eachGrant(t, func(t *testing.T, env *acctest.Environment, g grant) {
		script(t, env, salesforce.Echo())
		c := env.Command(acctest.CRM(g.lines, ""))
		out, err := c.Run("apply", "-auto-approve")
		if err == nil || !acctest.MatchText("cannot process the request").MatchString(out) {
			t.Fatalf("the apply gave %v, and not the message of Salesforce:\n%s", err, out)
		}
		for _, form := range forms(t, env.Salesforce) {
			for _, field := range []string{"assertion", "refresh_token", "client_secret"} {
				if secret := form.Get(field); secret != "" && strings.Contains(strings.Join(strings.Fields(out), ""), secret[:40]) {
					t.Errorf("the diagnostic holds the %s", field)
				}
			}
		}
	})
}
