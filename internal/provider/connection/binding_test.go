package connection_test

import (
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/pemtest"
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

// An authority could read a password that is sent again, so adding one is like another address. Removing one is not.
func TestNewAuthorityNeedsTheSecret(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	usePrivateCA(t, env)
	own, end := env.Exchange.CA(), time.Now().Add(time.Hour)
	other, _ := pemtest.Pair(t, "other", end)
	third, _ := pemtest.Pair(t, "third", end)
	rejected := func(authorities ...string) resource.TestStep {
		step := env.Step(withoutSecret(connectionTrusting("ntlm", authorities...)))
		step.ExpectError = acctest.MatchText("Credentials Required for This Change", "ca_certificate changes", "password_wo")
		return step
	}
	updated := func(body string) resource.TestStep {
		step := env.Step(body + acctest.Check)
		step.ConfigPlanChecks = acctest.Planned(mail, plancheck.ResourceActionUpdate)
		step.ConfigStateChecks = expectTestPassed()
		return step
	}
	env.Test(
		env.Step(connectionTrusting("ntlm", own, other)),
		rejected(own, other, third),
		rejected(own, third),
		updated(withoutSecret(connectionTrusting("ntlm", other, own))),
		updated(withoutSecret(connectionTrusting("ntlm", own))),
		rejected(own, other),
		updated(connectionTrusting("ntlm", own, other)),
	)
}

func TestWeakerSchemeNeedsTheSecret(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	usePrivateCA(t, env)
	own := env.Exchange.CA()
	stronger := env.Step(withoutSecret(connectionTrusting("ntlm", own)) + acctest.Check)
	stronger.ConfigPlanChecks = acctest.Planned(mail, plancheck.ResourceActionUpdate)
	stronger.ConfigStateChecks = expectTestPassed()
	weaker := env.Step(withoutSecret(connectionTrusting("basic", own)))
	weaker.ExpectError = acctest.MatchText("Credentials Required for This Change", "authentication changes", "password_wo")
	unset := env.Step(strings.Replace(withoutSecret(connectionTrusting("ntlm", own)), `authentication = "ntlm"`, "", 1))
	unset.ExpectError = weaker.ExpectError
	env.Test(env.Step(connectionTrusting("basic", own)), stronger, weaker, unset)
	proved := false
	for _, s := range env.Exchange.SignInList() {
		proved = proved || s.Scheme == "NTLM"
		if proved && s.Scheme == "Basic" {
			t.Error("the stored password was sent after a proof of it was enough")
		}
	}
}
