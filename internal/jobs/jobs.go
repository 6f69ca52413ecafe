// Package jobs carries requested full sync cycles to what runs them, apart from the request. Which process a cycle belongs to,
// and what happens if that process is killed, are rules of package engine: a cycle has a lease, and it goes on where it stopped
// once the lease of its process has expired (cycle_run.go and cycle_slice.go there). The rows of the cycles are the truth: a
// queue may hand out a cycle twice or too late, or lose it, and no user is checked twice or left out.
//
// A [Worker] is the queue of a control plane that is one process. [River] is the queue of several processes with one PostgreSQL
// database: cycles run in slices, each in whichever process is free. A [Watch] continues the cycles of killed processes. Without
// it, the next request for a cycle of the same policy does so.
package jobs

import (
	"context"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// Queue has requested cycles run.
type Queue interface {
	// Enqueue has the cycle run once the transaction is committed, and forgets it if it is not. The context carries who
	// asked; its end does not end the cycle. Once the queue is closed, the error says that the control plane is shutting down.
	Enqueue(ctx context.Context, tx model.Tx, c model.Cycle) error
	// Close takes no more cycles and ends those that run in this process, as interrupted. It waits for them as long as the
	// context allows.
	Close(ctx context.Context) error
}

// Runner runs a cycle to its end. The engine is one.
type Runner interface {
	// RunCycle runs a requested cycle. If the context ends, so does the cycle, as interrupted.
	RunCycle(ctx context.Context, cycleID string) error
}

// SliceRunner runs cycles in slices. The engine is one.
type SliceRunner interface {
	// RunSlice runs a slice, and enqueues the next one. If the context ends, the next slice goes on with the cycle.
	RunSlice(ctx context.Context, s engine.Slice) error
	// ContinueCycles enqueues slices of the cycles whose process has stopped.
	ContinueCycles(ctx context.Context) error
}

// DurableQueue is a queue of slices. Its cycles survive the process.
type DurableQueue interface {
	Queue
	// Start says what runs the slices, and begins to hand them out. It is called once.
	Start(ctx context.Context, runner SliceRunner) error
	// Drain hands out no more slices, and stops those that run in this process after the user who is being checked. Close waits for
	// them.
	Drain()
}
