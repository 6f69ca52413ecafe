package engine

import (
	"context"
	"fmt"
)

// runningCycle is a full sync cycle that this engine runs or is about to start.
type runningCycle struct {
	policyID string
	cancel   context.CancelFunc
	// done is closed when its end is saved.
	done chan struct{}
}

// registerCycle registers a cycle of the policy before it is stored, so that EndCycles and Close do not miss it. The returned
// context is the context of the cycle; it outlives the request. The caller must call unregister when the cycle has ended. While
// the engine is closing, the error is ErrClosing.
func (e *Engine) registerCycle(ctx context.Context, policyID string) (cycleCtx context.Context, unregister func(), err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return nil, nil, ErrClosing
	}
	running := &runningCycle{policyID: policyID, done: make(chan struct{})}
	cycleCtx, running.cancel = context.WithCancel(WithCaller(context.Background(), CallerFrom(ctx)))
	e.cycles[running] = true
	return cycleCtx, func() {
		running.cancel()
		close(running.done)
		e.mu.Lock()
		defer e.mu.Unlock()
		delete(e.cycles, running)
	}, nil
}

// EndCycles cancels the cycles of a policy that this engine runs, which end as interrupted, and waits for them until the
// context is done. Cycles that another engine runs on the same store continue.
func (e *Engine) EndCycles(ctx context.Context, policyID string) error {
	return e.cancelCycles(ctx, func(running *runningCycle) bool { return running.policyID == policyID })
}

func (e *Engine) cancelCycles(ctx context.Context, matches func(*runningCycle) bool) error {
	e.mu.Lock()
	var canceled []*runningCycle
	for running := range e.cycles {
		if matches(running) {
			running.cancel()
			canceled = append(canceled, running)
		}
	}
	e.mu.Unlock()
	for _, running := range canceled {
		select {
		case <-running.done:
		case <-ctx.Done():
			return fmt.Errorf("wait for running cycles to end: %w", ctx.Err())
		}
	}
	return nil
}
