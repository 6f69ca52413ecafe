package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// maxRunning is how many cycles run at the same time; others wait for their turn.
const maxRunning = 8

// Worker runs cycles in this process, each in a goroutine of its own.
type Worker struct {
	// run runs a cycle, or a slice of it.
	run   func(ctx context.Context, c model.Cycle) error
	log   *slog.Logger
	slots chan struct{}

	mu     sync.Mutex
	closed bool
	end    context.CancelFunc
	life   context.Context //nolint:containedctx // the life of the worker: what it runs outlives every request
	jobs   sync.WaitGroup
}

var _ Queue = (*Worker)(nil)

// NewWorker makes a worker. Start says what runs the cycles, which may know the worker in turn.
func NewWorker(log *slog.Logger) *Worker {
	w := &Worker{log: log, slots: make(chan struct{}, maxRunning)}
	if w.log == nil {
		w.log = slog.New(slog.DiscardHandler)
	}
	w.life, w.end = context.WithCancel(context.Background())
	return w
}

// Start says what runs the cycles. It is called once, before the first Enqueue.
func (w *Worker) Start(runner Runner) {
	w.run = func(ctx context.Context, c model.Cycle) error { return runner.RunCycle(ctx, c.ID) }
}

// Enqueue counts the cycle before its transaction ends, so that Close misses none.
func (w *Worker) Enqueue(ctx context.Context, tx model.Tx, c model.Cycle) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return engine.ErrClosing
	}
	w.jobs.Add(1)
	tx.OnEnd(func(committed bool) {
		if !committed {
			w.jobs.Done()
			return
		}
		go w.carryOut(context.WithoutCancel(ctx), c)
	})
	return nil
}

// carryOut gives the cycle the values of the request that asked for it, and the life of the worker.
func (w *Worker) carryOut(values context.Context, c model.Cycle) {
	defer w.jobs.Done()
	ctx, cancel := context.WithCancel(values)
	defer cancel()
	defer context.AfterFunc(w.life, cancel)()
	select {
	case w.slots <- struct{}{}:
		defer func() { <-w.slots }()
	case <-ctx.Done(): // running it with the context writes down that it ended
	}
	err := w.run(ctx, c)
	switch {
	case errors.Is(err, model.ErrCycleLost):
		w.log.WarnContext(ctx, "cycle stopped: another process has it, or ended it", "cycle", c.ID, "policy", c.PolicyID)
	case err != nil:
		w.log.ErrorContext(ctx, "cycle interrupted", "cycle", c.ID, "policy", c.PolicyID, "error", err)
	}
}

// Close ends the cycles that run here.
func (w *Worker) Close(ctx context.Context) error {
	w.mu.Lock()
	w.closed = true
	w.mu.Unlock()
	w.end()
	return w.wait(ctx)
}

// wait waits for what runs as long as the context allows.
func (w *Worker) wait(ctx context.Context) error {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		w.jobs.Wait()
	}()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait for running cycles to end: %w", ctx.Err())
	}
}
