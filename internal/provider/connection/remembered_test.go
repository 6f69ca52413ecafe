package connection_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// notContactedText is the text of a diagnostic about a remembered fault.
const notContactedText = "The target system was not called again"

func TestThirdRejectedCreateMakesNoCall(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	rejected := resource.TestStep{
		Config: env.Config(acctest.Mail("")), ConfigVariables: env.Variables("wrong"),
		ExpectError: acctest.MatchText(target.GivenCredentials.Title()),
	}
	remembered := rejected
	remembered.ExpectError = acctest.MatchText(target.GivenCredentials.Title(), notContactedText)
	right := env.Step(acctest.Mail(""))
	right.PreConfig = func() {
		if got := env.Exchange.SignIns().Attempts; got != 2 {
			t.Errorf("%d of three attempts with the same wrong password reached the target, want 2", got)
		}
		env.ExpectNoConnections()
	}
	env.Test(rejected, rejected, remembered, right)
}

func TestThirdRejectedRotationMakesNoCall(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	rejected := resource.TestStep{
		Config: env.Config(acctest.Mail("")), ConfigVariables: env.Variables("wrong"),
		ExpectError: acctest.MatchText(target.GivenCredentials.Title(), "what was stored before stays in force"),
	}
	first := rejected
	first.PreConfig = env.Exchange.Forget
	remembered := rejected
	remembered.ExpectError = acctest.MatchText(target.GivenCredentials.Title(), notContactedText)
	working := env.Step(acctest.Mail("") + acctest.Check)
	working.PreConfig = func() {
		if got := env.Exchange.SignIns().Attempts; got != 2 {
			t.Errorf("%d of three rotations to the same wrong password reached the target, want 2", got)
		}
	}
	working.ConfigPlanChecks = acctest.Planned(mail, plancheck.ResourceActionNoop)
	working.ConfigStateChecks = expectTestPassed()
	env.Test(env.Step(acctest.Mail("")), first, rejected, remembered, working)
}

func TestConnectionTestReportsRemembered(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	const test = "data.riva_connection_test.mail"
	// The check runs at plan and at apply of each step, so that two steps are more than two attempts.
	rejected := env.Step(acctest.Mail("credentials_wo_version = 1") + acctest.Check)
	rejected.PreConfig = func() {
		env.SetPassword(acctest.NewPassword)
		env.Exchange.Forget()
	}
	remembered := env.Step(acctest.Mail("credentials_wo_version = 1") + acctest.Check)
	remembered.ConfigStateChecks = []statecheck.StateCheck{
		acctest.Expect(test, "passed", knownvalue.Bool(false)),
		acctest.Expect(test, "remembered", knownvalue.Bool(true)),
		acctest.Expect(test, "fault", knownvalue.ObjectPartial(map[string]knownvalue.Check{
			"title": knownvalue.StringExact(target.GivenCredentials.Title()),
		})),
	}
	env.Test(env.Step(acctest.Mail("credentials_wo_version = 1")), rejected, remembered)
	if got := env.Exchange.SignIns().Rejected; got != 2 {
		t.Errorf("%d tests with the rejected password reached the target, want 2", got)
	}
}
