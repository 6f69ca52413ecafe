package provider_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/standins"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// rejectedSecret is a secret that the target system rejects.
type rejectedSecret struct {
	// variable is the variable of the system's example that is wrong.
	variable string
	// wrong makes a plausible wrong value from the right one.
	wrong func(t *testing.T, right string) string
	// attribute is the attribute of the error, below the system's.
	attribute string
}

// rejectedSecrets has every target system of the catalog.
func rejectedSecrets() map[string]rejectedSecret {
	return map[string]rejectedSecret{
		"dynamics365":          {"dynamics365_client_secret", randomSecret, "client_secret_wo"},
		"exchange":             {"exchange_password", randomSecret, "password_wo"},
		"netsuite":             {"netsuite_token_secret", randomSecret, "token_secret_wo"},
		"google":               {"google_service_account_key", anotherKeyFile, "service_account_key_wo"},
		"salesforce":           {"salesforce_private_key", anotherKey, "private_key_wo"},
		"office365":            {"office365_client_secret", randomSecret, "client_secret_wo"},
		"sugarcrm":             {"sugarcrm_password", randomSecret, "password_wo"},
		"suitecrm":             {"suitecrm_password", randomSecret, "password_wo"},
		"sap_c4c":              {"sap_c4c_password", randomSecret, "password_wo"},
		"hcl_notes":            {"hcl_notes_password", randomSecret, "password_wo"},
		"oracle_crm_on_demand": {"oracle_crm_on_demand_password", randomSecret, "password_wo"},
	}
}

// randomSecret is text that no system knows.
func randomSecret(*testing.T, string) string { return "wrong-" + rand.Text() }

