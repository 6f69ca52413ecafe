package provider_test

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
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

const rotated = "another-correct-horse-1"

// setPassword changes the service account's password in the target system.
func setPassword(t *testing.T, w *acctest.Environment, password string) {
	t.Helper()
	if err := w.Exchange.SetPassword(w.Exchange.Service().Email, password); err != nil {
		t.Fatalf("change the password in the target system: %v", err)
	}
}

// expectTestPassed expects that the connection test of [acctest.Check] passed.
func expectTestPassed() []statecheck.StateCheck {
	return []statecheck.StateCheck{
		statecheck.ExpectKnownValue("data.riva_connection_test.mail", tfjsonpath.New("passed"), knownvalue.Bool(true)),
	}
}

func TestRotationIsNoticedAndCheckedInOneApply(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	body := w.Config(acctest.Mail("") + acctest.Check)
	w.Test(w.Step(acctest.Mail("")+acctest.Check), resource.TestStep{
		PreConfig: func() { setPassword(t, w, rotated) },
		Config:    body, ConfigVariables: w.Variables(rotated),
		ConfigPlanChecks: acctest.Planned(mail, plancheck.ResourceActionUpdate,
			plancheck.ExpectUnknownValue(mail, tfjsonpath.New("credentials_updated_at"))),
		ConfigStateChecks: expectTestPassed(),
	})
}

func TestRejectedRotationKeepsCredentials(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	wrong := resource.TestStep{
		Config: w.Config(acctest.Mail("")), ConfigVariables: w.Variables("wrong"),
		ExpectError: matchText("Cannot Connect to the Target System with Given Credentials", "what was stored before stays in force"),
	}
	again := w.Step(acctest.Mail("") + acctest.Check)
	again.ConfigPlanChecks = acctest.Planned(mail, plancheck.ResourceActionNoop)
	again.ConfigStateChecks = expectTestPassed()
	w.Test(w.Step(acctest.Mail("")), wrong, again)
}

func TestRotationWhileTheTargetIsDownStoresNothing(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	down := resource.TestStep{
		PreConfig: func() {
			if err := w.Exchange.Down(); err != nil {
				t.Fatal(err)
			}
		},
		Config: w.Config(acctest.Mail("")), ConfigVariables: w.Variables(rotated),
		ExpectError: matchText("Cannot Connect to the Target System - System Not Available",
			"what was stored before stays in force", "Attribute: exchange.ews_url"),
	}
	up := w.Step(acctest.Mail("") + acctest.Check)
	up.PreConfig = func() {
		if err := w.Exchange.Up(); err != nil {
			t.Fatal(err)
		}
	}
	up.ConfigPlanChecks = acctest.Planned(mail, plancheck.ResourceActionNoop)
	up.ConfigStateChecks = expectTestPassed()
	w.Test(w.Step(acctest.Mail("")), down, up)
}

func TestRenameTogetherWithARotation(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	w.Test(w.Step(acctest.Mail("")), resource.TestStep{
		PreConfig: func() { setPassword(t, w, rotated) },
		Config:    w.Config(strings.ReplaceAll(acctest.Mail(""), `"Exchange"`, `"Mail"`) + acctest.Check),

		ConfigVariables:  w.Variables(rotated),
		ConfigPlanChecks: acctest.Planned(mail, plancheck.ResourceActionUpdate),
		ConfigStateChecks: append(expectTestPassed(),
			statecheck.ExpectKnownValue(mail, tfjsonpath.New("name"), knownvalue.StringExact("Mail"))),
	})
}

