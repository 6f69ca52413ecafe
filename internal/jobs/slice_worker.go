package jobs

import (
	"context"
	"log/slog"
	"sync"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// SliceWorker is a [Worker] that runs cycles in slices. Its queue is in memory: cycles that wait when the process stops are
// continued by the [Watch] of the next process.
type SliceWorker struct {
	*Worker

	stop func()
	// stopping is closed by stop.
	stopping chan struct{}
}

var _ DurableQueue = (*SliceWorker)(nil)

// NewSliceWorker makes a worker.
func NewSliceWorker(log *slog.Logger) *SliceWorker {
	w := &SliceWorker{Worker: NewWorker(log), stopping: make(chan struct{})}
	w.stop = sync.OnceFunc(func() { close(w.stopping) })
	return w
}

// Start says what runs the slices.
func (w *SliceWorker) Start(_ context.Context, runner SliceRunner) error {
	w.run = func(ctx context.Context, c model.Cycle) error {
		return runner.RunSlice(ctx, engine.Slice{CycleID: c.ID, Epoch: c.Epoch, Stop: w.stopping})
	}
	return nil
}

// Drain also takes no more cycles: they would wait in memory only.
func (w *SliceWorker) Drain() {
	w.mu.Lock()
	w.closed = true
	w.mu.Unlock()
	w.stop()
}

// Close gives the slices most of the time to stop after the user who is being checked.
func (w *SliceWorker) Close(ctx context.Context) error {
	w.Drain()
	soft, cancel := softStop(ctx)
	defer cancel()
	if w.wait(soft) == nil {
		return nil
	}
	return w.Worker.Close(ctx)
}
