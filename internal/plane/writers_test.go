package plane_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/waittest"
)

// writers create users until they are stopped, and remember what was acknowledged.
type writers struct {
	mu           sync.Mutex
	acknowledged map[string]api.User
	stopped      bool
	running      sync.WaitGroup
}

// startWriters starts writers. The client repeats what failed, with the same idempotency key.
func startWriters(t *testing.T, client *api.Client) *writers {
	t.Helper()
	w := &writers{acknowledged: map[string]api.User{}}
	for i := range 4 {
		w.running.Go(func() {
			for j := 0; !w.isStopped(); j++ {
				email := fmt.Sprintf("user-%d-%d@example.com", i, j)
				user, err := client.CreateUser(t.Context(), api.CreateUser{Email: email, Enabled: true})
				if err != nil {
					t.Errorf("create %s: %v", email, err)
					return
				}
				w.mu.Lock()
				w.acknowledged[email] = user
				w.mu.Unlock()
			}
		})
	}
	t.Cleanup(w.stop)
	return w
}

func (w *writers) isStopped() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.stopped
}

func (w *writers) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.acknowledged)
}

// await waits until more users were acknowledged.
func (w *writers) await(t *testing.T, more int) {
	t.Helper()
	want := w.count() + more
	waittest.Until(t, fmt.Sprintf("%d more users", more), func() bool { return w.count() >= want || t.Failed() })
}

// stop waits until the writers have ended.
func (w *writers) stop() {
	w.mu.Lock()
	w.stopped = true
	w.mu.Unlock()
	w.running.Wait()
}

// verify expects that the control plane has each acknowledged user, no others, and one audit event of the creation of each.
func (w *writers) verify(t *testing.T, client *api.Client) {
	t.Helper()
	found := 0
	for user, err := range client.EachUser(t.Context(), api.UserFilter{}, 0) {
		if err != nil {
			t.Fatal(err)
		}
		found++
		if known, ok := w.acknowledged[user.Email]; !ok || known.ID != user.ID {
			t.Errorf("%s has the id %s, and %q was acknowledged", user.Email, user.ID, known.ID)
		}
	}
	events, err := client.AuditEvents(t.Context(), api.AuditFilter{Action: "user.create"}, 0)
	if err != nil || found != len(w.acknowledged) || len(events) != found {
		t.Errorf("%d users and %d audit events for %d acknowledged users, %v", found, len(events), len(w.acknowledged), err)
	}
}
