package synclog_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

const outage = "Cannot Connect to the Target System - System Not Available"

// users are two enabled users, a disabled one, and a policy that checks them: ada before grace.
const users = `
resource "riva_user" "ada" {
  email = "ada@example.com"
}

resource "riva_user" "grace" {
  email      = "grace@example.com"
  depends_on = [riva_user.ada]
}

resource "riva_user" "alan" {
  email   = "alan@example.com"
  enabled = false
}

resource "riva_sync_policy" "mail" {
  name                = "Mail"
  email_connection_id = riva_connection.mail.id
  interval            = "30m"
}
`

// used is the connection, which destroy only removes from the state, since cycles have used it.
var used = acctest.Mail(`deletion_policy = "abandon"`)

// mailOnly is an environment without a CRM, so that each user has one log in a cycle.
func mailOnly(t *testing.T) *acctest.Environment {
	t.Helper()
	env := acctest.New(t)
	env.Systems = []*target.System{exchange.System()}
	return env
}

// logs is a data source with filters.
func logs(name, filters string) string {
	return fmt.Sprintf("data \"riva_sync_logs\" %q {\n  policy_id = riva_sync_policy.mail.id\n  %s\n}\n", name, filters)
}

func log(name string, check knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue("data.riva_sync_logs."+name, tfjsonpath.New("logs"), check)
}

func exactly(checks ...knownvalue.Check) knownvalue.Check { return knownvalue.ListExact(checks) }

// failedLog is a sync log of the outage, with help.
func failedLog(email string) knownvalue.Check {
	return knownvalue.ObjectPartial(map[string]knownvalue.Check{
		"user_email":      knownvalue.StringExact(email),
		"policy_name":     knownvalue.StringExact("Mail"),
		"connection_name": knownvalue.StringExact("Exchange"),
		"passed":          knownvalue.Bool(false),
		"at":              knownvalue.NotNull(),
		"fault": knownvalue.ObjectPartial(map[string]knownvalue.Check{
			"code":    knownvalue.StringExact("system_not_available"),
			"title":   knownvalue.StringExact(outage),
			"message": knownvalue.StringRegexp(regexp.MustCompile(`.`)),
			"help":    knownvalue.ListPartial(map[int]knownvalue.Check{0: knownvalue.StringRegexp(regexp.MustCompile(`Outlook`))}),
		}),
	})
}

func passed(email string) knownvalue.Check {
	return knownvalue.ObjectPartial(map[string]knownvalue.Check{
		"user_email": knownvalue.StringExact(email),
		"passed":     knownvalue.Bool(true),
		"message":    knownvalue.StringRegexp(regexp.MustCompile(`.`)),
		"fault":      knownvalue.Null(),
	})
}

func TestSyncLogsOfASharedOutageAndItsEnd(t *testing.T) {
	t.Parallel()
	env := mailOnly(t)
	body := used + users + logs("all", "") + logs("newest", "limit = 2") + logs("errors", "only_errors = true") +
		logs("ada", `user_email = "ADA@example.com"`) + logs("later", `since = "2100-01-01T00:00:00Z"`) +
		logs("connection", `connection_id = riva_connection.mail.id`)
	before := env.Step(body)
	before.ConfigStateChecks = []statecheck.StateCheck{log("all", knownvalue.ListSizeExact(0))}

	down := env.Step(body)
	down.PreConfig = func() {
		if err := env.Exchange.Down(); err != nil {
			t.Fatalf("take the stand-in down: %v", err)
		}
		env.RunCycle("Mail")
	}
	down.ConfigStateChecks = []statecheck.StateCheck{
		log("all", exactly(failedLog("grace@example.com"), failedLog("ada@example.com"))),
		log("errors", exactly(failedLog("grace@example.com"), failedLog("ada@example.com"))),
		log("ada", exactly(failedLog("ada@example.com"))),
		log("later", knownvalue.ListSizeExact(0)),
		log("connection", knownvalue.ListSizeExact(2)),
	}

	up := env.Step(body)
	up.PreConfig = func() {
		if err := env.Exchange.Up(); err != nil {
			t.Fatalf("bring the stand-in up: %v", err)
		}
		env.RunCycle("Mail")
	}
	up.ConfigStateChecks = []statecheck.StateCheck{
		log("all", exactly(
			passed("grace@example.com"), passed("ada@example.com"), failedLog("grace@example.com"), failedLog("ada@example.com"))),
		log("errors", exactly(failedLog("grace@example.com"), failedLog("ada@example.com"))),
		log("ada", exactly(passed("ada@example.com"), failedLog("ada@example.com"))),
		log("newest", exactly(passed("grace@example.com"), passed("ada@example.com"))),
	}
	env.Test(before, down, up)
}

func TestSyncLogsOfAUserFault(t *testing.T) {
	t.Parallel()
	env := mailOnly(t)
	body := used + users + logs("errors", "only_errors = true") + `
resource "riva_user" "unknown" {
  email = "unknown@example.com"
}
`
	ran := env.Step(body)
	ran.PreConfig = func() { env.RunCycle("Mail") }
	ran.ConfigStateChecks = []statecheck.StateCheck{log("errors", exactly(knownvalue.ObjectPartial(map[string]knownvalue.Check{
		"user_email": knownvalue.StringExact("unknown@example.com"),
		"fault":      knownvalue.ObjectPartial(map[string]knownvalue.Check{"code": knownvalue.StringExact("user_not_found")}),
	})))}
	env.Test(env.Step(body), ran)
}

func TestSyncLogsRejectInvalidFilters(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ filters, wrong string }{
		"limit of zero": {`limit = 0`, `(?s)limit.*between 1 and\s+1000`},
		"limit of 1001": {`limit = 1001`, `(?s)limit.*between 1 and\s+1000`},
		"invalid since": {`since = "yesterday"`, `(?i)RFC\s?3339`},
		"invalid email": {`user_email = "ada"`, `(?s)user_email must be one\s+email\s+address`},
		"empty policy":  {`policy_id = ""`, `policy_id`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			step := env.Step("data \"riva_sync_logs\" \"all\" {\n  " + test.filters + "\n}\n")
			step.PlanOnly, step.ExpectError = true, regexp.MustCompile(test.wrong)
			env.Test(step)
		})
	}
}
