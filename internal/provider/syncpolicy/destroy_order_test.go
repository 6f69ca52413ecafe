package syncpolicy_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// disabled is a sync policy that needs no connections, with further attributes.
func disabled(name, more string) string {
	return fmt.Sprintf(`
resource "riva_sync_policy" %[1]q {
  name     = %[1]q
  enabled  = false
  interval = "30m"
  %[2]s
}
`, name, more)
}

// userOf is a user with the id of a sync policy.
func userOf(policyID string) string {
	return fmt.Sprintf(`
resource "riva_user" "ada" {
  email          = "ada@example.com"
  sync_policy_id = %s
}
`, policyID)
}

const (
	ofOld = "riva_sync_policy.old.id"
	ofNew = "riva_sync_policy.new.id"
	none  = "null"
)

// ways are the words about the ways out of the order in which Terraform destroys.
var ways = []string{
	"Terraform destroys a resource before it updates", "two applies", "lifecycle {", "create_before_destroy = true",
	"even if it removes the whole resource block",
}

// removals are what one apply can do with a policy and its user.
var removals = map[string]struct{ before, prepared, after, between string }{
	"the whole block is removed": {
		before:   disabled("old", "") + userOf(ofOld),
		prepared: disabled("old", acctest.CreateFirst) + userOf(ofOld),
		between:  disabled("old", "") + userOf(none),
		after:    userOf(none),
	},
	"the user moves to a new policy": {
		before:   disabled("old", "") + userOf(ofOld),
		prepared: disabled("old", acctest.CreateFirst) + userOf(ofOld),
		between:  disabled("old", "") + disabled("new", "") + userOf(ofNew),
		after:    disabled("new", "") + userOf(ofNew),
	},
	"the block stays without an instance": {
		before:   disabled("old", "count = 1") + userOf("one(riva_sync_policy.old[*].id)"),
		prepared: disabled("old", "count = 1\n  "+acctest.CreateFirst) + userOf("one(riva_sync_policy.old[*].id)"),
		between:  disabled("old", "count = 1") + userOf(none),
		after:    disabled("old", "count = 0\n  "+acctest.CreateFirst) + userOf("one(riva_sync_policy.old[*].id)"),
	},
}

func TestPolicyIsNotRemovedBeforeItsUsers(t *testing.T) {
	t.Parallel()
	for name, change := range removals {
		for way, steps := range map[string][]string{
			"two applies":                   {change.between, change.after},
			"create_before_destroy, stored": {change.prepared, change.after},
		} {
			t.Run(name+", "+way, func(t *testing.T) {
				t.Parallel()
				env := acctest.New(t)
				rejected := env.Step(change.after)
				rejected.ExpectError = acctest.MatchText(append([]string{
					"Users Are Assigned to the Sync Policy", `sync policy "old" cannot be deleted`, "- ada@example.com",
				}, ways...)...)
				env.Test(env.Step(change.before), rejected, env.Step(steps[0]), env.Step(steps[1]))
			})
		}
	}
}

// A lifecycle that was never applied is not in the state.
func TestCreateBeforeDestroyMustBeAppliedBefore(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	c := env.Command(removals["the whole block is removed"].before)
	c.Must("apply", "-auto-approve")
	c.Write(removals["the whole block is removed"].prepared)
	if out := c.Must("plan"); !strings.Contains(out, "No changes.") {
		t.Errorf("the lifecycle alone is a change:\n%s", out)
	}
	c.Write(removals["the whole block is removed"].after)
	out, err := c.Run("apply", "-auto-approve")
	if err == nil {
		t.Errorf("the lifecycle was never applied, but it works:\n%s", out)
	}
	acctest.ExpectOutput(t, out, "Users Are Assigned to the Sync Policy")
	c.Write(removals["the whole block is removed"].prepared)
	c.Must("apply", "-auto-approve")
	c.Write(removals["the whole block is removed"].after)
	c.Must("apply", "-auto-approve")
}

func TestPolicyNamesAtMostTenUsers(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	c := env.Command(disabled("old", ""))
	c.Must("apply", "-auto-approve")
	policy, err := env.Client().PolicyByName(t.Context(), "old")
	if err != nil {
		t.Fatal(err)
	}
	for i := range 12 {
		_, err := env.Client().CreateUser(t.Context(), api.CreateUser{
			Email: fmt.Sprintf("u%02d@example.com", i), SyncPolicyID: &policy.ID,
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	out, err := c.Run("destroy", "-auto-approve")
	if err == nil || strings.Contains(out, "u10@example.com") {
		t.Errorf("the policy of 12 users was destroyed, or all are listed (error %v):\n%s", err, out)
	}
	acctest.ExpectOutput(t, out, "- u00@example.com", "- u09@example.com", "- and 2 more")
}

func TestPolicyIsDestroyedAfterItsUsers(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.Test(env.Step(disabled("old", "")+userOf(ofOld)), env.Step(""))
	left, err := env.Client().Policies(t.Context(), api.PolicyFilter{})
	if err != nil || len(left) != 0 {
		t.Errorf("%d policies are left (error %v)", len(left), err)
	}
}
