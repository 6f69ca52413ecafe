package connection_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

func TestRotationIsNoticedAndCheckedInOneApply(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	body := env.Config(acctest.Mail("") + acctest.Check)
	env.Test(env.Step(acctest.Mail("")+acctest.Check), resource.TestStep{
		PreConfig: func() { env.SetPassword(acctest.NewPassword) },
		Config:    body, ConfigVariables: env.Variables(acctest.NewPassword),
		ConfigPlanChecks: acctest.Planned(mail, plancheck.ResourceActionUpdate,
			plancheck.ExpectUnknownValue(mail, tfjsonpath.New("credentials_updated_at"))),
		ConfigStateChecks: expectTestPassed(),
	})
}

func TestRejectedRotationKeepsCredentials(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	wrong := resource.TestStep{
		Config: env.Config(acctest.Mail("")), ConfigVariables: env.Variables("wrong"),
		ExpectError: acctest.MatchText(target.GivenCredentials.Title(), "what was stored before stays in force"),
	}
	again := env.Step(acctest.Mail("") + acctest.Check)
	again.ConfigPlanChecks = acctest.Planned(mail, plancheck.ResourceActionNoop)
	again.ConfigStateChecks = expectTestPassed()
	env.Test(env.Step(acctest.Mail("")), wrong, again)
}

func TestRotationWhileTheTargetIsDownStoresNothing(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	down := resource.TestStep{
		PreConfig: func() {
			if err := env.Exchange.Down(); err != nil {
				t.Fatal(err)
			}
		},
		Config: env.Config(acctest.Mail("")), ConfigVariables: env.Variables(acctest.NewPassword),
		ExpectError: acctest.MatchText(target.SystemNotAvailable.Title(),
			"what was stored before stays in force", "Attribute: exchange.ews_url"),
	}
	up := env.Step(acctest.Mail("") + acctest.Check)
	up.PreConfig = func() {
		if err := env.Exchange.Up(); err != nil {
			t.Fatal(err)
		}
	}
	up.ConfigPlanChecks = acctest.Planned(mail, plancheck.ResourceActionNoop)
	up.ConfigStateChecks = expectTestPassed()
	env.Test(env.Step(acctest.Mail("")), down, up)
}

func TestRenameTogetherWithARotation(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.Test(env.Step(acctest.Mail("")), resource.TestStep{
		PreConfig: func() { env.SetPassword(acctest.NewPassword) },
		Config:    env.Config(strings.ReplaceAll(acctest.Mail(""), `"Exchange"`, `"Mail"`) + acctest.Check),

		ConfigVariables:  env.Variables(acctest.NewPassword),
		ConfigPlanChecks: acctest.Planned(mail, plancheck.ResourceActionUpdate),
		ConfigStateChecks: append(expectTestPassed(),
			statecheck.ExpectKnownValue(mail, tfjsonpath.New("name"), knownvalue.StringExact("Mail"))),
	})
}

func TestCredentialsVersionTriggersUpdate(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	first := env.Step(acctest.Mail("credentials_wo_version = 1"))
	first.ConfigPlanChecks = acctest.Planned(mail, plancheck.ResourceActionUpdate,
		plancheck.ExpectKnownValue(mail, tfjsonpath.New("credentials_updated_at"), knownvalue.NotNull()),
		plancheck.ExpectKnownValue(mail, tfjsonpath.New("last_modified_at"), knownvalue.NotNull()))
	ignored := resource.TestStep{
		Config: env.Config(acctest.Mail("credentials_wo_version = 1")), ConfigVariables: env.Variables("not looked at"),
		ConfigPlanChecks: acctest.Planned(mail, plancheck.ResourceActionNoop),
	}
	bumped := resource.TestStep{
		PreConfig: func() { env.SetPassword(acctest.NewPassword) },
		Config:    env.Config(acctest.Mail("credentials_wo_version = 2") + acctest.Check),

		ConfigVariables:   env.Variables(acctest.NewPassword),
		ConfigPlanChecks:  acctest.Planned(mail, plancheck.ResourceActionUpdate),
		ConfigStateChecks: expectTestPassed(),
	}
	nothingToSend := resource.TestStep{
		Config: env.Config(strings.ReplaceAll(
			acctest.Mail("credentials_wo_version = 3"), "password_wo = var.password", "")),
		ConfigVariables: env.Variables(acctest.NewPassword),
		ExpectError:     acctest.MatchText("credentials_wo_version Changed Without Credentials", "password_wo"),
	}
	env.Test(env.Step(acctest.Mail("")), first, ignored, bumped, nothingToSend)
}

