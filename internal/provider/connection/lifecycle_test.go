package connection_test

import (
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

func TestConnectionIsCreatedRenamedAndDeleted(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	created := env.Step(acctest.Mail("") + acctest.Check)
	created.ConfigStateChecks = []statecheck.StateCheck{
		statecheck.ExpectKnownValue(mail, tfjsonpath.New("name"), knownvalue.StringExact("Exchange")),
		statecheck.ExpectKnownValue(mail, tfjsonpath.New("system"), knownvalue.StringExact("exchange")),
		statecheck.ExpectKnownValue(mail, tfjsonpath.New("kind"), knownvalue.StringExact("email")),
		statecheck.ExpectKnownValue(mail, tfjsonpath.New("verify_credentials"), knownvalue.Bool(true)),
		statecheck.ExpectKnownValue(mail, tfjsonpath.New("deletion_policy"), knownvalue.StringExact("delete")),
		statecheck.ExpectKnownValue(mail, tfjsonpath.New("created_at"), knownvalue.NotNull()),
		statecheck.ExpectKnownValue(mail, tfjsonpath.New("credentials_updated_at"), knownvalue.NotNull()),
		statecheck.ExpectKnownValue(mail, tfjsonpath.New("metadata_refreshed_at"), knownvalue.Null()),
		statecheck.ExpectKnownValue(mail, tfjsonpath.New("exchange"), knownvalue.ObjectPartial(map[string]knownvalue.Check{
			"ews_url": knownvalue.StringExact(env.Exchange.URL()), "password_wo": knownvalue.Null(),
		})),
		statecheck.ExpectKnownValue("data.riva_connection_test.mail", tfjsonpath.New("passed"), knownvalue.Bool(true)),
	}
	byID := resource.TestStep{
		ResourceName: mail, ImportState: true, ImportStateVerify: true,
		ConfigVariables: env.Variables(env.Password()),
	}
	byName := byID
	byName.ImportStateId = "name=exchange"
	absent := byID
	absent.ImportStateId, absent.ImportStateVerify = "name=Nobody", false
	absent.ExpectError = regexp.MustCompile(`(?s)Cannot Import.*has no\s+connection "Nobody"\.\s+Those\s+that\s+exist: "Exchange"`)
	renamed := env.Step(regexp.MustCompile(`"Exchange"`).ReplaceAllString(acctest.Mail(""), `"Mail"`))
	renamed.ConfigPlanChecks = acctest.Planned(mail, plancheck.ResourceActionUpdate,
		plancheck.ExpectUnknownValue(mail, tfjsonpath.New("last_modified_at")),
		plancheck.ExpectUnknownValue(mail, tfjsonpath.New("credentials_updated_at")),
		plancheck.ExpectKnownValue(mail, tfjsonpath.New("id"), knownvalue.NotNull()),
		plancheck.ExpectKnownValue(mail, tfjsonpath.New("created_at"), knownvalue.NotNull()),
	)
	env.Test(created, byID, byName, absent, renamed)

	left, err := env.Client().Connections(t.Context(), api.ConnectionFilter{})
	if err != nil || len(left) != 0 {
		t.Errorf("after destroy there are %d connections (error %v), want none", len(left), err)
	}
}