func TestCredentialsVersionTriggersUpdate(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	first := w.Step(acctest.Mail("credentials_wo_version = 1"))
	first.ConfigPlanChecks = acctest.Planned(mail, plancheck.ResourceActionUpdate,
		plancheck.ExpectKnownValue(mail, tfjsonpath.New("credentials_updated_at"), knownvalue.NotNull()),
		plancheck.ExpectKnownValue(mail, tfjsonpath.New("last_modified_at"), knownvalue.NotNull()))
	ignored := resource.TestStep{
		Config: w.Config(acctest.Mail("credentials_wo_version = 1")), ConfigVariables: w.Variables("not looked at"),
		ConfigPlanChecks: acctest.Planned(mail, plancheck.ResourceActionNoop),
	}
	bumped := resource.TestStep{
		PreConfig: func() { setPassword(t, w, rotated) },
		Config:    w.Config(acctest.Mail("credentials_wo_version = 2") + acctest.Check), ConfigVariables: w.Variables(rotated),
		ConfigPlanChecks:  acctest.Planned(mail, plancheck.ResourceActionUpdate),
		ConfigStateChecks: expectTestPassed(),
	}
	nothingToSend := resource.TestStep{
		Config: w.Config(strings.ReplaceAll(
			acctest.Mail("credentials_wo_version = 3"), "password_wo = var.password", "")),
		ConfigVariables: w.Variables(rotated),
		ExpectError:     matchText("credentials_wo_version Changed Without Credentials", "password_wo"),
	}
	w.Test(w.Step(acctest.Mail("")), first, ignored, bumped, nothingToSend)
}

func TestUnknownSecretIsSentOnlyIfItDiffers(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
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
		s := w.Step(body)
		s.ConfigVariables["plain"] = config.StringVariable(w.Password())
		s.ConfigVariables["trigger"] = config.StringVariable(trigger)
		return s
	}
	second := step("two")
	second.ConfigPlanChecks = acctest.Planned(mail, plancheck.ResourceActionUpdate)
	signIns := 0
	second.PreConfig = func() { signIns = len(w.Exchange.SignInList()) }
	w.Test(step("one"), second)
	if now := len(w.Exchange.SignInList()); now != signIns {
		t.Errorf("the same secret, unknown at plan, led to %d sign-ins at apply, want none", now-signIns)
	}
}

func TestBlankedCredentialsAreSentAgain(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	unverified := acctest.Mail("verify_credentials = false")
	again := resource.TestStep{
		PreConfig: func() {
			connections, err := w.Client().Connections(t.Context(), noFilter)
			if err != nil || len(connections) != 1 {
				t.Fatalf("list the connections: %d, %v", len(connections), err)
			}
			result, err := w.Client().RunTest(t.Context(), connections[0].ID, api.RunTest{})
			if err != nil || result.Passed {
				t.Fatalf("a test with a wrong password passed (%v), error %v", result.Passed, err)
			}
			if found, err := w.Client().Connection(t.Context(), connections[0].ID); err != nil || found.Status != "blank" {
				t.Fatalf("after the refused first test the status is %q, want blank; error %v", found.Status, err)
			}
			setPassword(t, w, rotated)
		},
		Config: w.Config(unverified + acctest.Check), ConfigVariables: w.Variables(rotated),
		ConfigPlanChecks:  acctest.Planned(mail, plancheck.ResourceActionUpdate),
		ConfigStateChecks: expectTestPassed(),
	}
	w.Test(resource.TestStep{Config: w.Config(unverified), ConfigVariables: w.Variables(rotated)}, again)
}

func TestDeletionPolicyChangeMakesNoCall(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	before := ""
	revision := func() int64 {
		connection, err := w.Client().ConnectionByName(t.Context(), "Exchange")
		if err != nil {
			t.Fatal(err)
		}
		before = connection.LastModifiedAt.String()
		return connection.Revision
	}
	var first int64
	change := w.Step(acctest.Mail("deletion_policy = \"abandon\"\ntimeouts = { update = \"1m\" }"))
	change.PreConfig = func() { first = revision() }
	change.ConfigPlanChecks = acctest.Planned(mail, plancheck.ResourceActionUpdate)
	back := w.Step(acctest.Mail(""))
	back.PreConfig = func() {
		was := before
		if now := revision(); now != first || was != before {
			t.Errorf("a change of deletion_policy made revision %d of %d and moved last_modified_at from %s to %s",
				now, first, was, before)
		}
	}
	w.Test(w.Step(acctest.Mail("")), change, back)
}
