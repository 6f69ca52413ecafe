package entity_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// manyResources are 30 of each resource.
const manyResources = `
resource "riva_connection" "many" {
  count              = 30
  name               = "Connection ${count.index}"
  verify_credentials = false
  exchange {
    ews_url     = var.url
    username    = var.username
    password_wo = var.password
  }
}

resource "riva_sync_policy" "many" {
  count               = 30
  name                = "Policy ${count.index}"
  email_connection_id = riva_connection.many[count.index].id
  enabled             = false
  interval            = "30m"
}

resource "riva_user" "many" {
  count          = 30
  email          = "user-${count.index}@example.com"
  sync_policy_id = riva_sync_policy.many[count.index].id
}
`

// callCounter counts the calls of a control plane by method and path.
type callCounter struct {
	mu    sync.Mutex
	calls map[string]int
}

// count is a modifier of responses.
func (c *callCounter) count(resp *http.Response) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls[resp.Request.Method+" "+resp.Request.URL.Path]++
	return nil
}

// reset returns the counts so far, and begins again.
func (c *callCounter) reset() map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	calls := c.calls
	c.calls = map[string]int{}
	return calls
}

// A plan reads many resources in few calls. Package api has the numbers for 1,000.
func TestPlanOfManyResourcesTakesFewCalls(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	counter := &callCounter{calls: map[string]int{}}
	env.Serve(counter.count)
	c := env.Command(manyResources)
	if out, err := c.Run("apply", "-auto-approve", "-input=false"); err != nil {
		t.Fatalf("apply: %v\n%s", err, out)
	}
	counter.reset()
	out, err := c.Run("plan", "-detailed-exitcode", "-input=false")
	if err != nil {
		t.Fatalf("plan: %v\n%s", err, out)
	}
	calls := counter.reset()
	t.Logf("calls: %v", calls)
	for call, n := range calls {
		maximum := 1 // as for what is read once
		switch call {
		case "GET /v1/connections", "GET /v1/sync-policies", "GET /v1/users":
			maximum = 6
		case "POST /v1/credential-comparisons":
			maximum = 30
		}
		if n > maximum {
			t.Errorf("%s: %d calls, want at most %d", call, n, maximum)
		}
	}

	if err := env.Client().DeleteUser(t.Context(), firstUser(t, env)); err != nil {
		t.Fatal(err)
	}
	out, err = c.Run("plan", "-input=false")
	if err != nil || !strings.Contains(out, "Plan: 1 to add, 0 to change, 0 to destroy.") {
		t.Errorf("the plan after a deletion elsewhere: %v\n%s", err, out)
	}
}

func firstUser(t *testing.T, env *acctest.Environment) string {
	t.Helper()
	for user, err := range env.Client().EachUser(t.Context(), api.UserFilter{}, 1) {
		if err != nil {
			t.Fatal(err)
		}
		return user.ID
	}
	t.Fatal("there are no users")
	return ""
}
