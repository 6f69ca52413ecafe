// Package jobs decides who runs full sync cycles and when. The engine requests a cycle by writing its row, and enqueues it in
// the same transaction; a [Queue] has it run by a [Runner], apart from the request, in this process or in another one.
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
