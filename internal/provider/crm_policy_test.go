package provider_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// both is a sync policy over a CRM and an email connection, with users and what its last cycle logged of them.
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

func overBoth(interval string) string {
	return acctest.Mail("") + acctest.CRM(acctest.JWTBearer, "") + fmt.Sprintf(both, interval)
}

const forgetCRM = `
removed {
  from = riva_connection.crm
  lifecycle {
    destroy = false
  }
}
`

func TestCycleOverBothConnectionsLogsEachUserOnce(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	ran := w.Step(overBoth("30m"))
	ran.PreConfig = func() {
		if cycle := w.RunCycle("Both"); cycle.State != api.CycleFinished {
			t.Errorf("the cycle ended as %s", cycle.State)
		}
	}
	ran.ConfigStateChecks = append(ran.ConfigStateChecks,
		acctest.Expect("data.riva_sync_logs.both", "logs", knownvalue.ListSizeExact(4)), // two users, two connections
		acctest.Expect("data.riva_sync_logs.failed", "logs", knownvalue.ListSizeExact(0)))
	failed := w.Step(overBoth("30m"))
	failed.PreConfig = func() {
		updateApp(t, w, func(a *salesforce.App) { a.Installed = false })
		endSessions(t, w)
		w.RunCycle("Both")
	}
	failed.ConfigStateChecks = append(failed.ConfigStateChecks,
		acctest.Expect("data.riva_sync_logs.failed", "logs", knownvalue.ListSizeExact(2)), // the CRM's, of each user
		acctest.Expect("data.riva_sync_logs.failed", "logs", knownvalue.ListPartial(map[int]knownvalue.Check{
			0: knownvalue.ObjectPartial(map[string]knownvalue.Check{"fault": knownvalue.ObjectPartial(map[string]knownvalue.Check{
				"code": knownvalue.StringExact("misconfigured"),
			})}),
		})))
	w.Test(w.Step(overBoth("30m")), ran, failed, w.Step(removedBlock+forgetCRM))
}

// refreshedAt is when the metadata of Salesforce was read last.
func refreshedAt(t *testing.T, w *acctest.Environment) time.Time {
	t.Helper()
	found, err := w.Client().ConnectionByName(t.Context(), "Salesforce")
	if err != nil || found.MetadataRefreshedAt == nil {
		t.Fatalf("find the connection with metadata: %+v, error %v", found, err)
	}
	return *found.MetadataRefreshedAt
}

func TestPolicyRefreshesMetadata(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	var alone, created time.Time
	created0 := w.Step(overBoth("30m"))
	created0.PreConfig = func() { alone = refreshedAt(t, w) }
	changed := w.Step(overBoth("45m"))
	changed.PreConfig = func() {
		if created = refreshedAt(t, w); !created.After(alone) {
			t.Errorf("creating the policy left the metadata at %s", created)
		}
	}
	same := w.Step(overBoth("45m"))
	same.PreConfig = func() {
		if now := refreshedAt(t, w); !now.After(created) {
			t.Errorf("changing the policy left the metadata at %s", now)
		}
	}
	w.Test(w.Step(acctest.CRM(acctest.JWTBearer, "")), created0, changed, same)
}
