package engine_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

func TestLeftCyclesAreContinued(t *testing.T) {
	t.Parallel()
	eachSliced(t, func(t *testing.T, w *fixture, s *sliceQueue) {
		p := w.policy("Sync")
		w.insertUsers(5)
		left := w.leaveCycle(p)
		look := func(want int) {
			t.Helper()
			if err := w.ContinueCycles(w.ctx); err != nil || len(s.all) != want {
				t.Fatalf("%v, %d slices are enqueued, want %d", err, len(s.all), want)
			}
		}
		look(0) // its process may live
		w.clock.advance(cycleLease + time.Second)
		look(1)
		look(1) // the slice has a lease of its own
		slice := s.next(t)
		if slice.Epoch <= left.Epoch {
			t.Errorf("the slice has the epoch %d, and the killed process had %d", slice.Epoch, left.Epoch)
		}
		w.clock.advance(time.Minute) // the queue is slow, or lost the slice
		look(1)
		if again := s.next(t); again != slice {
			t.Errorf("enqueued %+v, want %+v once more: a queue drops what it has already", again, slice)
		}
		if err := w.RunSlice(w.ctx, slice); err != nil {
			t.Fatal(err)
		}
		ended := must(w.Cycle(w.ctx, p.ID, left.ID))(t)
		if ended.State != model.CycleFinished || ended.UsersDone != 5 {
			t.Errorf("the cycle: %+v", ended)
		}
		w.expectOneLogEach(ended)
		look(0)
	})
}

func TestLeftCycleThatIsToEndEnds(t *testing.T) {
	t.Parallel()
	eachSliced(t, func(t *testing.T, w *fixture, s *sliceQueue) {
		p := w.policy("Sync")
		left := w.leaveCycle(p)
		err := w.store.Update(w.ctx, func(tx model.Tx) error { return tx.RequestCancel(w.ctx, left.ID, w.clock.Now()) })
		if err != nil {
			t.Fatal(err)
		}
		w.clock.advance(cycleLease + time.Second)
		if err := w.ContinueCycles(w.ctx); err != nil || len(s.all) != 0 {
			t.Fatalf("%v, %d slices are enqueued", err, len(s.all))
		}
		if c := must(w.Cycle(w.ctx, p.ID, left.ID))(t); c.State != model.CycleInterrupted {
			t.Errorf("the cycle: %+v", c)
		}
	})
}

// A bug in a check ends the slice, and the cycle is continued as if its process had been killed.
func TestPanicOfSliceGivesUpTheLease(t *testing.T) {
	t.Parallel()
	eachSliced(t, func(t *testing.T, w *fixture, s *sliceQueue) {
		p := w.policy("Sync")
		w.insertUsers(3)
		w.mail.set(func(f *fake) {
			f.during = func(_ context.Context, user string) error { return errors.New(strings.Repeat(user, -1)) } // panics
		})
		id := must(w.RequestCycle(w.ctx, p.ID))(t).ID
		func() {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			_ = w.RunSlice(w.ctx, s.next(t))
		}()
		w.mail.set(func(f *fake) { f.during = nil })
		w.clock.advance(cycleLease + time.Second)
		if err := w.ContinueCycles(w.ctx); err != nil {
			t.Fatal(err)
		}
		if err := w.RunSlice(w.ctx, s.next(t)); err != nil {
			t.Fatal(err)
		}
		w.expectOneLogEach(must(w.Cycle(w.ctx, p.ID, id))(t))
	})
}

// absent is a store whose database can be out of reach for what writes.
type absent struct {
	model.Store
	down atomic.Bool
}

func (s *absent) Update(ctx context.Context, f func(model.Tx) error, keys ...model.WriteKey) error {
	if s.down.Load() {
		return &model.UnavailableError{Place: "postgres://db/riva", Reason: "did not answer", Err: errors.New("connection reset")}
	}
	return s.Store.Update(ctx, f, keys...)
}

// A restart of the database interrupts no cycle: the next process continues it.
func TestSliceSurvivesRestartOfDatabase(t *testing.T) {
	t.Parallel()
	eachSliced(t, func(t *testing.T, w *fixture, s *sliceQueue) {
		p, database := w.policy("Sync"), &absent{Store: w.store}
		w.insertUsers(150) // more than are saved together
		failing := engine.New(database, engine.Options{Enqueue: s.enqueue, Systems: w.Systems(), Now: w.clock.Now})
		w.mail.set(func(f *fake) {
			f.during = func(_ context.Context, user string) error {
				if user == "user000020@example.com" {
					database.down.Store(true)
				}
				return nil
			}
		})
		id := must(w.RequestCycle(w.ctx, p.ID))(t).ID
		slice := s.next(t)
		if err := failing.RunSlice(w.ctx, slice); !errors.As(err, new(*model.UnavailableError)) {
			t.Fatalf("got %v", err)
		}
		w.running(p, id)
		w.mail.set(func(f *fake) { f.during = nil })
		w.clock.advance(cycleLease + time.Second)
		if err := w.ContinueCycles(w.ctx); err != nil {
			t.Fatal(err)
		}
		for c := w.running(p, id); c.State == model.CycleRunning; c = must(w.Cycle(w.ctx, p.ID, id))(t) {
			if err := w.RunSlice(w.ctx, s.next(t)); err != nil {
				t.Fatal(err)
			}
		}
		w.expectOneLogEach(must(w.Cycle(w.ctx, p.ID, id))(t))
	})
}

// A process that was stopped for longer than its lease saves nothing when it goes on, not even its next slice.
func TestSliceWithoutLeaseSavesNothing(t *testing.T) {
	t.Parallel()
	eachSliced(t, func(t *testing.T, w *fixture, s *sliceQueue) {
		w.insertUsers(3)
		held := w.holdSlice(s)
		w.mail.set(func(f *fake) { f.during = nil })
		w.clock.advance(2 * cycleLease)
		if err := w.ContinueCycles(w.ctx); err != nil {
			t.Fatal(err)
		}
		if err := w.RunSlice(w.ctx, s.next(t)); err != nil {
			t.Fatal(err)
		}
		close(held.hold.open)
		if err := <-held.ran; !errors.Is(err, model.ErrCycleLost) {
			t.Errorf("the earlier process: %v", err)
		}
		ended := must(w.Cycle(w.ctx, held.policyID, held.cycleID))(t)
		if ended.State != model.CycleFinished || ended.UsersDone != 3 || len(s.all) != 0 {
			t.Errorf("the cycle: %+v, %d slices are enqueued", ended, len(s.all))
		}
		w.expectOneLogEach(ended)
	})
}
