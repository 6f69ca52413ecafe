package engine_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// sliceQueue is a queue from which the test takes the slices.
type sliceQueue struct {
	all    chan engine.Slice
	closed bool
}

func newSliceQueue() *sliceQueue { return &sliceQueue{all: make(chan engine.Slice, 16)} }

func (s *sliceQueue) enqueue(_ context.Context, tx model.Tx, c model.Cycle) error {
	if s.closed {
		return engine.ErrClosing
	}
	tx.OnEnd(func(committed bool) {
		if committed {
			s.all <- engine.Slice{CycleID: c.ID, Epoch: c.Epoch}
		}
	})
	return nil
}

// next is the slice that was enqueued first; it must have been enqueued.
func (s *sliceQueue) next(t *testing.T) engine.Slice {
	t.Helper()
	select {
	case slice := <-s.all:
		return slice
	default:
		t.Fatal("no slice is enqueued")
		return engine.Slice{}
	}
}

// eachSliced runs a test with slices of 40 users.
func eachSliced(t *testing.T, run func(*testing.T, *fixture, *sliceQueue)) {
	t.Helper()
	eachFixture(t, func(t *testing.T, w *fixture) {
		s := newSliceQueue()
		w.Engine = engine.New(w.store, engine.Options{
			Enqueue: s.enqueue, Systems: w.Systems(), Now: w.clock.Now, SliceUsers: 40,
		})
		run(t, w, s)
	})
}

// running is a cycle that must be running.
func (w *fixture) running(p model.Policy, id string) model.Cycle {
	w.t.Helper()
	c := must(w.Cycle(w.ctx, p.ID, id))(w.t)
	if c.State != model.CycleRunning {
		w.t.Fatalf("the cycle is %+v", c)
	}
	return c
}

func TestCycleRunsInSlices(t *testing.T) {
	t.Parallel()
	eachSliced(t, func(t *testing.T, w *fixture, s *sliceQueue) {
		p := w.policy("Sync")
		w.insertUsers(80)
		w.user("away@example.com", false)
		id := must(w.RequestCycle(w.ctx, p.ID))(t).ID
		signedIn := w.mail.calls()
		first := s.next(t)
		if n := must(w.WaitingCycles(w.ctx))(t); n != 1 {
			t.Errorf("%d cycles wait, want the requested one", n)
		}
		if err := w.RunSlice(w.ctx, first); err != nil {
			t.Fatal(err)
		}
		c := w.running(p, id)
		if c.UsersDone != 40 || c.Cursor != userID(40) || c.LeaseHolder != "" {
			t.Errorf("after the first slice: %+v", c)
		}
		if _, err := w.RequestCycle(w.ctx, p.ID); !errors.Is(err, model.ErrCycleRunning) {
			t.Errorf("a request between the slices: %v", err)
		}
		if err := w.RunSlice(w.ctx, first); !errors.Is(err, model.ErrCycleLost) {
			t.Errorf("the first slice once more: %v", err)
		}
		if err := w.RunSlice(w.ctx, s.next(t)); err != nil {
			t.Fatal(err)
		}
		ended := must(w.Cycle(w.ctx, p.ID, id))(t)
		if ended.State != model.CycleFinished || ended.UsersDone != 80 || ended.UsersTotal != 80 {
			t.Errorf("after the second slice: %+v", ended)
		}
		w.expectOneLogEach(ended)
		if got := w.mail.calls() - signedIn; got != 2 {
			t.Errorf("%d sign-ins, want one for each slice", got)
		}
		if len(s.all) != 0 {
			t.Error("another slice is enqueued")
		}
	})
}

// heldSlice is a slice that runs and waits at its first user.
type heldSlice struct {
	policyID, cycleID string
	slice             engine.Slice
	hold              *gate
	ran               chan error
}

