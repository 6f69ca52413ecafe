package engine_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

func TestPurgeRemovesUsedConnection(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		p := w.policy("Sync")
		cycle := w.cycle(p.ID)
		logs := len(w.logs(cycle))
		inUse := wantInUse(t, w.PurgeConnection(w.ctx, p.EmailConnectionID, "Sync mail"))
		if len(inUse.Policies) != 1 || !strings.Contains(inUse.Error(), "disable the sync policy") {
			t.Errorf("while an enabled policy names it: %v", inUse)
		}
		must(w.UpdatePolicy(w.ctx, p.ID, model.PolicyChange{Enabled: new(false)}))(t)
		_ = wantInUse(t, w.DeleteConnection(w.ctx, p.EmailConnectionID, 0))
		if err := w.PurgeConnection(w.ctx, p.EmailConnectionID, "sYNC mail"); err != nil {
			t.Fatal(err)
		}
		if event := w.store.lastEvent(); event.Action != "connection.purge" || event.Outcome != "done" ||
			event.ObjectID != p.EmailConnectionID || event.Detail != `Sync mail; used by "Sync"` {
			t.Errorf("audited: %+v", event)
		}
		if _, err := w.Connection(w.ctx, p.EmailConnectionID); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("it still exists: %v", err)
		}
		if left := must(w.Policy(w.ctx, p.ID))(t); left.EmailConnectionID != "" {
			t.Errorf("the policy still names it: %+v", left)
		}
		if got := len(w.logs(cycle)); got != logs {
			t.Errorf("%d sync logs are left of %d", got, logs)
		}
		w.create(newMail("Sync mail")) // the name is free again
	})
}

func TestPurgeRequiresTheName(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		c := w.create(newMail("Mail"))
		for _, name := range []string{"", "Mai", c.ID} {
			var invalid *model.InvalidError
			err := w.PurgeConnection(w.ctx, c.ID, name)
			if !errors.As(err, &invalid) || invalid.Fields[0].Path != "name" || !strings.Contains(err.Error(), `"Mail"`) {
				t.Errorf("with the name %q: %v", name, err)
			}
		}
		if event := w.store.lastEvent(); event.Action != "connection.purge" || event.Outcome != "invalid" {
			t.Errorf("audited: %+v", event)
		}
		w.read(c.ID)
		if err := w.PurgeConnection(w.ctx, "unknown", "Mail"); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("an unknown connection: %v", err)
		}
	})
}

func TestPurgeWaitsForRunningCycle(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		p, hold := w.policy("Sync"), newGate()
		w.user("a@example.com", true)
		w.mail.set(func(f *fake) { f.before = hold.pass })
		running := must(w.RequestCycle(w.ctx, p.ID))(t)
		<-hold.entered
		must(w.UpdatePolicy(w.ctx, p.ID, model.PolicyChange{Enabled: new(false)}))(t)
		if err := w.PurgeConnection(w.ctx, p.CRMConnectionID, "Sync CRM"); !errors.Is(err, model.ErrCycleRunning) {
			t.Errorf("while a cycle runs: %v", err)
		}
		close(hold.open)
		w.waitForCycle(running)
		if err := w.PurgeConnection(w.ctx, p.CRMConnectionID, "Sync CRM"); err != nil {
			t.Errorf("after the cycle: %v", err)
		}
	})
}

func TestPurgeIgnoresCycleOfStoppedProcess(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		p := w.policy("Sync")
		w.cycle(p.ID)
		w.leaveCycle(p)
		must(w.UpdatePolicy(w.ctx, p.ID, model.PolicyChange{Enabled: new(false)}))(t)
		w.clock.advance(time.Hour)
		if err := w.PurgeConnection(w.ctx, p.EmailConnectionID, "Sync mail"); err != nil {
			t.Error(err)
		}
	})
}
