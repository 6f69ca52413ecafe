package plane

import (
	"context"
	"log/slog"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/jobs"
)

// makeQueue makes the queue of cycles. Start is called once there is an engine.
func (p *Plane) makeQueue(o Options) (start func()) {
	if !o.DurableCycles {
		worker := jobs.NewWorker(o.Logger)
		p.queue = worker
		return func() { worker.Start(p.engine) }
	}
	if p.logger == nil {
		p.logger = slog.New(slog.DiscardHandler)
	}
	p.durable = jobs.NewSliceWorker(p.logger)
	if store, ok := o.Store.(jobs.QueueStore); ok {
		if db, _ := store.QueueDB(); db != nil {
			p.durable = jobs.NewRiver(store, p.logger)
		}
	}
	p.queue = p.durable
	return func() {}
}

// Start begins to run cycles, with [Options.DurableCycles], and to continue those of processes that have stopped. Before it,
// cycles cannot be requested. Without that option, it does nothing.
func (p *Plane) Start(ctx context.Context) error {
	if p.durable == nil {
		return nil
	}
	if err := p.durable.Start(ctx, p.engine); err != nil {
		return err
	}
	p.watch = jobs.StartWatch(p.engine, p.logger)
	return nil
}

// Drain stops the durable cycles that run in this process after the users who are being checked, and takes no others. It does not
// wait: Close does. A front calls it first, so that cycles have the whole time of a stop.
func (p *Plane) Drain() {
	if p.durable != nil {
		p.durable.Drain()
	}
}

// WaitingCycles counts the cycles that wait for a process, over all processes with the same store.
func (p *Plane) WaitingCycles(ctx context.Context) (int, error) { return p.engine.WaitingCycles(ctx) }
