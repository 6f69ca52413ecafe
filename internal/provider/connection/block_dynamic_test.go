package connection_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// dynamicMail is the usual connection to Exchange with a dynamic block, and more lines of the resource.
func dynamicMail(forEach, more string) string {
	return fmt.Sprintf(`
resource "riva_connection" "mail" {
  name = "Exchange"
  dynamic "exchange" {
    for_each = %s
    content {
      ews_url     = var.url
      username    = var.username
      password_wo = var.password
    }
  }
  %s
}
`, forEach, more)
}

// later are lists that are known only after apply.
const later = `
resource "terraform_data" "one" {
  input = ["x"]
}

resource "terraform_data" "none" {
  input = []
}
`

func TestDynamicBlockWithKnownElements(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	rejected := env.Step(dynamicMail("[]", ""))
	rejected.ExpectError = acctest.MatchText("A Connection Needs Exactly One Target System", "one of exchange, office365")
	static := env.Step(acctest.Mail(""))
	static.ConfigPlanChecks = acctest.Planned(mail, plancheck.ResourceActionNoop)
	env.Test(rejected, env.Step(dynamicMail("[1]", "")), static)
}

// Validation and plan wait for the values. The next plan is empty, and one for an unknown for_each later is an update.
func TestDynamicBlockWithUnknownElements(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	body := later + dynamicMail("terraform_data.one.output", "")
	created := env.Step(body)
	created.ConfigPlanChecks = acctest.Planned(mail, plancheck.ResourceActionCreate)
	again := env.Step(body)
	again.Taint = []string{"terraform_data.one"}
	again.ConfigPlanChecks = acctest.Planned(mail, plancheck.ResourceActionUpdate)
	env.Test(created, again)
}

// At apply, Terraform validates the configuration again, with the values that were unknown at plan.
func TestDynamicBlockThatBecomesAbsentIsError(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	step := env.Step(later + dynamicMail("terraform_data.none.output", ""))
	step.ExpectError = acctest.MatchText("A Connection Needs Exactly One Target System", "Add the block of a target system")
	env.Test(step)
	env.ExpectNoConnections()
}

// Terraform rejects a planned block that is absent at apply, and calls it a bug of the provider.
func TestUnknownChoiceOfSystemFailsPlan(t *testing.T) {
	t.Parallel()
	const crm = `
  dynamic "salesforce" {
    for_each = terraform_data.none.output
    content {
      username         = "riva@example.com"
      client_id        = "x"
      client_secret_wo = var.password
    }
  }
`
	for name, forEach := range map[string]string{"both unknown": "terraform_data.one.output", "one unknown": "[1]"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := acctest.New(t).Command(later + dynamicMail(forEach, crm))
			c.Must("validate")
			out, err := c.Run("plan")
			if err == nil {
				t.Error("no error")
			}
			acctest.ExpectOutput(t, out, "The Target System Must Be Known at Plan", "known only after apply", "-target")
			c.Must("apply", "-auto-approve", "-target=terraform_data.one", "-target=terraform_data.none")
			c.Must("apply", "-auto-approve")
		})
	}
}

func TestEphemeralElementsOfADynamicBlockAreTerraformsError(t *testing.T) {
	t.Parallel()
	out, err := acctest.New(t).Command(dynamicMail("var.password == null ? [] : [1]", "")).Run("plan")
	if err == nil {
		t.Error("no error")
	}
	acctest.ExpectOutput(t, out, "Error:", "ephemeral value") // Terraform and OpenTofu have different titles
}

// Terraform does not look into dynamic blocks, so the text of an error has to name the setting.
func TestErrorsOfDynamicBlocksNameTheSetting(t *testing.T) {
	t.Parallel()
	c := acctest.New(t).Command(dynamicMail("[1]", ""))
	c.Env = append(c.Env, "TF_VAR_password=wrong")
	out, err := c.Run("apply", "-auto-approve")
	if err == nil {
		t.Error("no error")
	}
	acctest.ExpectOutput(t, out, fmt.Sprintf("on main.tf line %d", line(t, c, `resource "riva_connection"`)),
		"Attribute: exchange.password_wo")
}
