package connection_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// policy is a sync policy over the usual connection and one to Salesforce.
var policy = acctest.Policy("Every day")

// removedMail forgets the usual connection.
var removedMail = acctest.Removed(mail)

func TestUsedConnectionCanOnlyBeAbandoned(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	used := acctest.Mail("") + policy
	destroy := env.Step(used)
	destroy.PreConfig = func() { env.RunCycle("Every day") }
	destroy.Destroy = true
	destroy.ExpectError = acctest.MatchText("Connection has been used by a sync policy", `"Every day"`, "Riva Success Team",
		"abandon", "removed {", "connections purge --data-dir '"+env.DataDir+"' --keyset '"+env.Keyset+"' -- 'Exchange'")
	// The policy still exists: the error came before anything was destroyed.
	still := env.Step(used)
	still.PlanOnly = true
	abandon := env.Step(acctest.Mail(`deletion_policy = "abandon"`))
	env.Test(env.Step(used), destroy, still, abandon)

	if _, err := env.Client().ConnectionByName(t.Context(), "Exchange"); err != nil {
		t.Errorf("the abandoned connection is gone: %v", err)
	}
}

// Nobody else can help the owner of an embedded control plane. A shared one has an administrator.
func TestPurgeIsNamedInEmbeddedModeOnly(t *testing.T) {
	t.Parallel()
	for _, shared := range []bool{false, true} {
		env := acctest.New(t)
		if shared {
			env.Serve(nil)
		}
		c := env.Command(acctest.Mail("") + policy)
		c.Must("apply", "-auto-approve")
		env.RunCycle("Every day")
		out, err := c.Run("plan", "-destroy")
		if err == nil || strings.Contains(out, "connections purge") == shared {
			t.Errorf("shared: %t, error %v, output\n%s", shared, err, out)
		}
	}
}

// Starting over: what a destroy leaves behind is removed, and its name is free again.
func TestPurgedConnectionCanBeCreatedAgain(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	c := env.Command(acctest.Mail(`deletion_policy = "abandon"`) + policy)
	c.Must("apply", "-auto-approve")
	env.RunCycle("Every day")
	acctest.ExpectOutput(t, c.Must("destroy", "-auto-approve"), "Connection Abandoned", "connections purge --data-dir")
	client := env.Client()
	left, err := client.Connections(t.Context(), api.ConnectionFilter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, abandoned := range left {
		if err := client.PurgeConnection(t.Context(), abandoned.ID, abandoned.Name); err != nil {
			t.Error(err)
		}
	}
	env.ExpectNoConnections()
	c.Must("apply", "-auto-approve")
}

func TestTaintedUsedConnectionFailsApply(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	used := acctest.Mail("") + policy
	replace := env.Step(used)
	replace.PreConfig = func() { env.RunCycle("Every day") }
	replace.Taint = []string{mail}
	replace.ConfigPlanChecks = acctest.Planned(mail, plancheck.ResourceActionReplace)
	replace.ExpectError = acctest.MatchText("Connection has been used by a sync policy")
	env.Test(env.Step(used), replace, env.Step(removedMail))
}

func TestTaintedUsedConnectionFailsPlan(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	c := env.Command(acctest.Mail("") + policy)
	c.Must("apply", "-auto-approve")
	env.RunCycle("Every day")
	c.Must("taint", mail)
	for range 2 {
		out, err := c.Run("apply", "-auto-approve")
		if err == nil || !acctest.MatchText("Connection has been used by a sync policy").MatchString(out) {
			t.Fatalf("the tainted connection was destroyed (%v):\n%s", err, out)
		}
	}
	c.Must("untaint", mail)
	c.Must("plan", "-detailed-exitcode")
}

func TestPolicyAndUnusedConnectionAreDeleted(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	both := env.Step(acctest.Mail("") + strings.ReplaceAll(policy, "abandon", "delete"))
	alone := env.Step("")
	env.Test(both, alone)
	env.ExpectNoConnections()
}

func TestDeleteWithEnabledPolicyFailsApply(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.Systems = []*target.System{exchange.System()} // so that the policy needs no other connection
	connection := env.CreateMail()
	if _, err := env.Client().CreatePolicy(t.Context(), api.CreatePolicy{
		Name: "Elsewhere", EmailConnectionID: &connection.ID, Enabled: true, IntervalSeconds: 3600,
	}); err != nil {
		t.Fatal(err)
	}
	removed := env.Step("")
	removed.ExpectError = acctest.MatchText("Connection Is Used by an Enabled Sync Policy", `"Elsewhere"`)
	disabled := env.Step("")
	disabled.PreConfig = func() {
		found, err := env.Client().PolicyByName(t.Context(), "Elsewhere")
		if err == nil {
			off := false
			_, err = env.Client().UpdatePolicy(t.Context(), found.ID, found.Revision, api.UpdatePolicy{Enabled: &off})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	env.Test(env.Step(acctest.Mail("")+importBlock(connection.ID)), removed, disabled)
	env.ExpectNoConnections()
}

func TestAbandonWarns(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	c := env.Command(acctest.Mail(`deletion_policy = "abandon"`))
	c.Must("apply", "-auto-approve")
	if out := c.Must("plan", "-destroy"); !strings.Contains(out, "Connection Abandoned") {
		t.Errorf("the plan to destroy does not say that the connection stays:\n%s", out)
	}
	c.Must("destroy", "-auto-approve")
	if _, err := env.Client().ConnectionByName(t.Context(), "Exchange"); err != nil {
		t.Errorf("the abandoned connection is gone: %v", err)
	}
}
