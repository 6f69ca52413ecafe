package connection_test

import (
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// dropFirstResponse drops the first response to each kind of mutation of connections, after it was executed.
func dropFirstResponse(lost *atomic.Int32) func(*http.Response) error {
	var posts, patches, deletes atomic.Bool
	first := map[string]*atomic.Bool{
		http.MethodPost: &posts, http.MethodPatch: &patches, http.MethodDelete: &deletes,
	}
	return func(resp *http.Response) error {
		seen, mutation := first[resp.Request.Method]
		if !mutation || !strings.HasPrefix(resp.Request.URL.Path, "/v1/connections") || seen.Swap(true) {
			return nil
		}
		lost.Add(1)
		return errors.New("the response is lost")
	}
}

func TestLostResponsesAreRetried(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	var lost atomic.Int32
	env.Serve(dropFirstResponse(&lost))
	renamed := env.Step(strings.ReplaceAll(acctest.Mail(""), `"Exchange"`, `"Mail"`))
	renamed.ConfigPlanChecks = acctest.Planned(mail, plancheck.ResourceActionUpdate)
	env.Test(env.Step(acctest.Mail("")), renamed)
	if lost.Load() != 3 {
		t.Errorf("%d responses were lost, want those to a create, an update and a delete", lost.Load())
	}
	env.ExpectNoConnections()
}

func TestTimeoutBoundsTheWholeCreate(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	slow := env.Step(acctest.Mail(`timeouts { create = "1s" }`))
	slow.PreConfig = func() {
		if err := env.Exchange.Fail(sandbox.Slow(), sandbox.UntilCleared); err != nil {
			t.Fatal(err)
		}
	}
	slow.ExpectError = acctest.MatchText("Timeout", "timeouts")
	after := env.Step(acctest.Mail(`timeouts { create = "1m" }`))
	after.PreConfig = func() {
		env.Exchange.Clear()
		env.ExpectNoConnections()
	}
	env.Test(slow, after)
}
