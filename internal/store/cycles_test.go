package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
)

// runningCycle is a cycle that a process has taken.
func runningCycle(t *testing.T, p model.Policy) model.Cycle {
	t.Helper()
	c := fullCycle(t, p)
	c.State, c.FinishedAt, c.Epoch, c.LeaseHolder, c.LeaseUntil = model.CycleRunning, nil, 3, "a", new(after(time.Minute))
	return c
}

func cycleByID(t *testing.T, s *store.Store, id string) model.Cycle {
	t.Helper()
	return view(t, s, func(tx model.Tx) (model.Cycle, error) { return tx.CycleByID(t.Context(), id) })
}

func TestOneRunningCyclePerPolicy(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		p, other := plainPolicy(t, "one"), plainPolicy(t, "other")
		c, foreign := runningCycle(t, p), runningCycle(t, other)
		insertCycles(t, s, fullCycle(t, p), c, fullCycle(t, p), foreign)
		err := s.Update(ctx, func(tx model.Tx) error { return tx.InsertCycle(ctx, runningCycle(t, p)) })
		if !errors.Is(err, model.ErrCycleRunning) {
			t.Errorf("a second running cycle: %v", err)
		}
		running := func(tx model.Tx) (model.Cycle, error) { return tx.RunningCycle(ctx, p.ID) }
		equal(t, "running cycle", view(t, s, running), c)

		c.State, c.FinishedAt, c.UsersDone, c.Cursor = model.CycleInterrupted, new(after(time.Hour)), 3, "u"
		change(t, s, func(tx model.Tx) error { return tx.SaveCycle(ctx, c) })
		equal(t, "saved cycle", cycleByID(t, s, c.ID), c)
		err = s.View(ctx, func(tx model.Tx) error { _, err := running(tx); return err })
		if !errors.Is(err, model.ErrNotFound) {
			t.Errorf("running cycle after its end: %v", err)
		}
		err = s.View(ctx, func(tx model.Tx) error { _, err := tx.Cycle(ctx, other.ID, c.ID); return err })
		if !errors.Is(err, model.ErrNotFound) {
			t.Errorf("cycle under another policy: %v", err)
		}
	})
}

// What a process wants to save after another one has taken its cycle, or after the end, is not saved.
func TestCycleIsFencedByItsEpoch(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		old := runningCycle(t, plainPolicy(t, "one"))
		insertCycles(t, s, old)
		taken := old
		taken.Epoch, taken.LeaseHolder = old.Epoch+1, "b"
		change(t, s, func(tx model.Tx) error { return tx.TakeCycle(ctx, taken) })
		lost := map[string]func(model.Tx) error{
			"save":  func(tx model.Tx) error { return tx.SaveCycle(ctx, old) },
			"renew": func(tx model.Tx) error { return tx.RenewCycle(ctx, old) },
			"take":  func(tx model.Tx) error { return tx.TakeCycle(ctx, taken) },
		}
		for what, f := range lost {
			if err := s.Update(ctx, f); !errors.Is(err, model.ErrCycleLost) {
				t.Errorf("%s in an earlier epoch: %v", what, err)
			}
		}
		taken.HeartbeatAt, taken.LeaseUntil = after(time.Second), new(after(time.Hour))
		taken.CancelRequestedAt = new(after(time.Minute))
		change(t, s, func(tx model.Tx) error {
			return errors.Join(tx.RenewCycle(ctx, taken), tx.RequestCancel(ctx, taken.ID, *taken.CancelRequestedAt))
		})
		equal(t, "taken cycle", cycleByID(t, s, old.ID), taken)

		taken.State = model.CycleFinished
		change(t, s, func(tx model.Tx) error { return tx.SaveCycle(ctx, taken) })
		lost = map[string]func(model.Tx) error{
			"save":   func(tx model.Tx) error { return tx.SaveCycle(ctx, taken) },
			"renew":  func(tx model.Tx) error { return tx.RenewCycle(ctx, taken) },
			"cancel": func(tx model.Tx) error { return tx.RequestCancel(ctx, taken.ID, startTime) },
		}
		for what, f := range lost {
			if err := s.Update(ctx, f); !errors.Is(err, model.ErrCycleLost) {
				t.Errorf("%s after the end: %v", what, err)
			}
		}
	})
}
