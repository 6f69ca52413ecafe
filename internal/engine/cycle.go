package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

const (
	// cycleLease is for how long a process that runs a cycle may be silent before another one may take over.
	cycleLease = 90 * time.Second
	// startLease is for how long a requested cycle waits for the process that is to run it.
	startLease = 30 * time.Second
	// maxSkew is how far two clocks may be apart for a lease of the one to be respected by the other.
	maxSkew = 30 * time.Second
)

// RequestCycle requests a full sync cycle of an enabled policy: it writes the cycle and enqueues it in one transaction, and
// answers without waiting for it. From here on the policy's connections are used, permanently. While another cycle of the
// policy runs, the error is a *[model.CycleRunningError]. A cycle whose process has stopped is taken over, and goes on
// where it was.
func (e *Engine) RequestCycle(ctx context.Context, policyID string) (model.Cycle, error) {
	return withAudit(ctx, e, "policy.cycle", policyID, func() (model.Cycle, error) {
		return runOnce(ctx, e, func(tx model.Tx) (model.Cycle, error) {
			p, err := readPolicy(ctx, tx, policyID)
			if err != nil {
				return model.Cycle{}, err
			}
			if !p.Enabled {
				return model.Cycle{}, &model.InvalidError{Fields: []model.InvalidField{{Path: "enabled", Message: fmt.Sprintf(
					"The sync policy %q is disabled and runs no full sync cycle: set enabled to true first.", p.Name)}}}
			}
			c, detail, err := e.requestedCycle(ctx, tx, p)
			if err != nil {
				return model.Cycle{}, err
			}
			if err := e.enqueue(ctx, tx, c); err != nil {
				return model.Cycle{}, fmt.Errorf("enqueue the cycle: %w", err)
			}
			return c, e.recordAudit(ctx, tx, "policy.cycle", p.ID, outcomeDone, detail)
		})
	})
}

// requestedCycle is a new cycle, or one that the process which ran it left behind, unless that one was asked to end.
func (e *Engine) requestedCycle(ctx context.Context, tx model.Tx, p model.Policy) (c model.Cycle, detail string, err error) {
	c, err = tx.RunningCycle(ctx, p.ID)
	switch {
	case errors.Is(err, model.ErrNotFound):
		c, err = e.insertCycle(ctx, tx, p)
		return c, "cycle " + c.ID, err
	case err != nil:
		return model.Cycle{}, "", fmt.Errorf("look for a running cycle: %w", err)
	}
	now, err := e.leaseClock(ctx, tx)
	if err != nil {
		return model.Cycle{}, "", err
	}
	if leased(&c, now) {
		return model.Cycle{}, "", &model.CycleRunningError{PolicyName: p.Name, StartedAt: c.StartedAt, StaleAt: *c.LeaseUntil}
	}
	if c.CancelRequestedAt != nil {
		left := c.ID
		if err := e.endLeft(ctx, tx, c); err != nil {
			return model.Cycle{}, "", err
		}
		c, err = e.insertCycle(ctx, tx, p)
		return c, "cycle " + c.ID + " after the end of " + left, err
	}
	c.Epoch, c.LeaseHolder, c.LeaseUntil = c.Epoch+1, "", new(now.Add(startLease))
	if err := tx.TakeCycle(ctx, c); err != nil {
		return model.Cycle{}, "", fmt.Errorf("take over cycle %s: %w", c.ID, err)
	}
	return c, "took over cycle " + c.ID, nil
}

// leased reports whether a running cycle belongs to a process. A lease that ends much later than any that could be given now
// was given by a clock that was wrong. A little later is possible: clocks of two machines differ, and are set back.
func leased(c *model.Cycle, now time.Time) bool {
	return c.LeaseUntil != nil && c.LeaseUntil.After(now) && !c.LeaseUntil.After(now.Add(cycleLease+maxSkew))
}

// insertCycle writes that a cycle runs and that it uses the connections.
func (e *Engine) insertCycle(ctx context.Context, tx model.Tx, p model.Policy) (model.Cycle, error) {
	id, err := newID()
	if err != nil {
		return model.Cycle{}, err
	}
	now, err := e.leaseClock(ctx, tx)
	if err != nil {
		return model.Cycle{}, err
	}
	c := model.Cycle{
		ID: id, PolicyID: p.ID, PolicyName: p.Name, State: model.CycleRunning, StartedAt: now, HeartbeatAt: now,
		LeaseUntil: new(now.Add(startLease)),
	}
	if c.UsersTotal, err = tx.CountUsers(ctx, usersOf(p.ID)); err != nil {
		return model.Cycle{}, fmt.Errorf("count the users of the cycle: %w", err)
	}
	if _, err := e.cycleSides(ctx, tx, p, now); err != nil {
		return model.Cycle{}, err
	}
	if err := tx.InsertCycle(ctx, c); err != nil {
		return model.Cycle{}, fmt.Errorf("store the cycle: %w", err)
	}
	return c, nil
}

// cycleSides opens the connections of a policy for a cycle, which uses them from then on.
func (e *Engine) cycleSides(ctx context.Context, tx model.Tx, p model.Policy, now time.Time) ([]*cycleSide, error) {
	var sides []*cycleSide
	for _, side := range sidesOf(&p) {
		if side.connectionID == "" {
			continue
		}
		opened, err := e.openConnection(ctx, tx, side.connectionID)
		if err != nil {
			return nil, err
		}
		use := model.Use{PolicyID: p.ID, PolicyName: p.Name, FirstAt: now, LastAt: now}
		if err := tx.MarkUsed(ctx, side.connectionID, use); err != nil {
			return nil, fmt.Errorf("mark connection %q as used: %w", opened.connection.Name, err)
		}
		sides = append(sides, &cycleSide{openedConnection: *opened})
	}
	return sides, nil
}

// usersOf selects the users that the cycles of a policy check: the enabled ones that are assigned to it or to no policy.
func usersOf(policyID string) model.UserFilter {
	enabled := true
	return model.UserFilter{Enabled: &enabled, CheckedBy: policyID}
}

// Cycle finds a cycle of a policy, finished or not.
func (e *Engine) Cycle(ctx context.Context, policyID, cycleID string) (model.Cycle, error) {
	var c model.Cycle
	err := e.store.Read(ctx, func(tx model.Tx) (err error) {
		c, err = tx.Cycle(ctx, policyID, cycleID)
		return err
	})
	if err != nil {
		return model.Cycle{}, fmt.Errorf("cycle %s of sync policy %s: %w", cycleID, policyID, err)
	}
	return c, nil
}
