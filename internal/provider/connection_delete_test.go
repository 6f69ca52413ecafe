package provider_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// removedBlock takes the connection out of the state and leaves it alone.
const removedBlock = `
removed {
  from = riva_connection.mail
  lifecycle {
    destroy = false
  }
}
`

// policy is a sync policy over the usual connection and one to Salesforce, which may go at any time.
var policy = acctest.CRM(acctest.JWTBearer, `deletion_policy = "abandon"`) + `
resource "riva_sync_policy" "mail" {
  name                = "Every day"
  crm_connection_id   = riva_connection.crm.id
  email_connection_id = riva_connection.mail.id
  interval            = "24h"
}
`

func TestUsedConnectionIsKeptUntilItIsAbandoned(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	used := acctest.Mail("") + policy
	destroy := w.Step(used)
	destroy.PreConfig = func() { w.RunCycle("Every day") }
	destroy.Destroy = true
	destroy.ExpectError = matchText("Connection has been used by a sync policy", `"Every day"`, "Riva Success Team",
		"abandon", "removed {")
	// The policy is still there: the refusal came before anything was destroyed.
	still := w.Step(used)
	still.PlanOnly = true
	abandon := w.Step(acctest.Mail(`deletion_policy = "abandon"`))
	w.Test(w.Step(used), destroy, still, abandon)

	if _, err := w.Client().ConnectionByName(t.Context(), "Exchange"); err != nil {
		t.Errorf("the abandoned connection is gone: %v", err)
	}
}

func TestTaintedUsedConnectionIsRefusedAtApply(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	used := acctest.Mail("") + policy
	replace := w.Step(used)
	replace.PreConfig = func() { w.RunCycle("Every day") }
	replace.Taint = []string{mail}
	replace.ConfigPlanChecks = acctest.Planned(mail, plancheck.ResourceActionReplace)
	replace.ExpectError = matchText("Connection has been used by a sync policy")
	w.Test(w.Step(used), replace, w.Step(removedBlock))
}

func TestTaintedUsedConnectionFailsPlan(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	c := w.Command(acctest.Mail("") + policy)
	c.Must("apply", "-auto-approve")
	w.RunCycle("Every day")
	c.Must("taint", mail)
	for range 2 {
		out, err := c.Run("apply", "-auto-approve")
		if err == nil || !matchText("Connection has been used by a sync policy").MatchString(out) {
			t.Fatalf("the tainted connection was not refused (%v):\n%s", err, out)
		}
	}
	c.Must("untaint", mail)
	c.Must("plan", "-detailed-exitcode")
}

func TestPolicyAndUnusedConnectionGoTogether(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	both := w.Step(acctest.Mail("") + strings.ReplaceAll(policy, "abandon", "delete"))
	alone := w.Step("")
	w.Test(both, alone)
	expectNone(t, w)()
}

func TestDeleteWithEnabledPolicyFailsApply(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	w.Systems = []*target.System{exchange.System()} // so that the policy needs no other connection
	connection := createOutside(t, w)
	if _, err := w.Client().CreatePolicy(t.Context(), api.CreatePolicy{
		Name: "Elsewhere", EmailConnectionID: &connection.ID, Enabled: true, IntervalSeconds: 3600,
	}); err != nil {
		t.Fatal(err)
	}
	removed := w.Step("")
	removed.ExpectError = matchText("Connection Is Named by an Enabled Sync Policy", `"Elsewhere"`)
	disabled := w.Step("")
	disabled.PreConfig = func() {
		found, err := w.Client().PolicyByName(t.Context(), "Elsewhere")
		if err == nil {
			off := false
			_, err = w.Client().UpdatePolicy(t.Context(), found.ID, found.Revision, api.UpdatePolicy{Enabled: &off})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	w.Test(w.Step(acctest.Mail("")+importBlock(connection.ID)), removed, disabled)
	expectNone(t, w)()
}

func TestConnectionDeletedElsewhereIsCreatedAgain(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	again := w.Step(acctest.Mail(""))
	again.PreConfig = func() {
		found, err := w.Client().ConnectionByName(t.Context(), "Exchange")
		if err == nil {
			err = w.Client().DeleteConnection(t.Context(), found.ID)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	again.ConfigPlanChecks = acctest.Planned(mail, plancheck.ResourceActionCreate)
	w.Test(w.Step(acctest.Mail("")), again)
}

func TestLostDataDirectoryIsAnError(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	c := w.Command(acctest.Mail(""))
	c.Must("apply", "-auto-approve")
	w.LoseDataDir()
	out, err := c.Run("plan")
	if err == nil {
		t.Fatalf("the plan without the data succeeded:\n%s", out)
	}
	for _, want := range []string{
		"This Is Another Control Plane", "data directory was probably lost", "data_dir", "RIVA_ENDPOINT", "terraform state rm",
	} {
		if !strings.Contains(plain(out), want) {
			t.Errorf("the plan without the data does not say %q:\n%s", want, out)
		}
	}
	// The last of the ways out that the message names.
	c.Must("state", "rm", "riva_connection.mail")
	if out := c.Must("apply", "-auto-approve"); !strings.Contains(out, "1 added") {
		t.Errorf("what was taken out of the state is not created anew:\n%s", out)
	}
}
