package connection_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// pastTests is the data source with filters.
func pastTests(name, filters string) string {
	return fmt.Sprintf("data \"riva_connection_tests\" %q {\n  connection_id = riva_connection.mail.id\n  %s\n}\n", name, filters)
}

func expectTests(name string, checks ...knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue("data.riva_connection_tests."+name, tfjsonpath.New("tests"), knownvalue.ListExact(checks))
}

func TestConnectionTestsAreHistory(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	body := acctest.Mail("") + pastTests("all", "") + pastTests("newest", "limit = 1") + pastTests("passed", "passed = true") +
		pastTests("failed", "passed = false")
	create := knownvalue.ObjectPartial(map[string]knownvalue.Check{
		"id": knownvalue.NotNull(), "account": knownvalue.StringExact("service_account"), "user_email": knownvalue.Null(),
		"test": knownvalue.StringExact("general"), "passed": knownvalue.Bool(true), "fault": knownvalue.Null(),
		"tested_at": knownvalue.NotNull(), "identity": knownvalue.NotNull(), "remembered": knownvalue.Bool(false),
	})
	failed := knownvalue.ObjectPartial(map[string]knownvalue.Check{
		"account": knownvalue.StringExact("user"), "user_email": knownvalue.StringExact("unknown@example.com"),
		"test": knownvalue.StringExact("calendar"), "passed": knownvalue.Bool(false),
		"fault":  knownvalue.ObjectPartial(map[string]knownvalue.Check{"code": knownvalue.StringExact("user_not_found")}),
		"checks": knownvalue.ListPartial(map[int]knownvalue.Check{0: knownvalue.NotNull()}),
	})
	first := env.Step(body)
	first.ConfigStateChecks = []statecheck.StateCheck{
		expectTests("all", create), expectTests("passed", create), expectTests("failed"),
	}
	later := env.Step(body)
	later.PreConfig = func() {
		client := env.Client()
		c, err := client.ConnectionByName(t.Context(), "Exchange")
		if err != nil {
			t.Fatal(err)
		}
		in := api.RunTest{Account: "user", Test: "calendar", UserEmail: "unknown@example.com"}
		if _, err := client.RunTest(t.Context(), c.ID, in); err != nil {
			t.Fatal(err)
		}
	}
	later.ConfigStateChecks = []statecheck.StateCheck{
		expectTests("all", failed, create), expectTests("newest", failed), expectTests("passed", create), expectTests("failed", failed),
	}
	env.Test(first, later)
}

func TestConnectionTestsRejectInvalidInput(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ body, wrong string }{
		"unknown connection": {`connection_id = "0192f0c1-7c5e-7b1a-9a52-6f0e4f6a9d10"`, `has no connection`},
		"invalid id":         {`connection_id = "Exchange"`, `connection_id`},
		"limit of 101": {
			"connection_id = \"0192f0c1-7c5e-7b1a-9a52-6f0e4f6a9d10\"\n  limit = 101", `(?s)limit.*between 1 and\s+100`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t).Made()
			step := env.Step("data \"riva_connection_tests\" \"all\" {\n  " + test.body + "\n}\n")
			step.PlanOnly, step.ExpectError = true, regexp.MustCompile(test.wrong)
			env.Test(step)
		})
	}
}
