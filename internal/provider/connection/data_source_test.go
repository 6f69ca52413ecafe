package connection_test

import (
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

func TestDataSourcesShowVolatileAttributes(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	body := acctest.Mail("") + policy + `
data "riva_connection" "by_id" {
  id         = riva_connection.mail.id
  depends_on = [riva_sync_policy.mail]
}

data "riva_connection" "by_name" {
  name       = "EXCHANGE"
  depends_on = [riva_sync_policy.mail]
}

data "riva_connections" "working" {
  status     = "working"
  system     = "exchange"
  depends_on = [riva_sync_policy.mail]
}

data "riva_connections" "crm" {
  kind       = "crm"
  depends_on = [riva_sync_policy.mail]
}
`
	const byID, byName = "data.riva_connection.by_id", "data.riva_connection.by_name"
	fresh := env.Step(body)
	fresh.ConfigStateChecks = []statecheck.StateCheck{
		acctest.Expect(byID, "name", knownvalue.StringExact("Exchange")),
		acctest.Expect(byName, "status", knownvalue.StringExact("working")),
		acctest.Expect(byName, "settings", knownvalue.MapExact(map[string]knownvalue.Check{
			"ews_url":  knownvalue.StringExact(env.Exchange.URL()),
			"username": knownvalue.StringExact(env.Exchange.Service().Email),
		})),
		acctest.Expect(byID, "fault", knownvalue.Null()),
		acctest.Expect(byID, "first_used_at", knownvalue.Null()),
		acctest.Expect(byID, "policies", knownvalue.ListPartial(map[int]knownvalue.Check{
			0: knownvalue.ObjectPartial(map[string]knownvalue.Check{"name": knownvalue.StringExact("Every day")}),
		})),
		acctest.Expect("data.riva_connections.working", "connections", knownvalue.ListSizeExact(1)),
		acctest.Expect("data.riva_connections.crm", "connections", knownvalue.ListExact([]knownvalue.Check{
			knownvalue.ObjectPartial(map[string]knownvalue.Check{"name": knownvalue.StringExact("Salesforce")}),
		})),
	}
	used := env.Step(body)
	used.PreConfig = func() { env.RunCycle("Every day") }
	used.ConfigStateChecks = []statecheck.StateCheck{
		acctest.Expect(byID, "first_used_at", knownvalue.NotNull()),
		acctest.Expect(byID, "deletable", knownvalue.Bool(false)),
		acctest.Expect(byID, "not_deletable_reason", knownvalue.NotNull()),
	}
	env.Test(fresh, used, env.Step(removedMail))
}

func TestConnectionTestReturnsFault(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	body := acctest.Mail("credentials_wo_version = 1") + `
data "riva_connection_test" "mail" {
  connection_id = riva_connection.mail.id
  depends_on    = [riva_connection.mail]
}

data "riva_connection_test" "calendar" {
  connection_id = riva_connection.mail.id
  account       = "user"
  user_email    = var.username
  test          = "calendar"
  depends_on    = [riva_connection.mail]
}
`
	const general, calendar = "data.riva_connection_test.mail", "data.riva_connection_test.calendar"
	good := env.Step(body)
	good.ConfigStateChecks = []statecheck.StateCheck{
		acctest.Expect(general, "passed", knownvalue.Bool(true)),
		acctest.Expect(general, "report", knownvalue.StringExact("The general test passed for the service account, signed in as "+
			env.Exchange.Service().Email+".")),
		acctest.Expect(general, "account", knownvalue.StringExact("service_account")),
		acctest.Expect(general, "test", knownvalue.StringExact("general")),
		acctest.Expect(general, "identity", knownvalue.ObjectPartial(map[string]knownvalue.Check{
			"username": knownvalue.StringExact(env.Exchange.Service().Email),
		})),
		acctest.Expect(calendar, "passed", knownvalue.Bool(true)),
		acctest.Expect(calendar, "checks", knownvalue.ListPartial(map[int]knownvalue.Check{
			0: knownvalue.ObjectPartial(map[string]knownvalue.Check{
				"name": knownvalue.StringExact("sign_in"), "passed": knownvalue.Bool(true),
			}),
		})),
	}
	rejected := env.Step(body)
	rejected.PreConfig = func() { env.SetPassword(acctest.NewPassword) }
	rejected.ConfigStateChecks = []statecheck.StateCheck{
		acctest.Expect(general, "passed", knownvalue.Bool(false)),
		acctest.Expect(general, "summary", knownvalue.StringExact(target.GivenCredentials.Title())),
		acctest.Expect(general, "report", knownvalue.StringRegexp(regexp.MustCompile(`^Cannot Connect to the Target System with Given `+
			`Credentials\n\nReason: .+ 401 Unauthorized with an empty response\.\n\nWhat to do next:\n(\d\. .+\n)+`+
			`\d\. Set the right password .+$`))),
		acctest.Expect(general, "fault", knownvalue.ObjectPartial(map[string]knownvalue.Check{
			"code": knownvalue.StringExact("given_credentials"),
			"help": knownvalue.ListPartial(map[int]knownvalue.Check{0: knownvalue.NotNull()}),
		})),
	}
	env.Test(good, rejected)
}

func TestInvalidConnectionTestIsError(t *testing.T) {
	t.Parallel()
	const missing = `connection_id = "` + acctest.UnknownID + `"`
	for name, c := range map[string]struct {
		body string
		want []string
	}{
		"no such connection": {
			body: missing,
			want: []string{"Not Found", "has no connection", "riva_connections lists"},
		},
		"the id of a policy": {
			body: "connection_id = riva_sync_policy.other.id",
			want: []string{"Not Found", `is the id of the sync policy "Other"`, "connection_id must be the id of a connection"},
		},
		"no id": {
			body: `connection_id = ""`,
			want: []string{"Invalid Value", "connection_id must be the id of a connection"},
		},
		"a user without an address": {
			body: missing + "\naccount = \"user\"",
			want: []string{"Invalid Value", "user_email"},
		},
		"an address without a user": {
			body: missing + "\nuser_email = \"ada@example.com\"",
			want: []string{"Invalid Value", `account = "user"`},
		},
		"an unknown test": {
			body: missing + "\ntest = \"telepathy\"",
			want: []string{"test", "telepathy"},
		},
		"a test of CRMs": {
			body: "connection_id = riva_connection.mail.id\ntest = \"metadata\"",
			want: []string{"metadata"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t).Made()
			const other = "resource \"riva_sync_policy\" \"other\" {\n  name     = \"Other\"\n  enabled  = false\n  interval = \"1h\"\n}\n"
			step := env.Step(acctest.Mail("") + other + "\ndata \"riva_connection_test\" \"mail\" {\n" + c.body + "\n}\n")
			step.ExpectError = acctest.MatchText(c.want...)
			env.Test(step)
		})
	}
}

