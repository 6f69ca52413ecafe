package engine

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// CycleState is how far a full sync cycle has come.
type CycleState string

// The states of a cycle. Interrupted: the control plane that ran it went away, or was told to end it.
const (
	CycleRunning     CycleState = "running"
	CycleFinished    CycleState = "finished"
	CycleInterrupted CycleState = "interrupted"
)

// Cycle is one full sync cycle: one run of a policy over all enabled users.
type Cycle struct {
	ID         string
	PolicyID   string
	PolicyName string
	State      CycleState
	StartedAt  time.Time
	// SeenAt is the last sign of life of a running cycle.
	SeenAt      time.Time
	FinishedAt  *time.Time
	UsersTotal  int
	UsersDone   int
	UsersFaulty int
	// Fault is the first connection fault; it touched every enabled user, or all that were left when it arose.
	Fault *Fault
}

// A running cycle gives a sign of life after each step, and no step takes longer than a test. One that has been silent for
// longer than this went away with the control plane that ran it.
const silence = 2 * TestTime

// StartCycle begins a full sync cycle of an enabled policy, which goes on in the background. From here on the policy's
// connections are used, for ever. While another cycle of the policy runs, the error is a *[CycleRunningError].
func (e *Engine) StartCycle(ctx context.Context, policyID string) (Cycle, error) {
	return audited(ctx, e, "policy.cycle", policyID, func() (Cycle, error) {
		life, leave, err := e.enter(ctx, policyID)
		if err != nil {
			return Cycle{}, err
		}
		var begun *run
		answer, err := commit(ctx, e, func(tx Tx) (Cycle, error) {
			begun, err = e.begin(ctx, tx, policyID)
			if err != nil {
				return Cycle{}, err
			}
			return begun.cycle, nil
		})
		if err != nil || begun == nil {
			leave()
			return answer, err
		}
		go func(ctx context.Context) {
			defer leave()
			begun.all(ctx)
		}(life)
		return answer, nil
	})
}

// begin writes down that a cycle runs and that it uses the connections.
func (e *Engine) begin(ctx context.Context, tx Tx, policyID string) (*run, error) {
	p, err := readPolicy(ctx, tx, policyID)
	if err != nil {
		return nil, err
	}
	if !p.Enabled {
		return nil, &InvalidError{Problems: []Problem{{Path: "enabled", Message: fmt.Sprintf(
			"The sync policy %q is disabled and runs no full sync cycle: set enabled to true first.", p.Name)}}}
	}
	now := e.clock()
	if err := e.endSilent(ctx, tx, p, now); err != nil {
		return nil, err
	}
	id, err := newID()
	if err != nil {
		return nil, err
	}
	r := &run{engine: e, cycle: Cycle{
		ID: id, PolicyID: p.ID, PolicyName: p.Name, State: CycleRunning, StartedAt: now, SeenAt: now,
	}}
	if r.cycle.UsersTotal, err = countUsers(ctx, tx); err != nil {
		return nil, err
	}
	for _, side := range p.sides() {
		if side.connectionID == "" {
			continue
		}
		a, err := e.arm(ctx, tx, side.connectionID)
		if err != nil {
			return nil, err
		}
		r.legs = append(r.legs, &leg{armed: *a})
		use := Use{PolicyID: p.ID, PolicyName: p.Name, FirstAt: now, LastAt: now}
		if err := tx.MarkUsed(ctx, side.connectionID, use); err != nil {
			return nil, fmt.Errorf("mark connection %q as used: %w", a.connection.Name, err)
		}
	}
	if err := tx.InsertCycle(ctx, r.cycle); err != nil {
		return nil, fmt.Errorf("insert the cycle: %w", err)
	}
	return r, e.record(ctx, tx, "policy.cycle", p.ID, done, "cycle "+id)
}

// endSilent refuses a second cycle at a time, and ends one whose control plane went away.
func (e *Engine) endSilent(ctx context.Context, tx Tx, p Policy, now time.Time) error {
	c, err := tx.RunningCycle(ctx, p.ID)
	switch {
	case errors.Is(err, ErrNotFound):
		return nil
	case err != nil:
		return fmt.Errorf("look for a running cycle: %w", err)
	case now.Sub(c.SeenAt) < silence:
		return &CycleRunningError{PolicyName: p.Name, StartedAt: c.StartedAt, GivenUpAt: c.SeenAt.Add(silence)}
	}
	c.State, c.FinishedAt = CycleInterrupted, &now
	if err := tx.UpdateCycle(ctx, c); err != nil {
		return fmt.Errorf("end the silent cycle %s: %w", c.ID, err)
	}
	return nil
}

func countUsers(ctx context.Context, tx Tx) (int, error) {
	total := 0
	for page := (Page{Limit: MaxPage}); ; {
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

func enabledUsers() UserFilter {
	enabled := true
	return UserFilter{Enabled: &enabled}
}

// Cycle finds a cycle of a policy, finished or not.
func (e *Engine) Cycle(ctx context.Context, policyID, cycleID string) (Cycle, error) {
	var c Cycle
	err := e.store.View(ctx, func(tx Tx) (err error) {
		c, err = tx.Cycle(ctx, policyID, cycleID)
		return err
	})
	if err != nil {
		return Cycle{}, fmt.Errorf("cycle %s of sync policy %s: %w", cycleID, policyID, err)
	}
	return c, nil
}
