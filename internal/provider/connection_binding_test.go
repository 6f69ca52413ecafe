package provider_test

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
	w, elsewhere := acctest.New(t), acctest.New(t)
	moved := strings.ReplaceAll(acctest.Mail(""), "var.url", `"`+elsewhere.Exchange.URL()+`"`)
	refused := w.Step(withoutSecret(moved))
	refused.ExpectError = matchText("Stored Credentials Belong to Where They Were Given For", "ews_url", "password_wo")
	w.Test(w.Step(acctest.Mail("")), refused)
	if got := elsewhere.Exchange.SignInList(); len(got) != 0 {
		t.Errorf("%d sign-ins reached the other address, want none", len(got))
	}
}

func TestNewAddressSendsConfiguredSecret(t *testing.T) {
	t.Parallel()
	w, elsewhere := acctest.New(t), acctest.New(t)
	moved := strings.ReplaceAll(acctest.Mail(""), "var.url", `"`+elsewhere.Exchange.URL()+`"`)
	setPassword(t, elsewhere, rotated)
	w.Test(w.Step(acctest.Mail("")), resource.TestStep{
		Config: w.Config(moved + acctest.Check), ConfigVariables: w.Variables(rotated),
		ConfigPlanChecks:  acctest.Planned(mail, plancheck.ResourceActionUpdate),
		ConfigStateChecks: expectTestPassed(),
	})
}

func TestEqualAddressNeedsNoSecret(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	spelled := strings.ReplaceAll(acctest.Mail(""), "var.url", `"`+w.Exchange.URL()+`/"`)
	step := w.Step(withoutSecret(spelled))
	step.ConfigPlanChecks = acctest.Planned(mail, plancheck.ResourceActionUpdate)
	w.Test(w.Step(acctest.Mail("")), step)
}
