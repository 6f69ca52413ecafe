package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// The limits of a slice. It must end before the limits of the queue for a job, see package jobs.
const (
	sliceUsers = 500
	sliceTime  = 5 * time.Minute
)

// errSliceEnd means that the next slice goes on with the cycle.
var errSliceEnd = errors.New("the slice of the cycle has ended")

// Slice is a part of a cycle, as a queue hands it out.
type Slice struct {
	CycleID string
	// Epoch is that of the cycle when the slice was enqueued. If the cycle has another one now, somebody else goes on with it.
	Epoch int64
	// Stop ends the slice after the user who is being checked; nil never does.
	Stop <-chan struct{}
}

// sliceEnd says when a slice ends.
type sliceEnd struct {
	users int
	at    time.Time
	stop  <-chan struct{}
}

// reached reports whether a slice that has checked so many users ends before the next one.
func (s *sliceEnd) reached(users int) bool {
	if s == nil {
		return false
	}
	select {
	case <-s.stop:
		return true
	default:
		return users >= s.users || users > 0 && !time.Now().Before(s.at)
	}
}

// RunSlice takes a cycle and runs it for up to 500 users or 5 minutes. Then, or if the context ends, it saves the progress and
// enqueues the next slice in one transaction: any process can run that one. A cycle that is asked to end does not go on.
//
// The error is [model.ErrCycleLost] as in [Engine.RunCycle], or that the progress could not be saved. Then the lease shows when
// the cycle was left, see [Engine.ContinueCycles]. A cycle that ended with a fault is not an error of the slice.
func (e *Engine) RunSlice(ctx context.Context, s Slice) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("run cycle %s: %w", s.CycleID, err)
	}
	r, err := e.takeCycle(context.WithoutCancel(ctx), s.CycleID, &s.Epoch)
	if err != nil {
		return fmt.Errorf("take cycle %s: %w", s.CycleID, err)
	}
	r.slice = &sliceEnd{users: e.sliceUsers, at: time.Now().Add(e.sliceTime), stop: s.Stop}
	cause, err := r.run(ctx)
	asked := errors.Is(cause, errCanceled)
	switch {
	case errors.Is(cause, model.ErrCycleLost), errors.Is(err, model.ErrCycleLost):
		return fmt.Errorf("run cycle %s: %w", s.CycleID, model.ErrCycleLost)
	case errors.Is(err, errSliceEnd), cause != nil && !asked:
		return r.handOver(context.WithoutCancel(ctx))
	case errors.As(err, new(*model.UnavailableError)): // a restart of the database interrupts no cycle
		return fmt.Errorf("run cycle %s: %w", s.CycleID, err)
	case err != nil && !asked:
		e.log.ErrorContext(ctx, "cycle interrupted", "cycle", s.CycleID, "error", err)
	}
	return r.end(context.WithoutCancel(ctx), err)
}

// handOver saves the progress, gives up the lease and enqueues the next slice.
func (r *cycleRun) handOver(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, auditTimeout)
	defer cancel()
	return r.state.saveAnd(ctx, r.unsaved, func(tx model.Tx, now time.Time) error {
		c := r.state.cycle
		c.Epoch, c.LeaseHolder, c.LeaseUntil = c.Epoch+1, "", new(now.Add(startLease))
		err := r.engine.enqueue(ctx, tx, c)
		if errors.Is(err, ErrClosing) { // this process stops, and only its memory has the queue
			c.LeaseUntil, err = &now, nil
		}
		if err != nil {
			return fmt.Errorf("enqueue the next slice: %w", err)
		}
		return tx.TakeCycle(ctx, c)
	})
}

// maxLeft limits the cycles of one look.
const maxLeft = 100

// ContinueCycles looks for cycles whose process has stopped, or that no process has started in time, and enqueues their next
// slices. Any number of processes can do so at the same time: what one has enqueued has a lease for the others.
func (e *Engine) ContinueCycles(ctx context.Context) error {
	var left []model.Cycle
	err := e.store.View(ctx, func(tx model.Tx) error {
		now, err := e.leaseClock(ctx, tx)
		if err != nil {
			return err
		}
		left, err = tx.LeftCycles(ctx, now, now.Add(cycleLease+maxSkew), maxLeft)
		return err
	})
	if err != nil {
		return fmt.Errorf("look for cycles that were left: %w", err)
	}
	var failed error
	for _, c := range left {
		if err := e.continueCycle(ctx, c.ID); err != nil {
			failed = errors.Join(failed, fmt.Errorf("continue cycle %s: %w", c.ID, err))
		}
	}
	return failed
}

func (e *Engine) continueCycle(ctx context.Context, id string) error {
	return e.store.Update(ctx, func(tx model.Tx) error {
		c, err := tx.CycleByID(ctx, id)
		if errors.Is(err, model.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		now, err := e.leaseClock(ctx, tx)
		switch {
		case err != nil:
			return err
		case c.State != model.CycleRunning || leased(&c, now):
			return nil // another process was faster
		case c.CancelRequestedAt != nil:
			return e.endLeft(ctx, tx, c)
		case c.LeaseHolder == "": // its slice still waits, or was lost: the queue knows by the epoch
			c.LeaseUntil = new(now.Add(startLease))
			err = tx.RenewCycle(ctx, c)
		default:
			e.log.WarnContext(ctx, "cycle taken over", "cycle", c.ID, "policy", c.PolicyID, "from", c.LeaseHolder)
			c.Epoch, c.LeaseHolder, c.LeaseUntil = c.Epoch+1, "", new(now.Add(startLease))
			err = tx.TakeCycle(ctx, c)
		}
		if err != nil {
			return err
		}
		return e.enqueue(ctx, tx, c)
	})
}

// WaitingCycles counts the cycles that wait for a process, over all processes.
func (e *Engine) WaitingCycles(ctx context.Context) (n int, err error) {
	err = e.store.Read(ctx, func(tx model.Tx) error {
		n, err = tx.CountWaitingCycles(ctx)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("count the waiting cycles: %w", err)
	}
	return n, nil
}
