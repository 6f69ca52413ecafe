package entity_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

const mail = "riva_connection.mail"

// allResources is one of each resource.
const allResources = `
resource "riva_sync_policy" "mail" {
  name                = "Mail"
  email_connection_id = riva_connection.mail.id
  enabled             = false
  interval            = "30m"
}

resource "riva_user" "ada" {
  email = "ada@example.com"
}
`

func TestTerraformStoresAndImportsIdentities(t *testing.T) {
	t.Parallel()
	acctest.RequireVersion(t, tfversion.SkipBelow(tfversion.Version1_12_0))
	env := acctest.New(t)
	all := []string{mail, "riva_sync_policy.mail", "riva_user.ada"}
	var same []statecheck.StateCheck
	for _, address := range all {
		same = append(same, statecheck.ExpectIdentityValueMatchesState(address, tfjsonpath.New("id")))
	}
	created := env.Step(acctest.Mail("") + allResources)
	created.ConfigStateChecks = same
	changed := env.Step(acctest.Mail(`deletion_policy = "abandon"`) + allResources)
	changed.ConfigStateChecks = same
	changed.ConfigPlanChecks = acctest.Planned(mail, plancheck.ResourceActionUpdate)
	steps := []resource.TestStep{created, changed, env.Step(acctest.Mail("") + allResources)}
	for _, address := range all {
		steps = append(steps, resource.TestStep{
			ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity,
			ConfigVariables: env.Variables(env.Password()),
		})
	}
	env.Test(steps...)
}
