package user_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// policies are two sync policies that need no connections.
const policies = `
resource "riva_sync_policy" "first" {
  name     = "First"
  enabled  = false
  interval = "30m"
}

resource "riva_sync_policy" "second" {
  name     = "Second"
  enabled  = false
  interval = "30m"
}
`

func TestUserIsAssignedMovedAndFreed(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	step := func(more string, want knownvalue.Check) resource.TestStep {
		s := env.Step(policies + ada("ada@example.com", more))
		s.ConfigStateChecks = []statecheck.StateCheck{acctest.Expect(address, "sync_policy_id", want)}
		return s
	}
	created := step("sync_policy_id = riva_sync_policy.first.id", knownvalue.NotNull())
	imported := resource.TestStep{
		ResourceName: address, ImportState: true, ImportStateVerify: true, ConfigVariables: env.Variables(env.Password()),
	}
	moved := step("sync_policy_id = riva_sync_policy.second.id", knownvalue.NotNull())
	moved.ConfigPlanChecks = acctest.Planned(address, plancheck.ResourceActionUpdate,
		plancheck.ExpectUnknownValue(address, tfjsonpath.New("last_modified_at")))
	freed := step("", knownvalue.Null())
	freed.ConfigPlanChecks = acctest.Planned(address, plancheck.ResourceActionUpdate)
	again := step("sync_policy_id = riva_sync_policy.second.id", knownvalue.NotNull())
	changed := step("sync_policy_id = riva_sync_policy.second.id", knownvalue.NotNull())
	changed.PreConfig = func() { // outside of Terraform
		found, err := env.Client().UserByEmail(t.Context(), "ada@example.com")
		if err == nil {
			_, err = env.Client().UpdateUser(t.Context(), found.ID, 0, api.UpdateUser{SyncPolicyID: new("")})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	changed.ConfigPlanChecks = acctest.Planned(address, plancheck.ResourceActionUpdate)
	env.Test(created, imported, moved, freed, again, changed)
}

func TestUserPolicyIsCheckedAtPlan(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	connection := env.CreateMail()
	for name, c := range map[string]struct {
		id   string
		want []string
	}{
		"a name":                 {"Mail", []string{"Invalid Value", "sync_policy_id must be the id of a sync policy"}},
		"an unknown id":          {acctest.UnknownID, []string{"Invalid Value", `has no sync policy "` + acctest.UnknownID}},
		"the id of a connection": {connection.ID, []string{"Invalid Value", `is the id of the connection "Exchange"`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			step := env.Step(ada("ada@example.com", fmt.Sprintf("sync_policy_id = %q", c.id)))
			step.PlanOnly, step.ExpectError = true, acctest.MatchText(c.want...)
			env.Test(step)
		})
	}
}

// The plan looks up each policy once, and only for users whose policy changes.
func TestPlanLooksUpPolicyOnce(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	policy, err := env.Client().CreatePolicy(t.Context(), api.CreatePolicy{Name: "Mail", IntervalSeconds: 900})
	if err != nil {
		t.Fatal(err)
	}
	var lookups atomic.Int64
	env.Serve(func(r *http.Response) error {
		if strings.HasPrefix(r.Request.URL.Path, "/v1/sync-policies") {
			lookups.Add(1)
		}
		return nil
	})
	p := env.Protocol()
	var users []acctest.Instance
	for i := range 5 {
		users = append(users, p.Create("riva_user", acctest.Values{
			"email": fmt.Sprintf("u%d@example.com", i), "sync_policy_id": policy.ID,
		}))
	}
	if n := lookups.Load(); n != 1 {
		t.Errorf("5 new users of a policy made %d lookups, want 1", n)
	}
	lookups.Store(0)
	p = env.Protocol() // another run
	_, diagnostics := p.Plan(users[0], acctest.Values{"email": "new@example.com", "sync_policy_id": policy.ID})
	p.Must(diagnostics)
	if n := lookups.Load(); n != 0 {
		t.Errorf("the plan of another address made %d lookups, want none", n)
	}
}

// A policy that was deleted after the plan, or whose users came after the plan, is found at apply.
func TestUserOfAPolicyDeletedSinceThePlan(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	policy, err := env.Client().CreatePolicy(t.Context(), api.CreatePolicy{Name: "Mail", IntervalSeconds: 900})
	if err != nil {
		t.Fatal(err)
	}
	c := env.Command(ada("ada@example.com", fmt.Sprintf("sync_policy_id = %q", policy.ID)))
	c.Must("plan", "-out=saved")
	if err := env.Client().DeletePolicy(t.Context(), policy.ID); err != nil {
		t.Fatal(err)
	}
	out, err := c.Run("apply", "saved")
	if err == nil {
		t.Errorf("the user was created:\n%s", out)
	}
	acctest.ExpectOutput(t, out, "Invalid Value", "sync_policy_id", "has no sync policy")
}
