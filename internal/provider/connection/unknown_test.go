package connection_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

func TestSettingsThatAreUnknownAtPlan(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	body := `
resource "terraform_data" "settings" {
  input = { url = var.url, username = var.username, name = "Exchange" }
}

resource "riva_connection" "mail" {
  name = terraform_data.settings.output.name
  exchange = {
    ews_url     = terraform_data.settings.output.url
    username    = terraform_data.settings.output.username
    password_wo = var.password
  }
}
`
	// Replacing the source of the settings makes them unknown again. They become the same.
	again := env.Step(body)
	again.Taint = []string{"terraform_data.settings"}
	again.ConfigPlanChecks = acctest.Planned(mail, plancheck.ResourceActionUpdate)
	env.Test(env.Step(body), again)
}

func TestWholeAttributeThatIsUnknownAtPlan(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	step := env.Step(`
resource "terraform_data" "exchange" {
  input = {
    ews_url        = var.url
    username       = var.username
    password_wo    = nonsensitive(var.plain)
    authentication = null
    mailbox        = null
    ca_certificate = null
  }
}

variable "plain" {
  type = string
}

resource "riva_connection" "mail" {
  name     = "Exchange"
  exchange = terraform_data.exchange.output
}
`)
	step.ConfigVariables["plain"] = step.ConfigVariables["password"]
	env.Test(step)
}

// At apply, Terraform validates the configuration again, with the values that were unknown at plan.
func TestUnknownAttributeThatBecomesNullIsError(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	step := env.Step(`
resource "terraform_data" "exchange" {
  input = null
}

resource "riva_connection" "mail" {
  name     = "Exchange"
  exchange = terraform_data.exchange.id == "" ? { ews_url = var.url, username = var.username } : null
}
`)
	step.ExpectError = acctest.MatchText("A Connection Needs Exactly One Target System", "Set one of")
	env.Test(step)
	env.ExpectNoConnections()
}
