package engine_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// eventCounter is an observer that counts what happens.
type eventCounter struct {
	mu     sync.Mutex
	counts map[string]int
}

func (c *eventCounter) count(event ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.counts[fmt.Sprintln(event...)]++
}

func (c *eventCounter) SignedIn(system string, fault target.Code) { c.count("sign-in", system, fault) }
func (c *eventCounter) CycleTaken()                               { c.count("taken") }
func (c *eventCounter) CycleLeft()                                { c.count("left") }
func (c *eventCounter) CycleEnded(state string)                   { c.count("cycle", state) }
func (c *eventCounter) PersonSignedIn(system, end string)         { c.count("person", system, end) }
func (c *eventCounter) Tested(system string, test target.Test, fault target.Code) {
	c.count("test", system, test, fault)
}

// since returns what happened while f ran.
func (c *eventCounter) since(f func()) []string {
	c.mu.Lock()
	c.counts = map[string]int{}
	c.mu.Unlock()
	f()
	c.mu.Lock()
	defer c.mu.Unlock()
	var events []string
	for event, n := range c.counts {
		events = append(events, fmt.Sprint(n, " ", event))
	}
	slices.Sort(events)
	return events
}

func TestObserverCountsWhatHappens(t *testing.T) {
	t.Parallel()
	counter := &eventCounter{counts: map[string]int{}}
	w := newFixture(t, func(o *engine.Options) { o.Observer = counter })
	p := w.policy("Sync")
	w.user("a@example.com", true)
	test := model.TestRequest{Account: model.UserAccount, UserEmail: "a@example.com", Test: target.Impersonation}
	for name, c := range map[string]struct {
		do   func()
		want []string
	}{
		"a test that passes": {
			func() { must(w.TestConnection(w.ctx, p.CRMConnectionID, test))(t) },
			[]string{"1 sign-in sales \n", "1 test sales impersonation \n"},
		},
		"a test that fails": {func() {
			w.mail.set(func(f *fake) {
				f.tests["a@example.com"] = &target.Fault{Code: target.UserNotFound, Message: target.Say("%s", "no a")}
			})
			must(w.TestConnection(w.ctx, p.EmailConnectionID, test))(t)
		}, []string{"1 sign-in mailer \n", "1 test mailer impersonation user_not_found\n"}},
		"an unknown link": {func() {
			must(w.FinishAuthorization(w.ctx, model.AuthorizationCallback{State: "unknown"}))(t)
		}, []string{"1 person  state_unknown\n"}},
	} {
		if got := counter.since(c.do); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	ended := counter.since(func() {
		w.waitForCycle(must(w.RequestCycle(w.ctx, p.ID))(t))
		if err := w.queue.Close(w.ctx); err != nil { // what runs a cycle returns after its end is saved
			t.Error(err)
		}
	})
	want := []string{"1 cycle finished\n", "1 left\n", "1 sign-in mailer \n", "1 sign-in sales \n", "1 taken\n"}
	if !slices.Equal(ended, want) {
		t.Errorf("a cycle: %q, want %q", ended, want)
	}
}
