package engine

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

const (
	// cycleWatch is how often a running cycle looks whether it was asked to end, or taken over.
	cycleWatch = 500 * time.Millisecond
	// renewCycle is how often its lease is renewed at least.
	renewCycle = cycleLease / 3
)

// cycleState is a running cycle as this process has it.
type cycleState struct {
	engine *Engine

	mu    sync.Mutex
	cycle model.Cycle
	// saved is the cycle as it was saved last, at savedAt.
	saved   model.Cycle
	savedAt time.Time
}

func newCycleState(e *Engine, c model.Cycle) *cycleState {
	return &cycleState{engine: e, cycle: c, saved: c}
}

func (s *cycleState) get() model.Cycle {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cycle
}

func (s *cycleState) change(f func(*model.Cycle)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(&s.cycle)
}

// save writes logs and the progress they belong to in one transaction, and renews the lease. If the cycle is no longer this
// process's, nothing is written and the error is [model.ErrCycleLost].
func (s *cycleState) save(ctx context.Context, logs []model.SyncLog) error {
	return s.saveAnd(ctx, logs, func(model.Tx, time.Time) error { return nil })
}

// saveAnd is save with something more in the same transaction, at the time now.
func (s *cycleState) saveAnd(ctx context.Context, logs []model.SyncLog, more func(tx model.Tx, now time.Time) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.engine.store.Update(ctx, func(tx model.Tx) error {
		now, err := s.engine.leaseClock(ctx, tx)
		if err != nil {
			return err
		}
		s.cycle.HeartbeatAt, s.cycle.LeaseUntil = now, new(now.Add(cycleLease))
		if s.cycle.State != model.CycleRunning {
			s.cycle.LeaseUntil = nil
		}
		if err := tx.SaveCycle(ctx, s.cycle); err != nil {
			return err
		}
		if len(logs) > 0 {
			if err := tx.InsertSyncLogs(ctx, logs); err != nil {
				return err
			}
		}
		return more(tx, now)
	}, model.CycleKey(s.cycle.ID))
	if err != nil {
		return fmt.Errorf("save the progress of cycle %s: %w", s.cycle.ID, err)
	}
	s.saved, s.savedAt = s.cycle, time.Now()
	return nil
}

// rollBack gives up what was not saved.
func (s *cycleState) rollBack() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cycle = s.saved
}

// keepAlive renews the lease while the cycle runs, also during a check that takes long, and ends the context that it returns
// when the cycle was asked to end or is no longer this process's. The caller calls stop, which waits for the end of it.
func (s *cycleState) keepAlive(ctx context.Context) (run context.Context, stop func()) {
	run, cancel := context.WithCancelCause(ctx)
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		ticker := time.NewTicker(cycleWatch)
		defer ticker.Stop()
		for {
			select {
			case <-done:
				return
			case <-run.Done():
				return
			case <-ticker.C:
				if err := s.watch(run); err != nil {
					cancel(err)
				}
			}
		}
	}()
	return run, sync.OnceFunc(func() {
		close(done)
		<-ended
		cancel(nil)
	})
}

// watch is one look. A look that fails for another reason than the cycle's own changes nothing.
func (s *cycleState) watch(ctx context.Context) error {
	own := s.get()
	var now model.Cycle
	looking, cancel := context.WithTimeout(ctx, auditTimeout) // it must not keep the renewal waiting
	defer cancel()
	err := s.engine.store.Read(looking, func(tx model.Tx) (err error) {
		now, err = tx.CycleByID(looking, own.ID)
		return err
	})
	switch {
	case errors.Is(err, model.ErrNotFound), err == nil && (now.Epoch != own.Epoch || now.State != model.CycleRunning):
		return model.ErrCycleLost
	case err != nil:
		s.engine.log.WarnContext(ctx, "look at the cycle", "cycle", own.ID, "error", err)
	case now.CancelRequestedAt != nil:
		return errCanceled
	}
	s.mu.Lock()
	due := time.Since(s.savedAt) >= renewCycle
	s.mu.Unlock()
	if !due {
		return nil
	}
	return s.renew(ctx, own)
}

// renew moves the end of the lease and nothing else: progress without its logs would skip them.
func (s *cycleState) renew(ctx context.Context, own model.Cycle) error {
	err := s.engine.store.Update(ctx, func(tx model.Tx) error {
		now, err := s.engine.leaseClock(ctx, tx)
		if err != nil {
			return err
		}
		own.HeartbeatAt, own.LeaseUntil = now, new(now.Add(cycleLease))
		return tx.RenewCycle(ctx, own)
	}, model.CycleKey(own.ID))
	if errors.Is(err, model.ErrCycleLost) {
		return err
	}
	if err != nil {
		s.engine.log.WarnContext(ctx, "renew the lease of the cycle", "cycle", own.ID, "error", err)
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.savedAt = time.Now()
	return nil
}
