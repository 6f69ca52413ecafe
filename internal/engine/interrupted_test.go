package engine_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
)

func TestOneCycleOfAPolicyRunsAtATime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, hold := w.policy("Sync"), newGate()
	w.user("a@example.com", true)
	w.mail.set(func(f *fake) { f.before = hold.pass })
	running := must(w.StartCycle(w.ctx, p.ID))(t)
	<-hold.entered
	if _, err := w.StartCycle(w.ctx, p.ID); !errors.Is(err, engine.ErrCycleRunning) {
		t.Errorf("a second cycle: %v", err)
	}
	// The control plane that ran it is silent for too long: the next cycle takes its place.
	w.clock.advance(2 * time.Minute)
	next := must(w.StartCycle(w.ctx, p.ID))(t)
	if c := w.end(running); c.State != engine.CycleInterrupted {
		t.Errorf("the silent cycle: %+v", c)
	}
	close(hold.open)
	if c := w.end(next); c.State != engine.CycleFinished || c.UsersDone != 1 {
		t.Errorf("the next cycle: %+v", c)
	}
	if err := w.Close(w.ctx); err != nil {
		t.Fatal(err)
	}
	c := must(w.Cycle(w.ctx, p.ID, running.ID))(t)
	if c.State != engine.CycleInterrupted || len(w.logs(c)) != 0 {
		t.Errorf("the silent cycle woke up and went on: %+v", c)
	}
}

func TestClosingInterruptsRunningCycles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
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
	running := must(w.StartCycle(ctx, p.ID))(t)
	<-hold.entered
	cancel() // the request is over; the cycle goes on
	late, gone := context.WithCancel(w.ctx)
	gone()
	if err := w.Close(late); err != nil && !errors.Is(err, context.Canceled) {
		t.Errorf("closing without time to wait: %v", err)
	}
	if err := w.Close(w.ctx); err != nil {
		t.Fatal(err)
	}
	c := must(w.Cycle(w.ctx, p.ID, running.ID))(t)
	if c.State != engine.CycleInterrupted || c.FinishedAt == nil || c.UsersDone != 1 || c.UsersFaulty != 0 {
		t.Errorf("the cycle: %+v", c)
	}
	for _, l := range w.logs(c) {
		if !l.Passed {
			t.Errorf("closing was taken for a fault: %+v", l)
		}
	}
	if _, err := w.StartCycle(w.ctx, p.ID); !errors.Is(err, engine.ErrClosing) {
		t.Errorf("a cycle after closing: %v", err)
	}
}

func TestACycleOutlivesItsPolicy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p, hold := w.policy("Sync"), newGate()
	u := w.user("a@example.com", true)
	w.mail.set(func(f *fake) { f.during = func(ctx context.Context, _ string) error { return hold.pass(ctx) } })
	running := must(w.StartCycle(w.ctx, p.ID))(t)
	<-hold.entered
	if err := errors.Join(w.DeletePolicy(w.ctx, p.ID, 0), w.DeleteUser(w.ctx, u.ID, 0)); err != nil {
		t.Fatal(err)
	}
	close(hold.open)
	ended := w.end(running)
	logs := w.logs(ended)
	if ended.State != engine.CycleFinished || len(logs) != 2 || logs[0].PolicyName != "Sync" {
		t.Errorf("ended: %+v with %d logs", ended, len(logs))
	}
}

// gate holds back what wants to pass until it is opened.
type gate struct {
	entered chan struct{}
	open    chan struct{}
}

func newGate() *gate { return &gate{entered: make(chan struct{}, 8), open: make(chan struct{})} }

func (g *gate) pass(ctx context.Context) error {
	g.entered <- struct{}{}
	select {
	case <-g.open:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
