package provider_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

func TestSettingsThatAreUnknownAtPlan(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
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
	// Replacing what the settings come from makes them unknown once more; they turn out to be the same.
	again := w.Step(body)
	again.Taint = []string{"terraform_data.settings"}
	again.ConfigPlanChecks = acctest.Planned(mail, plancheck.ResourceActionUpdate)
	w.Test(w.Step(body), again)
}

func TestWholeAttributeThatIsUnknownAtPlan(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	step := w.Step(`
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
	w.Test(step)
}
