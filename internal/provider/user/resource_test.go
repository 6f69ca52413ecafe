package user_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

const address = "riva_user.ada"

// ada is a user with further attributes. The address is quoted without escaping, since it can have Terraform's escapes.
func ada(email, more string) string {
	return "resource \"riva_user\" \"ada\" {\n  email = \"" + email + "\"\n  " + more + "\n}\n"
}

func TestUserIsCreatedImportedChangedAndDeleted(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	created := env.Step(ada("Ada@Example.com", `display_name = "Ada"`))
	created.ConfigPlanChecks = acctest.Planned(address, plancheck.ResourceActionCreate)
	created.ConfigStateChecks = []statecheck.StateCheck{
		acctest.Expect(address, "email", knownvalue.StringExact("Ada@Example.com")),
		acctest.Expect(address, "display_name", knownvalue.StringExact("Ada")),
		acctest.Expect(address, "enabled", knownvalue.Bool(true)),
		acctest.Expect(address, "created_at", knownvalue.NotNull()),
		acctest.Expect(address, "last_modified_at", knownvalue.NotNull()),
	}
	byID := resource.TestStep{
		ResourceName: address, ImportState: true, ImportStateVerify: true, ConfigVariables: env.Variables(env.Password()),
	}
	byEmail := byID
	byEmail.ImportStateId = "email=ada@example.com"
	block := byID
	block.ImportStateVerify, block.ImportStateKind = false, resource.ImportBlockWithID
	block.ImportPlanChecks.PreApply = []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, plancheck.ResourceActionNoop)}
	absent := byID
	absent.ImportStateId, absent.ImportStateVerify = "email=unknown@example.com", false
	absent.ExpectError = regexp.MustCompile(`(?s)Cannot Import.*has no\s+user\s+"unknown@example\.com"`)

	changed := env.Step(ada("ada@example.com", "enabled = false"))
	changed.ConfigPlanChecks = acctest.Planned(address, plancheck.ResourceActionUpdate,
		plancheck.ExpectUnknownValue(address, tfjsonpath.New("last_modified_at")),
		plancheck.ExpectKnownValue(address, tfjsonpath.New("id"), knownvalue.NotNull()),
		plancheck.ExpectKnownValue(address, tfjsonpath.New("created_at"), knownvalue.NotNull()),
	)
	changed.ConfigStateChecks = []statecheck.StateCheck{
		acctest.Expect(address, "email", knownvalue.StringExact("ada@example.com")),
		acctest.Expect(address, "display_name", knownvalue.Null()),
		acctest.Expect(address, "enabled", knownvalue.Bool(false)),
	}
	timed := env.Step(ada("ada@example.com", "enabled = false\n  timeouts { read = \"1m\" }"))
	timed.ConfigPlanChecks = acctest.Planned(address, plancheck.ResourceActionUpdate,
		plancheck.ExpectKnownValue(address, tfjsonpath.New("last_modified_at"), knownvalue.NotNull()))
	env.Test(created, byID, byEmail, block, absent, changed, timed)

	left, err := env.Client().Users(t.Context(), api.UserFilter{})
	if err != nil || len(left) != 0 {
		t.Errorf("after destroy there are %d users (error %v), want none", len(left), err)
	}
}

func TestUserDeletedElsewhereIsCreatedAgain(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	again := env.Step(ada("ada@example.com", ""))
	again.PreConfig = func() {
		found, err := env.Client().UserByEmail(t.Context(), "ada@example.com")
		if err != nil {
			t.Fatalf("find the user: %v", err)
		}
		if err := env.Client().DeleteUser(t.Context(), found.ID); err != nil {
			t.Fatalf("delete the user: %v", err)
		}
	}
	again.ConfigPlanChecks = acctest.Planned(address, plancheck.ResourceActionCreate)
	env.Test(env.Step(ada("ada@example.com", "")), again)
}

func TestUserOnOtherControlPlaneIsError(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	right := env.Step(ada("ada@example.com", ""))
	wrong := right
	wrong.Config = strings.Replace(right.Config, env.DataDir, t.TempDir()+"/other", 1)
	wrong.ExpectError = regexp.MustCompile("Wrong Control Plane")
	env.Test(right, wrong, right)
}

func TestUserEmailIsUniqueRegardlessOfLetterCase(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	twice := env.Step(ada("ada@example.com", "") + `
resource "riva_user" "second" {
  email = "ADA@example.com"
}
`)
	twice.ExpectError = acctest.MatchText("Two Resources Create the Same Name", "the email", "regardless of letter case")
	taken := env.Step(ada("ADA@example.com", ""))
	taken.PreConfig = func() { // outside of Terraform
		if _, err := env.Client().CreateUser(t.Context(), api.CreateUser{Email: "ada@example.com"}); err != nil {
			t.Fatal(err)
		}
	}
	taken.ExpectError = regexp.MustCompile(`(?s)The Name Is Already Taken.*email\s+=\s+"ADA@example\.com".*import \{.*riva_user\.`)
	env.Test(twice, taken)
}

func TestUserRejectsInvalidInput(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ email, more, wrong string }{
		"no address":       {"ada", "", `(?s)email must be one email\s+address`},
		"empty":            {"", "", `(?s)email must not be empty`},
		"name and address": {"Ada <ada@example.com>", "", `(?s)email must be one email\s+address`},
		"line break":       {`ada@example.com\nBcc: b@example.com`, "", `(?s)email must not contain control\s+characters`},
		"too long":         {strings.Repeat("a", 250) + "@example.com", "", `at most 254`},
		"201 characters": {
			"ada@example.com", `display_name = "` + strings.Repeat("é", 201) + `"`, `(?s)display_name.*between 1 and\s+200`,
		},
		"control character": {"ada@example.com", `display_name = "A\u0007da"`, `(?s)must not contain control\s+characters`},
		"empty name":        {"ada@example.com", `display_name = ""`, `(?s)display_name.*between 1 and\s+200`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			step := env.Step(ada(test.email, test.more))
			step.PlanOnly, step.ExpectError = true, regexp.MustCompile(test.wrong)
			env.Test(step)
		})
	}
}

func TestTakenEmailHasNoInnerWords(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	c := env.Command(ada("ada@example.com", ""))
	if _, err := env.Client().CreateUser(t.Context(), api.CreateUser{Email: "Ada@example.com"}); err != nil {
		t.Fatal(err)
	}
	out, err := c.Run("apply", "-auto-approve")
	if err == nil || strings.Contains(out, "nsert the user") ||
		!acctest.MatchText("The Name Is Already Taken", `A user named "Ada@example.com" exists already`, "import {").MatchString(out) {
		t.Errorf("got %v and\n%s", err, out)
	}
}
