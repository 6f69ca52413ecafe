package engine_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/jobs"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

const year = 365 * 24 * time.Hour

// second is another engine on the database and with the clock of a fixture, as in another process. The target systems are the
// same.
func (w *fixture) second() *engine.Engine {
	w.t.Helper()
	worker := jobs.NewWorker(nil)
	second := engine.New(w.store, engine.Options{
		Systems: []*target.System{w.crm.System, w.mail.System}, Enqueue: worker.Enqueue, Now: w.clock.Now,
	})
	worker.Start(second)
	w.t.Cleanup(func() {
		if err := worker.Close(context.Background()); err != nil {
			w.t.Error(err)
		}
	})
	return second
}

// Whatever the clock does, there is one cycle with one log for each user and connection: another process either leaves it
// alone, or takes it over.
func TestOneCycleWhileClockJumps(t *testing.T) {
	t.Parallel()
	for name, jumps := range map[string][]time.Duration{
		"a little ahead":      {10 * time.Second},
		"a little back":       {-10 * time.Second},
		"ahead for good":      {year},
		"back for good":       {-year},
		"ahead and back":      {year, -year},
		"back and ahead":      {-year, year},
		"to and fro":          {time.Hour, -2 * time.Hour, 3 * time.Hour},
		"just over the lease": {cycleLease + time.Second, -cycleLease},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachFixture(t, func(t *testing.T, w *fixture) {
				p, hold := w.policy("Sync"), newGate()
				w.insertUsers(450)
				w.mail.set(func(f *fake) {
					f.during = func(ctx context.Context, user string) error {
						if user == "user000300@example.com" {
							return hold.pass(ctx)
						}
						return nil
					}
				})
				running := must(w.RequestCycle(w.ctx, p.ID))(t)
				<-hold.entered
				second := w.second()
				for _, jump := range jumps {
					w.clock.advance(jump)
					taken, err := second.RequestCycle(w.ctx, p.ID)
					if err == nil && taken.ID != running.ID || err != nil && !errors.Is(err, model.ErrCycleRunning) {
						t.Fatalf("after a jump by %s: requested %+v, %v", jump, taken, err)
					}
					if err == nil { // it continues with the users of the last save, up to the one that is held
						<-hold.entered
					}
				}
				close(hold.open)
				ended := w.awaitEnd(p.ID, running.ID)
				if ended.State != model.CycleFinished || ended.UsersFaulty != 0 {
					t.Errorf("the cycle: %+v", ended)
				}
				w.expectOneLogEach(ended)
				next := w.cycle(p.ID)
				if next.ID == running.ID || next.State != model.CycleFinished {
					t.Errorf("the next cycle: %+v", next)
				}
			})
		})
	}
}

// A small difference of two clocks must not make one process take a cycle from the other.
func TestCycleIsNotTakenByClockBehind(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		p, hold := w.policy("Sync"), newGate()
		w.user("a@example.com", true)
		w.mail.set(func(f *fake) { f.before = hold.pass })
		running := must(w.RequestCycle(w.ctx, p.ID))(t)
		<-hold.entered
		w.clock.advance(-2 * time.Second)
		if _, err := w.second().RequestCycle(w.ctx, p.ID); !errors.Is(err, model.ErrCycleRunning) {
			t.Errorf("a request with a clock that is behind: %v", err)
		}
		close(hold.open)
		if c := w.waitForCycle(running); c.State != model.CycleFinished {
			t.Errorf("the cycle: %+v", c)
		}
	})
}

// leaveCycle makes a running cycle whose process has stopped.
func (w *fixture) leaveCycle(p model.Policy) model.Cycle {
	w.t.Helper()
	now := w.clock.Now()
	c := model.Cycle{
		ID: "01900000-0000-7000-8000-00000000c1c1", PolicyID: p.ID, PolicyName: p.Name, State: model.CycleRunning, StartedAt: now,
		HeartbeatAt: now, Epoch: 3, LeaseHolder: "process 1 on stopped#1", LeaseUntil: new(now.Add(cycleLease)),
	}
	if err := w.store.Update(w.ctx, func(tx model.Tx) error { return tx.InsertCycle(w.ctx, c) }); err != nil {
		w.t.Fatal(err)
	}
	return c
}

// What a process left behind can be continued no later than a lease lasts, counted from the jump.
func TestLeftCycleContinuesAfterClockJump(t *testing.T) {
	t.Parallel()
	for name, jump := range map[string]time.Duration{
		"none": 0, "ahead": year, "back by years": -year, "back by an hour": -time.Hour, "back by a minute": -time.Minute,
		"back by seconds": -5 * time.Second,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachFixture(t, func(t *testing.T, w *fixture) {
				p := w.policy("Sync")
				w.user("a@example.com", true)
				left := w.leaveCycle(p)
				w.clock.advance(jump)
				c, err := w.RequestCycle(w.ctx, p.ID)
				if errors.Is(err, model.ErrCycleRunning) {
					w.clock.advance(2 * cycleLease)
					c, err = w.RequestCycle(w.ctx, p.ID)
				}
				if err != nil || c.ID != left.ID {
					t.Fatalf("requested %+v, %v", c, err)
				}
				if c = w.waitForCycle(c); c.State != model.CycleFinished || c.UsersDone != 1 {
					t.Errorf("the cycle: %+v", c)
				}
			})
		})
	}
}

// A cycle that was asked to end, and whose process stopped before it did, must not be all that the next request gets.
func TestLeftCycleThatWasCanceledIsNotContinued(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		p := w.policy("Sync")
		w.user("a@example.com", true)
		left := w.leaveCycle(p)
		err := w.store.Update(w.ctx, func(tx model.Tx) error { return tx.RequestCancel(w.ctx, left.ID, w.clock.Now()) })
		if err != nil {
			t.Fatal(err)
		}
		w.clock.advance(2 * cycleLease)
		c := w.cycle(p.ID)
		if c.ID == left.ID || c.State != model.CycleFinished || c.UsersDone != 1 {
			t.Errorf("the next cycle: %+v", c)
		}
		if c := must(w.Cycle(w.ctx, p.ID, left.ID))(t); c.State != model.CycleInterrupted || c.FinishedAt == nil {
			t.Errorf("the cycle that was asked to end: %+v", c)
		}
	})
}

// Nothing runs that could end a cycle whose process has stopped.
func TestEndCycleOfStoppedProcess(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		p := w.policy("Sync")
		w.user("a@example.com", true)
		left := w.leaveCycle(p)
		w.clock.advance(2 * cycleLease)
		timeout, cancel := context.WithTimeout(w.ctx, 10*time.Second)
		defer cancel()
		if err := w.EndCycle(timeout, p.ID); err != nil {
			t.Fatal(err)
		}
		if c := must(w.Cycle(w.ctx, p.ID, left.ID))(t); c.State != model.CycleInterrupted || c.FinishedAt == nil ||
			c.Epoch <= left.Epoch {
			t.Errorf("the cycle: %+v", c)
		}
		if c := w.cycle(p.ID); c.State != model.CycleFinished {
			t.Errorf("the next cycle: %+v", c)
		}
	})
}
