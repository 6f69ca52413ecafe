package provider_test

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

// dropFirstResponse drops the first answer to each kind of mutation of connections, after it was carried out.
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
		return errors.New("the answer is lost")
	}
}

func TestLostResponsesAreRetried(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	var lost atomic.Int32
	w.Serve(dropFirstResponse(&lost))
	renamed := w.Step(strings.ReplaceAll(acctest.Mail(""), `"Exchange"`, `"Mail"`))
	renamed.ConfigPlanChecks = acctest.Planned(mail, plancheck.ResourceActionUpdate)
	w.Test(w.Step(acctest.Mail("")), renamed)
	if lost.Load() != 3 {
		t.Errorf("%d answers were lost, want those to a create, an update and a delete", lost.Load())
	}
	expectNone(t, w)()
}

func TestTimeoutBoundsTheWholeCreate(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	slow := w.Step(acctest.Mail(`timeouts = { create = "1s" }`))
	slow.PreConfig = func() {
		if err := w.Exchange.Fail(sandbox.Slow(), sandbox.UntilCleared); err != nil {
			t.Fatal(err)
		}
	}
	slow.ExpectError = matchText("The Time-Out Was Reached", "timeouts")
	after := w.Step(acctest.Mail(`timeouts = { create = "1m" }`))
	after.PreConfig = func() {
		w.Exchange.Clear()
		expectNone(t, w)()
	}
	w.Test(slow, after)
}