// holdSlice requests a cycle, and runs its first slice up to the first user.
func (w *fixture) holdSlice(s *sliceQueue) heldSlice {
	h := heldSlice{policyID: w.policy("Sync").ID, hold: newGate(), ran: make(chan error, 1)}
	w.mail.set(func(f *fake) { f.during = func(ctx context.Context, _ string) error { return h.hold.pass(ctx) } })
	h.cycleID = must(w.RequestCycle(w.ctx, h.policyID))(w.t).ID
	h.slice = s.next(w.t)
	go func() { h.ran <- w.RunSlice(w.ctx, h.slice) }()
	<-h.hold.entered
	return h
}

// A queue hands out a slice twice, for example if it takes a job for one of a killed process.
func TestSliceRunsOnce(t *testing.T) {
	t.Parallel()
	eachSliced(t, func(t *testing.T, w *fixture, s *sliceQueue) {
		w.insertUsers(10)
		held := w.holdSlice(s)
		if err := w.RunSlice(w.ctx, held.slice); !errors.Is(err, model.ErrCycleLost) {
			t.Errorf("while it runs: %v", err)
		}
		close(held.hold.open)
		go func() {
			for range held.hold.entered { // the rest may pass
			}
		}()
		if err := <-held.ran; err != nil {
			t.Fatal(err)
		}
		close(held.hold.entered)
		w.expectOneLogEach(must(w.Cycle(w.ctx, held.policyID, held.cycleID))(t))
	})
}

// A process that stops lets the next slice go on, and does not end the cycle.
func TestStoppedSliceIsContinued(t *testing.T) {
	t.Parallel()
	for name, stop := range map[string]func(cancel func(), stop chan struct{}){
		"after the user":       func(_ func(), stop chan struct{}) { close(stop) },
		"by canceling":         func(cancel func(), _ chan struct{}) { cancel() },
		"after the user first": func(cancel func(), stop chan struct{}) { close(stop); cancel() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachSliced(t, func(t *testing.T, w *fixture, s *sliceQueue) {
				p := w.policy("Sync")
				w.insertUsers(30)
				ctx, cancel := context.WithCancel(w.ctx)
				defer cancel()
				stopping, checked := make(chan struct{}), 0
				w.mail.set(func(f *fake) {
					f.during = func(context.Context, string) error {
						if checked++; checked == 10 {
							stop(cancel, stopping)
						}
						return nil
					}
				})
				id := must(w.RequestCycle(w.ctx, p.ID))(t).ID
				slice := s.next(t)
				slice.Stop = stopping
				if err := w.RunSlice(ctx, slice); err != nil {
					t.Fatal(err)
				}
				if c := w.running(p, id); c.UsersDone == 0 || c.UsersDone >= 30 || c.LeaseHolder != "" {
					t.Errorf("stopped: %+v", c)
				}
				if err := w.RunSlice(w.ctx, s.next(t)); err != nil {
					t.Fatal(err)
				}
				ended := must(w.Cycle(w.ctx, p.ID, id))(t)
				if ended.State != model.CycleFinished {
					t.Errorf("continued: %+v", ended)
				}
				w.expectOneLogEach(ended)
			})
		})
	}
}

// A queue in memory takes nothing more when its process stops. The next process finds the cycle at once.
func TestSliceOfClosedQueueIsFound(t *testing.T) {
	t.Parallel()
	eachSliced(t, func(t *testing.T, w *fixture, s *sliceQueue) {
		p := w.policy("Sync")
		w.insertUsers(50)
		id := must(w.RequestCycle(w.ctx, p.ID))(t).ID
		s.closed = true
		if err := w.RunSlice(w.ctx, s.next(t)); err != nil {
			t.Fatal(err)
		}
		s.closed = false
		w.clock.advance(time.Microsecond)
		if err := w.ContinueCycles(w.ctx); err != nil {
			t.Fatal(err)
		}
		if err := w.RunSlice(w.ctx, s.next(t)); err != nil {
			t.Fatal(err)
		}
		w.expectOneLogEach(must(w.Cycle(w.ctx, p.ID, id))(t))
	})
}