func TestUnknownSecretIsSentOnlyIfItDiffers(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	body := `
variable "plain" {
  type = string
}

variable "trigger" {
  type = string
}

resource "terraform_data" "password" {
  input            = var.plain
  triggers_replace = var.trigger
}
` + strings.ReplaceAll(acctest.Mail(""), "var.password", "terraform_data.password.output")
	step := func(trigger string) resource.TestStep {
		s := env.Step(body)
		s.ConfigVariables["plain"] = config.StringVariable(env.Password())
		s.ConfigVariables["trigger"] = config.StringVariable(trigger)
		return s
	}
	second := step("two")
	second.ConfigPlanChecks = acctest.Planned(mail, plancheck.ResourceActionUpdate)
	signIns := 0
	second.PreConfig = func() { signIns = len(env.Exchange.SignInList()) }
	env.Test(step("one"), second)
	if now := len(env.Exchange.SignInList()); now != signIns {
		t.Errorf("the same secret, unknown at plan, led to %d sign-ins at apply, want none", now-signIns)
	}
}

func TestBlankedCredentialsAreSentAgain(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	unverified := acctest.Mail("verify_credentials = false")
	again := resource.TestStep{
		PreConfig: func() {
			connections, err := env.Client().Connections(t.Context(), api.ConnectionFilter{})
			if err != nil || len(connections) != 1 {
				t.Fatalf("list the connections: %d, %v", len(connections), err)
			}
			result, err := env.Client().RunTest(t.Context(), connections[0].ID, api.RunTest{})
			if err != nil || result.Passed {
				t.Fatalf("a test with a wrong password passed (%v), error %v", result.Passed, err)
			}
			if found, err := env.Client().Connection(t.Context(), connections[0].ID); err != nil || found.Status != "blank" {
				t.Fatalf("after the rejected first test the status is %q, want blank; error %v", found.Status, err)
			}
			env.SetPassword(acctest.NewPassword)
		},
		Config: env.Config(unverified + acctest.Check), ConfigVariables: env.Variables(acctest.NewPassword),
		ConfigPlanChecks:  acctest.Planned(mail, plancheck.ResourceActionUpdate),
		ConfigStateChecks: expectTestPassed(),
	}
	env.Test(resource.TestStep{Config: env.Config(unverified), ConfigVariables: env.Variables(acctest.NewPassword)}, again)
}

func TestDeletionPolicyChangeMakesNoCall(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	before := ""
	revision := func() int64 {
		connection, err := env.Client().ConnectionByName(t.Context(), "Exchange")
		if err != nil {
			t.Fatal(err)
		}
		before = connection.LastModifiedAt.String()
		return connection.Revision
	}
	var first int64
	change := env.Step(acctest.Mail("deletion_policy = \"abandon\"\ntimeouts { update = \"1m\" }"))
	change.PreConfig = func() { first = revision() }
	change.ConfigPlanChecks = acctest.Planned(mail, plancheck.ResourceActionUpdate)
	back := env.Step(acctest.Mail(""))
	back.PreConfig = func() {
		was := before
		if now := revision(); now != first || was != before {
			t.Errorf("a change of deletion_policy made revision %d of %d and moved last_modified_at from %s to %s",
				now, first, was, before)
		}
	}
	env.Test(env.Step(acctest.Mail("")), change, back)
}
