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
  exchange {
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