// anotherKey is an RSA key (PEM) that no system knows.
func anotherKey(t *testing.T, _ string) string {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

// anotherKeyFile is the key file of a service account, with a key that no system knows.
func anotherKeyFile(t *testing.T, right string) string {
	t.Helper()
	var file map[string]string
	if err := json.Unmarshal([]byte(right), &file); err != nil {
		t.Fatal(err)
	}
	file["private_key"] = anotherKey(t, "")
	changed, err := json.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(changed)
}

// Every target system goes through the steps that its example and its guide describe: the connection is created and tested,
// wrong credentials are rejected and change nothing, the credentials are updated in the system's own way, and the connection is
// imported. The order of the steps lets each command show several things.
func TestSystems(t *testing.T) {
	t.Parallel()
	for _, system := range catalog.All() {
		t.Run(system.Name, func(t *testing.T) {
			t.Parallel()
			r, ok := rejectedSecrets()[system.Name]
			if !ok {
				t.Fatal("the table lacks the system")
			}
			l := &exampleLifecycle{Example: acctest.NewExample(t, "../..", system.Name), system: system}
			if system.Revalidates {
				l.Set("revalidation_trigger", "one")
			}
			l.created(t)
			l.rejected(t, r)
			l.ExpectNoChanges("after a rejected change")
			if system.Revalidates {
				l.revalidated(t)
			} else {
				l.rotated(t)
			}
			l.imported(t)
		})
	}
}

// exampleLifecycle are the steps that the connection of an example goes through.
type exampleLifecycle struct {
	*acctest.Example
	system *target.System
}

// created creates the connection, and looks for secrets everywhere that Terraform could have stored them.
func (l *exampleLifecycle) created(t *testing.T) {
	t.Helper()
	out := l.Must("plan", "-out=saved.tfplan") + l.Must("show", "-json", "saved.tfplan") + l.Must("apply", "saved.tfplan")
	attributes := l.passed(t)
	if attributes["system"] != l.system.Name || attributes["kind"] != string(l.system.Kind) {
		t.Errorf("the connection is to %v, of kind %v", attributes["system"], attributes["kind"])
	}
	for secret := range l.secrets(t) {
		if strings.Contains(out, secret) {
			t.Error("the output of Terraform holds a secret")
		}
		for _, file := range []string{"saved.tfplan", "terraform.tfstate"} {
			acctest.ExpectAbsent(t, filepath.Join(l.Dir, file), secret)
		}
	}
}

// rejected applies wrong credentials.
func (l *exampleLifecycle) rejected(t *testing.T, r rejectedSecret) {
	t.Helper()
	right := l.Get(r.variable)
	l.Set(r.variable, r.wrong(t, right))
	out, err := l.Run("apply", "-auto-approve")
	l.Set(r.variable, right)
	want := acctest.MatchText(target.GivenCredentials.Title(), "what was stored before stays in force",
		"Attribute: "+l.system.Name+"."+r.attribute, "What to do next:")
	if err == nil || !want.MatchString(out) {
		t.Errorf("wrong credentials: error %v\n%s", err, out)
	}
}

// rotated changes the secret at the target system and then in the configuration.
func (l *exampleLifecycle) rotated(t *testing.T) {
	t.Helper()
	changer, ok := l.Server.(standins.SecretChanger)
	if !ok {
		t.Fatal("the stand-in cannot change a secret")
	}
	changed, err := changer.ChangeSecret()
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range changed {
		l.Set(v.Name, v.Value)
	}
	before := l.state(t)["credentials_updated_at"]
	l.Must("apply", "-auto-approve")
	if after := l.passed(t)["credentials_updated_at"]; after == before {
		t.Errorf("credentials_updated_at is still %v", after)
	}
}

// revalidated changes the trigger. That signs in more often than a plan, which only tests.
func (l *exampleLifecycle) revalidated(t *testing.T) {
	t.Helper()
	start := l.Server.SignIns().Accepted
	l.ExpectNoChanges("before the re-validation")
	tested := l.Server.SignIns().Accepted
	l.Set("revalidation_trigger", "two")
	l.Must("apply", "-auto-approve")
	l.passed(t)
	if again := l.Server.SignIns().Accepted - tested; again <= tested-start {
		t.Errorf("the re-validation signed in %d times, a test alone %d times", again, tested-start)
	}
	l.Unset("revalidation_trigger") // an import does not have it
}

// imported removes the state and imports the connection.
func (l *exampleLifecycle) imported(t *testing.T) {
	t.Helper()
	id, ok := l.state(t)["id"].(string)
	if !ok {
		t.Fatal("the connection has no id")
	}
	if err := os.Remove(filepath.Join(l.Dir, "terraform.tfstate")); err != nil {
		t.Fatal(err)
	}
	l.Must("import", "riva_connection."+l.system.Name, id)
	l.ExpectNoChanges("after the import")
}

// passed returns the attributes of the connection, and checks that its test passed.
func (l *exampleLifecycle) passed(t *testing.T) map[string]any {
	t.Helper()
	if test := l.Attributes("riva_connection_test"); test["passed"] != true {
		t.Errorf("the connection test: %v", test["summary"])
	}
	return l.state(t)
}

// state are the attributes of the connection.
func (l *exampleLifecycle) state(t *testing.T) map[string]any {
	t.Helper()
	return l.Attributes("riva_connection")
}

// secrets are the configured secrets and those that the target system received, each as a part that quoting does not change.
func (l *exampleLifecycle) secrets(t *testing.T) map[string]bool {
	t.Helper()
	pieces, settings := map[string]bool{}, map[string]bool{}
	for _, v := range l.Server.Variables() {
		settings[v.Value] = !v.Secret // a signed header has settings as well
	}
	keep := func(secret string) {
		piece := ""
		for _, word := range regexp.MustCompile(`[0-9A-Za-z._~+-]+`).FindAllString(secret, -1) {
			if len(word) > len(piece) && !settings[word] {
				piece = word
			}
		}
		if len(piece) >= 16 {
			pieces[piece] = true
		}
	}
	for _, v := range l.Server.Variables() {
		if v.Secret {
			keep(v.Value)
		}
	}
	configured := len(pieces)
	for _, s := range l.Server.SignInList() {
		keep(s.Secret)
	}
	for _, r := range l.Server.Requests() {
		_, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		for _, shown := range []string{token, r.Header.Get("Cookie"), r.Header.Get("Oauth-Token")} {
			keep(shown)
		}
	}
	if configured == 0 || l.Server.SignIns().Accepted == 0 {
		t.Error("without a configured secret and a sign-in, the absence of secrets shows nothing")
	}
	return pieces
}

// The plan detects another secret, so no help text should ask for a change of the trigger.
func TestHelpHasNoTrigger(t *testing.T) {
	t.Parallel()
	for _, system := range catalog.All() {
		for code, steps := range system.Help {
			if strings.Contains(strings.Join(steps, "\n"), "revalidation_trigger") {
				t.Errorf("%s: the help for %s mentions the trigger", system.Name, code)
			}
		}
	}
}
