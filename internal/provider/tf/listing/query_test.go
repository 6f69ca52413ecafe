package listing_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/querycheck"
	"github.com/hashicorp/terraform-plugin-testing/querycheck/queryfilter"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

const queryAll = `
list "riva_connection" "all" {
  provider = riva
}

list "riva_sync_policy" "all" {
  provider = riva
}

list "riva_user" "all" {
  provider = riva
}
`

func TestTerraformQueriesByTheFilters(t *testing.T) {
	t.Parallel()
	acctest.RequireVersion(t, tfversion.SkipBelow(tfversion.Version1_14_0))
	env := acctest.New(t)
	queried := resource.TestStep{Query: true, ConfigVariables: env.Variables(env.Password()), Config: `
list "riva_connection" "mail" {
  provider         = riva
  include_resource = true
  config {
    kind = "email"
  }
}

list "riva_user" "none" {
  provider = riva
}
`}
	queried.QueryResultChecks = []querycheck.QueryResultCheck{
		querycheck.ExpectLength("riva_connection.mail", 1),
		querycheck.ExpectResourceDisplayName("riva_connection.mail", queryfilter.ByDisplayName(knownvalue.StringExact("Exchange")),
			knownvalue.StringExact("Exchange")),
		querycheck.ExpectResourceKnownValues("riva_connection.mail", queryfilter.ByDisplayName(knownvalue.StringExact("Exchange")),
			[]querycheck.KnownValueCheck{
				{Path: tfjsonpath.New("exchange").AtMapKey("ews_url"), KnownValue: knownvalue.StringExact(env.Exchange.URL())},
				{Path: tfjsonpath.New("exchange").AtMapKey("password_wo"), KnownValue: knownvalue.Null()},
			}),
		querycheck.ExpectLength("riva_user.none", 0),
	}
	env.Test(env.Step(acctest.Mail("")+acctest.CRM(acctest.JWTBearer, "")), queried)
}

// From a control plane to a configuration without changes: query, generate, import, plan. Then the connection is managed like
// any other: its secret is rotated, and it is tested.
func TestQueryImportsConnections(t *testing.T) {
	t.Parallel()
	acctest.RequireVersion(t, tfversion.SkipBelow(tfversion.Version1_14_0))
	env := acctest.New(t)
	p := env.Protocol()
	env.CreatePair(p)
	p.Create("riva_user", values{"email": "ada@example.com"})
	p.Create("riva_user", values{"email": "grace@example.com", "display_name": "Grace", "enabled": false})
	c := env.Command("")
	c.WriteQuery(queryAll)
	if out := c.Must("query", "-generate-config-out=generated.tf"); !acctest.MatchText("Salesforce", "Exchange").MatchString(out) {
		t.Errorf("the query does not name its results:\n%s", out)
	}
	if out := c.Must("plan"); !acctest.MatchText("Plan: 5 to import, 0 to add, 0 to change, 0 to destroy.").MatchString(out) {
		t.Errorf("the generated configuration is not imported as it is:\n%s", out)
	}
	c.Must("apply", "-auto-approve")
	if out, err := c.Run("plan", "-detailed-exitcode"); err != nil {
		t.Errorf("after the import there is something to change: %v\n%s", err, out)
	}
	acctest.ExpectAbsent(t, filepath.Join(c.Dir, "generated.tf"), env.Password())

	c.Write("action \"riva_test_connection\" \"adopted\" {\n  config {\n    connection_id = " +
		useSecretVariable(t, filepath.Join(c.Dir, "generated.tf")) + ".id\n  }\n}\n")
	if out, err := c.Run("plan", "-detailed-exitcode"); err != nil {
		t.Errorf("the stored secret is a change: %v\n%s", err, out)
	}
	env.SetPassword(acctest.NewPassword)
	if out := c.Must("apply", "-auto-approve"); !acctest.MatchText("0 added, 1 changed, 0 destroyed").MatchString(out) {
		t.Errorf("the secret was not rotated:\n%s", out)
	}
	out := c.Must("apply", "-auto-approve", "-invoke=action.riva_test_connection.adopted")
	if !acctest.MatchText(`Testing the connection "Exchange"`, "sign_in: passed").MatchString(out) {
		t.Errorf("the test does not report its steps:\n%s", out)
	}
	if out, err := c.Run("plan", "-detailed-exitcode"); err != nil {
		t.Errorf("at the end there is something to change: %v\n%s", err, out)
	}
}

// useSecretVariable sets the password of the connection to Exchange in a generated configuration to the variable, and returns the
// address of the connection.
func useSecretVariable(t *testing.T, file string) string {
	t.Helper()
	generated, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile(`resource "riva_connection" "(\w+)" \{(?s:.*?)\n\}`)
	secret := regexp.MustCompile(`(password_wo +=) null # sensitive`)
	address := ""
	edited := blocks.ReplaceAllStringFunc(string(generated), func(block string) string {
		if !strings.Contains(block, `"Exchange"`) {
			return block
		}
		address = "riva_connection." + blocks.FindStringSubmatch(block)[1]
		return secret.ReplaceAllString(block, "$1 var.password")
	})
	if address == "" || edited == string(generated) {
		t.Fatalf("no connection without a password in\n%s", generated)
	}
	if err := os.WriteFile(file, []byte(edited), 0o600); err != nil {
		t.Fatal(err)
	}
	return address
}

func TestQueryOfAnEmptyControlPlaneFindsNothing(t *testing.T) {
	t.Parallel()
	acctest.RequireVersion(t, tfversion.SkipBelow(tfversion.Version1_14_0))
	c := acctest.New(t).Command("")
	c.WriteQuery(queryAll)
	c.Must("query")
}
