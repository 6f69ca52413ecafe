package engine

import (
	"context"
	"errors"
	"fmt"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// recordResult records the result on the connection, unless the connection has changed since it was read.
func (r *cycleRun) recordResult(ctx context.Context, side *cycleSide, found signInResult) error {
	err := r.engine.store.Update(ctx, func(tx model.Tx) error {
		return r.engine.recordResult(ctx, tx, &side.openedConnection, found)
	})
	if err != nil {
		return fmt.Errorf("record the result on connection %q: %w", side.connection.Name, err)
	}
	return nil
}

// save writes sync logs and progress, with a new heartbeat, unless another process ended the cycle.
func (r *cycleRun) save(ctx context.Context, logs []model.SyncLog) error {
	r.cycle.HeartbeatAt = r.engine.clock()
	err := r.engine.store.Update(ctx, func(tx model.Tx) error {
		if err := r.updateRotated(ctx, tx); err != nil {
			return err
		}
		c, err := tx.Cycle(ctx, r.cycle.PolicyID, r.cycle.ID)
		if errors.Is(err, model.ErrNotFound) || err == nil && c.State != model.CycleRunning {
			return errCycleEnded
		}
		if err != nil {
			return err
		}
		if len(logs) > 0 {
			if err := tx.InsertSyncLogs(ctx, logs); err != nil {
				return err
			}
		}
		return tx.UpdateCycle(ctx, r.cycle)
	})
	if err != nil {
		return fmt.Errorf("save the progress of cycle %s: %w", r.cycle.ID, err)
	}
	return nil
}

// updateRotated stores the secrets that target systems rotated during the cycle.
func (r *cycleRun) updateRotated(ctx context.Context, tx model.Tx) error {
	for _, side := range r.sides {
		if side.cache == nil || len(side.cache.tokens.Rotated()) == 0 {
			continue
		}
		c, err := tx.Connection(ctx, side.connection.ID)
		if errors.Is(err, model.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		if err := r.engine.updateRotated(ctx, tx, &side.openedConnection, c); err != nil {
			return err
		}
	}
	return nil
}
