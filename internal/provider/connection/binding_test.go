package connection_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

func withoutSecret(body string) string {
	return strings.ReplaceAll(body, "password_wo = var.password", "")
}

func TestAnotherAddressNeedsTheSecret(t *testing.T) {
	t.Parallel()
	env, elsewhere := acctest.New(t), acctest.New(t)
	moved := strings.ReplaceAll(acctest.Mail(""), "var.url", `"`+elsewhere.Exchange.URL()+`"`)
	rejected := env.Step(withoutSecret(moved))
	rejected.ExpectError = acctest.MatchText("Credentials Required for This Change", "ews_url", "password_wo")
	env.Test(env.Step(acctest.Mail("")), rejected)
	if got := elsewhere.Exchange.SignInList(); len(got) != 0 {
		t.Errorf("%d sign-ins reached the other address, want none", len(got))
	}
}

func TestNewAddressSendsConfiguredSecret(t *testing.T) {
	t.Parallel()
	env, elsewhere := acctest.New(t), acctest.New(t)
	moved := strings.ReplaceAll(acctest.Mail(""), "var.url", `"`+elsewhere.Exchange.URL()+`"`)
	elsewhere.SetPassword(acctest.NewPassword)
	env.Test(env.Step(acctest.Mail("")), resource.TestStep{
		Config: env.Config(moved + acctest.Check), ConfigVariables: env.Variables(acctest.NewPassword),
		ConfigPlanChecks:  acctest.Planned(mail, plancheck.ResourceActionUpdate),
		ConfigStateChecks: expectTestPassed(),
	})
}

func TestEqualAddressNeedsNoSecret(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	spelled := strings.ReplaceAll(acctest.Mail(""), "var.url", `"`+env.Exchange.URL()+`/"`)
	step := env.Step(withoutSecret(spelled))
	step.ConfigPlanChecks = acctest.Planned(mail, plancheck.ResourceActionUpdate)
	env.Test(env.Step(acctest.Mail("")), step)
}
