package engine

import (
	"context"
	"fmt"
)

// runningCycle is a full sync cycle that this engine runs or is about to begin.
type runningCycle struct {
	policyID string
	cancel   context.CancelFunc
	// done is closed when its end is written down.
	done chan struct{}
}

// registerCycle notes that a cycle of the policy is about to begin, before it is there for others to see: so no cycle is missed by
// who ends all of them. The cycle lives as long as the context that is returned, which outlives the request; leave is called
// when it is over. Once the engine is closing, the error is ErrClosing.
func (e *Engine) registerCycle(ctx context.Context, policyID string) (life context.Context, leave func(), err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return nil, nil, ErrClosing
	}
	u := &runningCycle{policyID: policyID, done: make(chan struct{})}
	life, u.cancel = context.WithCancel(WithCaller(context.Background(), CallerFrom(ctx)))
	e.cycles[u] = true
	return life, func() {
		u.cancel()
		close(u.done)
		e.mu.Lock()
		defer e.mu.Unlock()
		delete(e.cycles, u)
	}, nil
}

// EndCycles ends the cycles of a policy that this engine runs, which end as interrupted, and waits for that as long as the
// context allows. Those that another engine runs on the same store go on.
func (e *Engine) EndCycles(ctx context.Context, policyID string) error {
	return e.cancelCycles(ctx, func(u *runningCycle) bool { return u.policyID == policyID })
}

func (e *Engine) cancelCycles(ctx context.Context, which func(*runningCycle) bool) error {
	e.mu.Lock()
	var ending []*runningCycle
	for u := range e.cycles {
		if which(u) {
			u.cancel()
			ending = append(ending, u)
		}
	}
	e.mu.Unlock()
	for _, u := range ending {
		select {
		case <-u.done:
		case <-ctx.Done():
			return fmt.Errorf("wait for running cycles to end: %w", ctx.Err())
		}
	}
	return nil
}
