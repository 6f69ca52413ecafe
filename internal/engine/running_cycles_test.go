package engine_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

func TestOneCycleOfPolicyRunsAtATime(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		p, hold := w.policy("Sync"), newGate()
		w.user("a@example.com", true)
		w.mail.set(func(f *fake) { f.before = hold.pass })
		running := must(w.RequestCycle(w.ctx, p.ID))(t)
		<-hold.entered
		w.clock.advance(500 * time.Millisecond)
		const want = `a full sync cycle of the sync policy "Sync" has been running since 2026-03-01T12:00:00Z: try again when it ` +
			"has ended; if its process has stopped, the next request continues it from 2026-03-01T12:01:30Z on"
		if _, err := w.RequestCycle(w.ctx, p.ID); !errors.Is(err, model.ErrCycleRunning) || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("a second cycle: %v", err)
		}
		// The lease has expired: the next request takes the cycle over, and the first process saves nothing more.
		w.clock.advance(2 * time.Minute)
		if next := must(w.RequestCycle(w.ctx, p.ID))(t); next.ID != running.ID {
			t.Errorf("taken over: %+v, want the cycle %s", next, running.ID)
		}
		<-hold.entered
		close(hold.open)
		if c := w.waitForCycle(running); c.State != model.CycleFinished || c.UsersDone != 1 || c.Epoch < 3 {
			t.Errorf("the cycle: %+v", c)
		}
		if err := w.queue.Close(w.ctx); err != nil {
			t.Fatal(err)
		}
		if logs := w.logs(running); len(logs) != 2 {
			t.Errorf("%d logs, want one for each connection: %+v", len(logs), logs)
		}
	})
}

func TestCloseInterruptsRunningCycles(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		p, hold := w.policy("Sync"), newGate()
		w.user("a@example.com", true)
		w.user("b@example.com", true)
		w.mail.set(func(f *fake) {
			f.during = func(ctx context.Context, user string) error {
				if user == "b@example.com" {
					return hold.pass(ctx)
				}
				return nil
			}
		})
		ctx, cancel := context.WithCancel(w.ctx)
		running := must(w.RequestCycle(ctx, p.ID))(t)
		<-hold.entered
		cancel() // the request has ended; the cycle continues
		canceled, cancelNow := context.WithCancel(w.ctx)
		cancelNow()
		if err := w.queue.Close(canceled); err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("closing without time to wait: %v", err)
		}
		if err := w.queue.Close(w.ctx); err != nil {
			t.Fatal(err)
		}
		c := must(w.Cycle(w.ctx, p.ID, running.ID))(t)
		if c.State != model.CycleInterrupted || c.FinishedAt == nil || c.UsersDone != 1 || c.UsersFaulty != 0 {
			t.Errorf("the cycle: %+v", c)
		}
		for _, l := range w.logs(c) {
			if !l.Passed {
				t.Errorf("closing was recorded as a fault: %+v", l)
			}
		}
		if _, err := w.RequestCycle(w.ctx, p.ID); !errors.Is(err, engine.ErrClosing) {
			t.Errorf("a cycle after closing: %v", err)
		}
	})
}

func TestEndCyclesAllowsNextCycle(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		ended, other, hold := w.policy("Ended"), w.policy("Other"), newGate()
		w.user("a@example.com", true)
		w.mail.set(func(f *fake) { f.during = func(ctx context.Context, _ string) error { return hold.pass(ctx) } })
		first, second := must(w.RequestCycle(w.ctx, ended.ID))(t), must(w.RequestCycle(w.ctx, other.ID))(t)
		<-hold.entered
		<-hold.entered
		if err := w.EndCycle(w.ctx, ended.ID); err != nil {
			t.Fatal(err)
		}
		if c := must(w.Cycle(w.ctx, ended.ID, first.ID))(t); c.State != model.CycleInterrupted || c.FinishedAt == nil ||
			c.UsersFaulty != 0 {
			t.Errorf("the cycle that was ended: %+v", c)
		}
		if c := must(w.Cycle(w.ctx, other.ID, second.ID))(t); c.State != model.CycleRunning {
			t.Errorf("the cycle of another policy: %+v", c)
		}
		close(hold.open)
		must(w.RequestCycle(w.ctx, ended.ID))(t)
		if err := w.EndCycle(w.ctx, "unknown"); err != nil {
			t.Errorf("without a running cycle: %v", err)
		}
	})
}

// A client that disconnects while a cycle starts does not know its id.
func TestEndCyclesIncludesStartingCycle(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		p := w.policy("Sync")
		w.user("a@example.com", true)
		w.mail.set(func(f *fake) { // ends with its context only
			f.during = func(ctx context.Context, _ string) error {
				<-ctx.Done()
				return ctx.Err()
			}
		})
		began, proceed, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
		w.store.beforeCycle = func() {
			close(began)
			<-proceed
		}
		started := make(chan model.Cycle, 1)
		go func() {
			c, err := w.RequestCycle(w.ctx, p.ID)
			if err != nil {
				t.Error(err)
			}
			started <- c
		}()
		<-began
		canceled, cancelNow := context.WithCancel(w.ctx)
		cancelNow()
		if err := w.EndCycle(canceled, p.ID); !errors.Is(err, context.Canceled) {
			t.Errorf("ending without time to wait: %v", err)
		}
		go func() { ended <- w.EndCycle(w.ctx, p.ID) }()
		close(proceed)
		if err := <-ended; err != nil {
			t.Error(err)
		}
		c := must(w.Cycle(w.ctx, p.ID, (<-started).ID))(t)
		if c.State != model.CycleInterrupted || c.UsersDone != 0 {
			t.Errorf("the cycle: %+v", c)
		}
	})
}

func TestCycleContinuesAfterPolicyDelete(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		p, hold := w.policy("Sync"), newGate()
		u := w.user("a@example.com", true)
		w.mail.set(func(f *fake) { f.during = func(ctx context.Context, _ string) error { return hold.pass(ctx) } })
		running := must(w.RequestCycle(w.ctx, p.ID))(t)
		<-hold.entered
		if err := errors.Join(w.DeletePolicy(w.ctx, p.ID, 0), w.DeleteUser(w.ctx, u.ID, 0)); err != nil {
			t.Fatal(err)
		}
		close(hold.open)
		ended := w.waitForCycle(running)
		logs := w.logs(ended)
		if ended.State != model.CycleFinished || len(logs) != 2 || logs[0].PolicyName != "Sync" {
			t.Errorf("ended: %+v with %d logs", ended, len(logs))
		}
	})
}