func TestMissingConnectionLookup(t *testing.T) {
	t.Parallel()
	env := acctest.New(t).Made()
	env.Test(
		resource.TestStep{
			Config:          env.Config(`data "riva_connection" "mail" { name = "Nobody" }`),
			ConfigVariables: env.Variables(""), PlanOnly: true,
			ExpectError: acctest.MatchText("Not Found", `no connection "Nobody"`, "It has none yet"),
		},
		resource.TestStep{
			Config:          env.Config(`data "riva_connection" "mail" { id = "" }`),
			ConfigVariables: env.Variables(""), PlanOnly: true,
			ExpectError: acctest.MatchText("Invalid Value", "id must be the id of a connection"),
		},
		resource.TestStep{
			Config:          env.Config(`data "riva_connection" "mail" { id = "../users" }`),
			ConfigVariables: env.Variables(""), PlanOnly: true, ExpectError: acctest.MatchText("Invalid Value", `"../users" is not an id`),
		},
		resource.TestStep{
			Config:          env.Config(`data "riva_connection" "mail" { name = "" }`),
			ConfigVariables: env.Variables(""), PlanOnly: true, ExpectError: acctest.MatchText("between 1 and 200"),
		},
		resource.TestStep{
			Config:          env.Config(`data "riva_connection" "mail" {}`),
			ConfigVariables: env.Variables(""), PlanOnly: true, ExpectError: acctest.MatchText("Missing Attribute Configuration"),
		},
	)
}
