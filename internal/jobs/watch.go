package jobs

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// watchPeriod is the time between two looks at the leases of running cycles. With the 90 seconds of a lease, a cycle is taken
// over within two minutes after its process was killed.
const watchPeriod = 10 * time.Second

// Watch continues cycles that were left, until it is closed.
type Watch struct {
	end   context.CancelFunc
	ended sync.WaitGroup
}

// StartWatch looks for cycles that were left, at once and then every 10 seconds.
func StartWatch(runner SliceRunner, log *slog.Logger) *Watch {
	ctx, cancel := context.WithCancel(context.Background())
	w := &Watch{end: cancel}
	w.ended.Go(func() {
		failing := false
		for {
			err := runner.ContinueCycles(ctx)
			if err != nil && !failing && ctx.Err() == nil { // a database that is down is reported once
				log.WarnContext(ctx, "left cycles are not continued", "error", err)
			}
			failing = err != nil
			select {
			case <-ctx.Done():
				return
			case <-time.After(watchPeriod):
			}
		}
	})
	return w
}

// Close ends it.
func (w *Watch) Close() {
	w.end()
	w.ended.Wait()
}
