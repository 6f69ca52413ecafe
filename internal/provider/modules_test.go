package provider_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// moduleExample copies examples/modules, with the settings of the stand-ins, into a working directory.
func moduleExample(t *testing.T) (c *acctest.Command, main string) {
	t.Helper()
	env := acctest.New(t)
	example := filepath.Join("..", "..", "examples", "modules")
	c = env.Command("")
	text, err := os.ReadFile(filepath.Join(example, "main.tf"))
	if err == nil {
		err = os.CopyFS(filepath.Join(c.Dir, "connection"), os.DirFS(filepath.Join(example, "connection")))
	}
	if err == nil {
		err = os.Remove(filepath.Join(c.Dir, "versions.tf")) // the example has its own
	}
	if err != nil {
		t.Fatal(err)
	}
	app := env.Salesforce.App()
	c.Env = append(c.Env, "RIVA_DATA_DIR="+env.DataDir, "RIVA_KEYSET="+env.Keyset,
		"TF_VAR_exchange_password="+env.Password(), "TF_VAR_salesforce_private_key="+app.PrivateKey)
	return c, strings.NewReplacer(
		"https://mail.example.com/EWS/Exchange.asmx", env.Exchange.URL(), "svc-riva@example.com", env.Exchange.Service().Email,
		"riva-sync@example.com", env.Salesforce.Service().Username, "3MVG9…", app.ConsumerKey,
		`"00D5f000000aaaaEAA"`, `"`+env.Salesforce.Organization().ID+"\"\n    login_url = \""+env.Salesforce.LoginURL()+`"`,
	).Replace(string(text))
}

func writeMain(t *testing.T, c *acctest.Command, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(c.Dir, "main.tf"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// A module gets the settings of a target system as an object that may be null, and the secrets as an ephemeral map.
func TestModuleExample(t *testing.T) {
	t.Parallel()
	c, example := moduleExample(t)
	writeMain(t, c, example)
	c.Must("get")
	acctest.ExpectOutput(t, c.Must("apply", "-auto-approve"), "3 added, 0 changed, 0 destroyed")
	c.Must("plan", "-detailed-exitcode")

	writeMain(t, c, strings.ReplaceAll(example, "  secrets = {", "  # secrets = {"))
	c.Must("plan", "-detailed-exitcode") // the stored secrets stay

	writeMain(t, c, strings.Replace(example, "  exchange = {", "  salesforce = {\n    username = \"a\"\n    client_id = \"b\"\n"+
		"    organization_id = \"00D5f000000aaaaEAA\"\n  }\n  exchange = {", 1))
	out, err := c.Run("plan")
	if err == nil {
		t.Error("two target systems are accepted")
	}
	acctest.ExpectOutput(t, out, "A Connection Needs Exactly One Target System", "exchange and salesforce")

	name, rest, _ := strings.Cut(example, "  exchange = {")
	_, rest, _ = strings.Cut(rest, "  }\n")
	writeMain(t, c, name+rest)
	out, err = c.Run("plan")
	if err == nil {
		t.Error("no target system is accepted")
	}
	acctest.ExpectOutput(t, out, "A Connection Needs Exactly One Target System", "Add the block of a target system")
}
