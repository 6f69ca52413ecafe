package syncpolicy_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// both is a sync policy over a CRM and an email connection, with users and the sync logs of its last cycle.
const both = `
resource "riva_sync_policy" "both" {
  name                = "Both"
  crm_connection_id   = riva_connection.crm.id
  email_connection_id = riva_connection.mail.id
  interval            = "%s"
}

resource "riva_user" "ada" {
  email = "ada@example.com"
}

resource "riva_user" "grace" {
  email = "grace@example.com"
}

data "riva_sync_logs" "both" {
  policy_id  = riva_sync_policy.both.id
  depends_on = [riva_sync_policy.both]
}

data "riva_sync_logs" "failed" {
  policy_id   = riva_sync_policy.both.id
  only_errors = true
  depends_on  = [riva_sync_policy.both]
}
`

// overBoth is that policy with an interval, and its connections.
func overBoth(interval string) string {
	return acctest.Mail("") + acctest.CRM(acctest.JWTBearer, "") + fmt.Sprintf(both, interval)
}

func TestCycleOverBothConnectionsLogsEachUserOnce(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	ran := env.Step(overBoth("30m"))
	ran.PreConfig = func() {
		if cycle := env.RunCycle("Both"); cycle.State != api.CycleFinished {
			t.Errorf("the cycle ended as %s", cycle.State)
		}
	}
	ran.ConfigStateChecks = append(ran.ConfigStateChecks,
		acctest.Expect("data.riva_sync_logs.both", "logs", knownvalue.ListSizeExact(4)), // two users, two connections
		acctest.Expect("data.riva_sync_logs.failed", "logs", knownvalue.ListSizeExact(0)))
	failed := env.Step(overBoth("30m"))
	failed.PreConfig = func() {
		env.UpdateApp(func(a *salesforce.App) { a.Installed = false })
		env.EndSessions()
		env.RunCycle("Both")
	}
	failed.ConfigStateChecks = append(failed.ConfigStateChecks,
		acctest.Expect("data.riva_sync_logs.failed", "logs", knownvalue.ListSizeExact(2)), // the CRM's, of each user
		acctest.Expect("data.riva_sync_logs.failed", "logs", knownvalue.ListPartial(map[int]knownvalue.Check{
			0: knownvalue.ObjectPartial(map[string]knownvalue.Check{"fault": knownvalue.ObjectPartial(map[string]knownvalue.Check{
				"code": knownvalue.StringExact("misconfigured"),
			})}),
		})))
	removed := env.Step(acctest.Removed("riva_connection.mail") + acctest.Removed("riva_connection.crm"))
	env.Test(env.Step(overBoth("30m")), ran, failed, removed)
}

func TestPolicyRefreshesMetadata(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	var alone, created time.Time
	created0 := env.Step(overBoth("30m"))
	created0.PreConfig = func() { alone = env.MetadataRefreshedAt() }
	changed := env.Step(overBoth("45m"))
	changed.PreConfig = func() {
		if created = env.MetadataRefreshedAt(); !created.After(alone) {
			t.Errorf("creating the policy left the metadata at %s", created)
		}
	}
	same := env.Step(overBoth("45m"))
	same.PreConfig = func() {
		if now := env.MetadataRefreshedAt(); !now.After(created) {
			t.Errorf("changing the policy left the metadata at %s", now)
		}
	}
	env.Test(env.Step(acctest.CRM(acctest.JWTBearer, "")), created0, changed, same)
}

func TestCycleChecksUsersOfItsPolicy(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	const users = `
resource "riva_sync_policy" "other" {
  name     = "Other"
  enabled  = false
  interval = "30m"
}

resource "riva_user" "own" {
  email          = "own@example.com"
  sync_policy_id = riva_sync_policy.both.id
}

resource "riva_user" "other" {
  email          = "other@example.com"
  sync_policy_id = riva_sync_policy.other.id
}
`
	ran := env.Step(overBoth("30m") + users)
	ran.PreConfig = func() {
		env.EndSessions()
		env.UpdateApp(func(a *salesforce.App) { a.Installed = false })
		if cycle := env.RunCycle("Both"); cycle.UsersTotal != 3 || cycle.UsersFaulty != 3 {
			t.Errorf("the cycle checked %+v, want ada, grace and the user of its own policy", cycle)
		}
		logs, err := env.Client().SyncLogs(t.Context(), api.SyncLogFilter{UserEmail: "other@example.com"}, 1)
		if err != nil || len(logs) != 0 {
			t.Errorf("logs of the user of another policy: %+v (error %v)", logs, err)
		}
	}
	removed := env.Step(acctest.Removed("riva_connection.mail") + acctest.Removed("riva_connection.crm"))
	env.Test(env.Step(overBoth("30m")+users), ran, removed)
}
