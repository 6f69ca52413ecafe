// Package jobs carries requested full sync cycles to what runs them: a [Queue] hands each of them to a [Runner], apart from the
// request. Which process a cycle belongs to, and what happens if that process is killed, are rules of package engine: a cycle
// has a lease, and the next request for a cycle of the same policy takes over one whose lease has expired, where it stopped
// (cycle.go and cycle_run.go there). Nothing starts a cycle by itself.
//
// A [Worker] is the queue of a control plane that is one process: it runs cycles as soon as they are requested.
package jobs

import (
	"context"

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
