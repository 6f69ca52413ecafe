package store

import (
	"context"
	"errors"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// Limits of the history of cycles. A policy with a thousand users that runs every fifteen minutes would write about two
// hundred thousand sync logs a day. Cycles, with their sync logs, are kept for KeepCyclesFor, and at most KeepCycles of each
// policy. Older ones are deleted when the next cycle starts. A running cycle is never deleted.
const (
	KeepCyclesFor = 90 * 24 * time.Hour
	KeepCycles    = 200
)

const cycleColumns = `id, policy_id, policy_name, state, started_at, seen_at, finished_at, users_total, users_done,
	users_faulty, fault, cursor_user_id, epoch, lease_holder, lease_until, cancel_requested_at`

const selectCycles = `SELECT ` + cycleColumns + ` FROM sync_cycles`

func (t *tx) Cycle(ctx context.Context, policyID, cycleID string) (model.Cycle, error) {
	return one(ctx, t, "read cycle", scanCycle, selectCycles+` WHERE id = $1 AND policy_id = $2`, cycleID, policyID)
}

func (t *tx) RunningCycle(ctx context.Context, policyID string) (model.Cycle, error) {
	return one(ctx, t, "read running cycle", scanCycle,
		selectCycles+` WHERE policy_id = $1 AND state = $2 ORDER BY id DESC LIMIT 1`,
		policyID, string(model.CycleRunning))
}

func (t *tx) CycleByID(ctx context.Context, id string) (model.Cycle, error) {
	return one(ctx, t, "read cycle", scanCycle, selectCycles+` WHERE id = $1`, id)
}

func (t *tx) LeftCycles(ctx context.Context, now, latest time.Time, limit int) ([]model.Cycle, error) {
	return many(ctx, t, "list left cycles", scanCycle,
		selectCycles+` WHERE state = 'running' AND (lease_until IS NULL OR lease_until < $1 OR lease_until > $2) ORDER BY id LIMIT $3`,
		asTime(now), asTime(latest), limit)
}

func (t *tx) CountWaitingCycles(ctx context.Context) (int, error) {
	return one(ctx, t, "count waiting cycles", func(r row) (n int, err error) {
		err = r.Scan(&n)
		return n, err
	}, `SELECT COUNT(*) FROM sync_cycles WHERE state = 'running' AND lease_holder = ''`)
}

// InsertCycle asks first: after a failed statement, PostgreSQL goes on with nothing. The unique index is for those who ask at
// the same moment.
func (t *tx) InsertCycle(ctx context.Context, c model.Cycle) error {
	if c.State == model.CycleRunning {
		switch _, err := t.RunningCycle(ctx, c.PolicyID); {
		case err == nil:
			return model.ErrCycleRunning
		case !errors.Is(err, model.ErrNotFound):
			return err
		}
	}
	if err := t.writeCycle(ctx, "insert cycle", insert("sync_cycles", cycleColumns), c); err != nil {
		return err
	}
	_, err := t.exec(ctx, "prune cycles", `
		DELETE FROM sync_cycles WHERE state <> $1 AND (started_at < $2 OR policy_id = $3 AND id NOT IN (
			SELECT id FROM sync_cycles WHERE policy_id = $3 ORDER BY id DESC LIMIT $4))`,
		string(model.CycleRunning), asTime(c.StartedAt.Add(-KeepCyclesFor)), c.PolicyID, KeepCycles)
	return err
}

func (t *tx) SaveCycle(ctx context.Context, c model.Cycle) error {
	fault, err := asFault(c.Fault)
	if err != nil {
		return err
	}
	return t.orLost(t.execOne(ctx, "save cycle", `
		UPDATE sync_cycles SET state = $3, seen_at = $4, finished_at = $5, users_total = $6, users_done = $7, users_faulty = $8,
			fault = $9, cursor_user_id = $10, lease_until = $11
		WHERE id = $1 AND epoch = $2 AND state = 'running'`,
		c.ID, c.Epoch, string(c.State), asTime(c.HeartbeatAt), asOptionalTime(c.FinishedAt), c.UsersTotal, c.UsersDone,
		c.UsersFaulty, fault, c.Cursor, asOptionalTime(c.LeaseUntil)))
}

func (t *tx) TakeCycle(ctx context.Context, c model.Cycle) error {
	return t.orLost(t.execOne(ctx, "take cycle", `
		UPDATE sync_cycles SET epoch = $3, lease_holder = $4, lease_until = $5 WHERE id = $1 AND epoch = $2 AND state = 'running'`,
		c.ID, c.Epoch-1, c.Epoch, c.LeaseHolder, asOptionalTime(c.LeaseUntil)))
}

func (t *tx) RenewCycle(ctx context.Context, c model.Cycle) error {
	return t.orLost(t.execOne(ctx, "renew cycle",
		`UPDATE sync_cycles SET seen_at = $3, lease_until = $4 WHERE id = $1 AND epoch = $2 AND state = 'running'`,
		c.ID, c.Epoch, asTime(c.HeartbeatAt), asOptionalTime(c.LeaseUntil)))
}

func (t *tx) RequestCancel(ctx context.Context, id string, at time.Time) error {
	return t.orLost(t.execOne(ctx, "request the end of a cycle",
		`UPDATE sync_cycles SET cancel_requested_at = $2 WHERE id = $1 AND state = 'running'`, id, asTime(at)))
}

// orLost says what it means that a running cycle is not found in its epoch.
func (t *tx) orLost(err error) error {
	if errors.Is(err, model.ErrNotFound) {
		return model.ErrCycleLost
	}
	return err
}

func (t *tx) writeCycle(ctx context.Context, operation, statement string, c model.Cycle) error {
	fault, err := asFault(c.Fault)
	if err != nil {
		return err
	}
	return t.execOne(ctx, operation, statement, c.ID, c.PolicyID, c.PolicyName, string(c.State), asTime(c.StartedAt),
		asTime(c.HeartbeatAt), asOptionalTime(c.FinishedAt), c.UsersTotal, c.UsersDone, c.UsersFaulty, fault, c.Cursor, c.Epoch,
		c.LeaseHolder, asOptionalTime(c.LeaseUntil), asOptionalTime(c.CancelRequestedAt))
}

func scanCycle(r row) (c model.Cycle, err error) {
	err = r.Scan(&c.ID, &c.PolicyID, &c.PolicyName, &c.State, timeColumn{&c.StartedAt}, timeColumn{&c.HeartbeatAt},
		optionalTimeColumn{&c.FinishedAt}, &c.UsersTotal, &c.UsersDone, &c.UsersFaulty, faultColumn{&c.Fault}, &c.Cursor, &c.Epoch,
		&c.LeaseHolder,
		optionalTimeColumn{&c.LeaseUntil}, optionalTimeColumn{&c.CancelRequestedAt})
	return c, err
}
