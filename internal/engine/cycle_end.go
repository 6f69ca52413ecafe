package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// endPoll is how often it is checked whether a cycle that was asked to end has ended.
const endPoll = 50 * time.Millisecond

// EndCycle asks the running cycle of a policy to end early, whichever process runs it, and waits for that as long as the
// context allows. It ends as interrupted. Without a running cycle there is nothing to do.
func (e *Engine) EndCycle(ctx context.Context, policyID string) error {
	c, err := e.cancelCycle(ctx, policyID)
	for err == nil && c.State == model.CycleRunning {
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for the cycle to end: %w", ctx.Err())
		case <-time.After(endPoll):
		}
		var left bool
		if c, left, err = e.cycleOrLeft(ctx, policyID, c.ID); err == nil && left {
			c, err = e.cancelCycle(ctx, policyID)
		}
	}
	if errors.Is(err, model.ErrNotFound) {
		return nil
	}
	return err
}

// cycleOrLeft reads a cycle, and reports whether it runs and its process has left it behind.
func (e *Engine) cycleOrLeft(ctx context.Context, policyID, id string) (c model.Cycle, left bool, err error) {
	err = e.store.View(ctx, func(tx model.Tx) error {
		if c, err = tx.Cycle(ctx, policyID, id); err != nil {
			return err
		}
		now, err := e.leaseClock(ctx, tx)
		left = c.State == model.CycleRunning && !leased(&c, now)
		return err
	})
	return c, left, err
}

// cancelCycle asks the running cycle of a policy to end. One that no process runs has ended with this.
func (e *Engine) cancelCycle(ctx context.Context, policyID string) (model.Cycle, error) {
	var c model.Cycle
	err := e.store.Update(ctx, func(tx model.Tx) (err error) {
		if c, err = tx.RunningCycle(ctx, policyID); err != nil {
			return err
		}
		now, err := e.leaseClock(ctx, tx)
		if err != nil {
			return err
		}
		if leased(&c, now) {
			return tx.RequestCancel(ctx, c.ID, now)
		}
		err = e.endLeft(ctx, tx, c)
		c.State = model.CycleInterrupted
		return err
	})
	if err != nil {
		return model.Cycle{}, fmt.Errorf("ask the cycle to end: %w", err)
	}
	return c, nil
}

// endLeft ends a cycle that no process runs. A process that believes otherwise saves nothing more.
func (e *Engine) endLeft(ctx context.Context, tx model.Tx, c model.Cycle) error {
	now, err := e.leaseClock(ctx, tx)
	if err != nil {
		return err
	}
	c.Epoch, c.LeaseHolder, c.LeaseUntil = c.Epoch+1, "", nil
	if err := tx.TakeCycle(ctx, c); err != nil {
		return fmt.Errorf("take over cycle %s: %w", c.ID, err)
	}
	c.State, c.FinishedAt = model.CycleInterrupted, &now
	if err := tx.SaveCycle(ctx, c); err != nil {
		return fmt.Errorf("end cycle %s: %w", c.ID, err)
	}
	return nil
}
