package engine

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// runPause is the time between two looks at the lease of a run. In this time, a run that lasts renews its lease.
const runPause = leaseTime/3 + 2*time.Second

// runLeases are the leases of the clients' runs that this process is. A lease shows other machines that the run may still receive
// its responses; it expires soon after the process was killed.
type runLeases struct {
	mu   sync.Mutex
	held map[string]runLease
}

type runLease struct {
	*leases
	// life ends if the lease is lost.
	life context.Context //nolint:containedctx // it is the life of the lease
}

func runLeaseKey(runID string) string { return "run/" + runID }

// showRun acquires the lease of the caller's run, before the run creates an object.
func (e *Engine) showRun(ctx context.Context) error {
	id := CallerFrom(ctx).RunID
	if !e.leaseRuns || id == "" {
		return nil
	}
	e.runs.mu.Lock()
	defer e.runs.mu.Unlock()
	if shown, ok := e.runs.held[id]; ok && shown.life.Err() == nil {
		return nil
	}
	holder, err := e.newHolder()
	if err != nil {
		return err
	}
	var got []model.Lease
	err = e.store.Update(ctx, func(tx model.Tx) (err error) {
		got, err = e.acquire(ctx, tx, holder, []string{runLeaseKey(id)}, new(seenLeases))
		return err
	}, model.LeaseKey(runLeaseKey(id)))
	if errors.As(err, new(*heldError)) {
		return nil // another control plane of this process shows the run
	}
	if err != nil {
		return fmt.Errorf("show that the run %s lasts: %w", id, err)
	}
	life, held := e.hold(context.WithoutCancel(ctx), holder, got)
	if e.runs.held == nil {
		e.runs.held = map[string]runLease{}
	}
	e.runs.held[id] = runLease{leases: held, life: life}
	return nil
}

// EndRuns shows that the runs of clients in this process have ended: they receive no more responses.
func (e *Engine) EndRuns(ctx context.Context) {
	e.runs.mu.Lock()
	defer e.runs.mu.Unlock()
	for id, shown := range e.runs.held {
		delete(e.runs.held, id)
		shown.release(ctx)
	}
}

// runningError means that a name is taken by what an earlier run created, which may still receive the response.
type runningError struct {
	lease model.Lease
	// taken is the error if the run lasts.
	taken error
}

func (e *runningError) Error() string { return e.taken.Error() }

// checkRunEnded returns a *[runningError] if the lease of the run lasts.
func (e *Engine) checkRunEnded(ctx context.Context, tx model.Tx, runID string, taken error) error {
	if !e.leaseRuns {
		return nil
	}
	holder, err := e.newHolder()
	if err != nil {
		return err
	}
	free, err := e.acquire(ctx, tx, holder, []string{runLeaseKey(runID)}, new(seenLeases))
	if held := new(heldError); errors.As(err, &held) {
		return &runningError{lease: held.lease, taken: taken}
	}
	if err != nil {
		return err
	}
	if err := tx.ReleaseLease(ctx, free[0]); err != nil {
		return fmt.Errorf("release the lease of the run %s: %w", runID, err)
	}
	return nil
}

// afterEarlierRun calls do again while an earlier run may still receive the response. That ends when the run renews its lease,
// with the error that the name is taken, or when the lease expires.
func afterEarlierRun[T any](ctx context.Context, do func() (T, error)) (T, error) {
	var seen *model.Lease
	for {
		result, err := do()
		running := new(runningError)
		if !errors.As(err, &running) {
			return result, err
		}
		if seen != nil && (seen.Epoch != running.lease.Epoch || !seen.ExpiresAt.Equal(running.lease.ExpiresAt)) {
			return result, running.taken
		}
		seen = &running.lease
		select {
		case <-ctx.Done():
			return result, running.taken
		case <-time.After(runPause):
		}
	}
}
