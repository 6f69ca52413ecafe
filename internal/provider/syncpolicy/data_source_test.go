package syncpolicy_test

import (
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

const (
	byID   = "data.riva_sync_policy.by_id"
	byName = "data.riva_sync_policy.by_name"
	outage = "Cannot Connect to the Target System - System Not Available"
)

// looked is the usual policy, looked up in both ways.
func looked() string {
	const abandon = `deletion_policy = "abandon"`
	return acctest.Mail(abandon) + acctest.CRM(acctest.JWTBearer, abandon) + `
resource "riva_user" "ada" {
  email = "ada@example.com"
}

resource "riva_sync_policy" "mail" {
  name                = "Mail"
  crm_connection_id   = riva_connection.crm.id
  email_connection_id = riva_connection.mail.id
  interval            = "1h"
}

data "riva_sync_policy" "by_id" {
  id = riva_sync_policy.mail.id
}

data "riva_sync_policy" "by_name" {
  name       = "mail"
  depends_on = [riva_sync_policy.mail]
}
`
}

func lastCycle(source string, check knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(source, tfjsonpath.New("last_cycle"), check)
}

func TestPolicyIsLookedUpWithItsLastCycle(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	never := env.Step(looked())
	never.ConfigStateChecks = []statecheck.StateCheck{
		lastCycle(byID, knownvalue.Null()),
		lastCycle(byName, knownvalue.Null()),
		statecheck.ExpectKnownValue(byName, tfjsonpath.New("name"), knownvalue.StringExact("Mail")),
	}
	for _, attribute := range []string{
		"id", "name", "crm_connection_id", "email_connection_id", "enabled", "interval", "created_at", "last_modified_at",
	} {
		at := tfjsonpath.New(attribute)
		never.ConfigStateChecks = append(never.ConfigStateChecks,
			statecheck.CompareValuePairs(address, at, byID, at, compare.ValuesSame()),
			statecheck.CompareValuePairs(byID, at, byName, at, compare.ValuesSame()))
	}

	down := env.Step(looked())
	down.PreConfig = func() {
		if err := env.Exchange.Down(); err != nil {
			t.Fatalf("take the stand-in down: %v", err)
		}
		env.RunCycle("Mail")
	}
	down.ConfigStateChecks = []statecheck.StateCheck{lastCycle(byID, knownvalue.ObjectPartial(map[string]knownvalue.Check{
		"state":        knownvalue.StringExact("finished"),
		"started_at":   knownvalue.NotNull(),
		"finished_at":  knownvalue.NotNull(),
		"users_total":  knownvalue.Int64Exact(1),
		"users_faulty": knownvalue.Int64Exact(1),
		"fault": knownvalue.ObjectPartial(map[string]knownvalue.Check{
			"code": knownvalue.StringExact("system_not_available"), "title": knownvalue.StringExact(outage),
		}),
	}))}

	up := env.Step(looked())
	up.PreConfig = func() {
		if err := env.Exchange.Up(); err != nil {
			t.Fatalf("bring the stand-in up: %v", err)
		}
		env.RunCycle("Mail")
	}
	up.ConfigStateChecks = []statecheck.StateCheck{lastCycle(byName, knownvalue.ObjectPartial(map[string]knownvalue.Check{
		"users_faulty": knownvalue.Int64Exact(0), "fault": knownvalue.Null(),
	}))}
	env.Test(never, down, up)
}

func TestPolicyLookupRejectsInvalidInput(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ attributes, wrong string }{
		"neither":      {``, `(?s)Exactly\s+one\s+of`},
		"both":         {"id = \"0192f0c1-8d11-7c55-8f0e-2b9d1d0c7a41\"\n name = \"Mail\"", `(?s)Exactly\s+one\s+of`},
		"empty name":   {`name = ""`, `name`},
		"empty id":     {`id = ""`, `(?s)Invalid Value.*""\s+is\s+not\s+an\s+id`},
		"unknown id":   {`id = "0192f0c1-8d11-7c55-8f0e-2b9d1d0c7a41"`, `(?s)Not Found.*riva_sync_policy\s+finds\s+one\s+by\s+name`},
		"unknown name": {`name = "Mail"`, `(?s)Not Found.*"Mail".*It\s+has\s+none\s+yet`},
		"no id at all": {`id = "Mail"`, `(?s)Invalid Value.*"Mail"\s+is\s+not\s+an\s+id.*riva_sync_policy\s+finds\s+one\s+by\s+name`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t).Made()
			step := env.Step("data \"riva_sync_policy\" \"mail\" {\n  " + test.attributes + "\n}\n")
			step.PlanOnly, step.ExpectError = true, regexp.MustCompile(test.wrong)
			env.Test(step)
		})
	}
}
