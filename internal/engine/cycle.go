package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// heartbeatTimeout is how old the heartbeat of a running cycle can be. A running cycle has a heartbeat after each step, and no
// step takes longer than a test. If the heartbeat is older, the control plane that ran the cycle has stopped.
const heartbeatTimeout = 2 * api.TestTimeout

// StartCycle starts a full sync cycle of an enabled policy, which continues in the background. From now on the policy's
// connections are used, permanently. While another cycle of the policy runs, the error is a *[model.CycleRunningError].
func (e *Engine) StartCycle(ctx context.Context, policyID string) (model.Cycle, error) {
	return withAudit(ctx, e, "policy.cycle", policyID, func() (model.Cycle, error) {
		cycleCtx, unregister, err := e.registerCycle(ctx, policyID)
		if err != nil {
			return model.Cycle{}, err
		}
		var started *cycleRun
		result, err := runOnce(ctx, e, func(tx model.Tx) (model.Cycle, error) {
			started, err = e.insertCycle(ctx, tx, policyID)
			if err != nil {
				return model.Cycle{}, err
			}
			return started.cycle, nil
		})
		if err != nil || started == nil {
			unregister()
			return result, err
		}
		go func(ctx context.Context) {
			defer unregister()
			started.execute(ctx)
		}(cycleCtx)
		return result, nil
	})
}

// insertCycle stores a new running cycle and marks the connections as used.
func (e *Engine) insertCycle(ctx context.Context, tx model.Tx, policyID string) (*cycleRun, error) {
	p, err := readPolicy(ctx, tx, policyID)
	if err != nil {
		return nil, err
	}
	if !p.Enabled {
		return nil, &model.InvalidError{Fields: []model.InvalidField{{Path: "enabled", Message: fmt.Sprintf(
			"The sync policy %q is disabled and does not run full sync cycles: set enabled to true first.", p.Name)}}}
	}
	now := e.clock()
	if err := e.endStaleCycle(ctx, tx, p, now); err != nil {
		return nil, err
	}
	id, err := newID()
	if err != nil {
		return nil, err
	}
	r := &cycleRun{engine: e, cycle: model.Cycle{
		ID: id, PolicyID: p.ID, PolicyName: p.Name, State: model.CycleRunning, StartedAt: now, HeartbeatAt: now,
	}}
	if r.cycle.UsersTotal, err = countUsers(ctx, tx); err != nil {
		return nil, err
	}
	for _, side := range sidesOf(&p) {
		if side.connectionID == "" {
			continue
		}
		opened, err := e.openConnection(ctx, tx, side.connectionID)
		if err != nil {
			return nil, err
		}
		r.sides = append(r.sides, &cycleSide{openedConnection: *opened})
		use := model.Use{PolicyID: p.ID, PolicyName: p.Name, FirstAt: now, LastAt: now}
		if err := tx.MarkUsed(ctx, side.connectionID, use); err != nil {
			return nil, fmt.Errorf("mark connection %q as used: %w", opened.connection.Name, err)
		}
	}
	if err := tx.InsertCycle(ctx, r.cycle); err != nil {
		return nil, fmt.Errorf("insert the cycle: %w", err)
	}
	return r, e.recordAudit(ctx, tx, "policy.cycle", p.ID, outcomeDone, "cycle "+id)
}

// endStaleCycle returns an error if a cycle of the policy is running. It ends a cycle whose control plane has stopped.
func (e *Engine) endStaleCycle(ctx context.Context, tx model.Tx, p model.Policy, now time.Time) error {
	c, err := tx.RunningCycle(ctx, p.ID)
	switch {
	case errors.Is(err, model.ErrNotFound):
		return nil
	case err != nil:
		return fmt.Errorf("find the running cycle: %w", err)
	case now.Sub(c.HeartbeatAt) < heartbeatTimeout:
		return &model.CycleRunningError{PolicyName: p.Name, StartedAt: c.StartedAt, StaleAt: c.HeartbeatAt.Add(heartbeatTimeout)}
	}
	c.State, c.FinishedAt = model.CycleInterrupted, &now
	if err := tx.UpdateCycle(ctx, c); err != nil {
		return fmt.Errorf("end the stale cycle %s: %w", c.ID, err)
	}
	return nil
}

func countUsers(ctx context.Context, tx model.Tx) (int, error) {
	total := 0
	for page := (model.Page{Limit: api.MaxPage}); ; {
		users, err := tx.Users(ctx, enabledUsers(), page)
		if err != nil {
			return 0, fmt.Errorf("count the enabled users: %w", err)
		}
		total += len(users)
		if len(users) < page.Limit {
			return total, nil
		}
		page.After = users[len(users)-1].ID
	}
}

func enabledUsers() model.UserFilter {
	enabled := true
	return model.UserFilter{Enabled: &enabled}
}

// Cycle finds a cycle of a policy by id.
func (e *Engine) Cycle(ctx context.Context, policyID, cycleID string) (model.Cycle, error) {
	var c model.Cycle
	err := e.store.View(ctx, func(tx model.Tx) (err error) {
		c, err = tx.Cycle(ctx, policyID, cycleID)
		return err
	})
	if err != nil {
		return model.Cycle{}, fmt.Errorf("cycle %s of sync policy %s: %w", cycleID, policyID, err)
	}
	return c, nil
}
