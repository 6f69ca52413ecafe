package store

import (
	"context"
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
	users_faulty, fault`

const selectCycles = `SELECT ` + cycleColumns + ` FROM sync_cycles`

func (t *tx) Cycle(ctx context.Context, policyID, cycleID string) (model.Cycle, error) {
	return one(ctx, t, "read cycle", scanCycle, selectCycles+` WHERE id = $1 AND policy_id = $2`, cycleID, policyID)
}

func (t *tx) RunningCycle(ctx context.Context, policyID string) (model.Cycle, error) {
	return one(ctx, t, "read running cycle", scanCycle,
		selectCycles+` WHERE policy_id = $1 AND state = $2 ORDER BY id DESC LIMIT 1`,
		policyID, string(model.CycleRunning))
}

func (t *tx) InsertCycle(ctx context.Context, c model.Cycle) error {
	if err := t.writeCycle(ctx, "insert cycle", insert("sync_cycles", cycleColumns), c); err != nil {
		return err
	}
	_, err := t.exec(ctx, "prune cycles", `
		DELETE FROM sync_cycles WHERE state <> $1 AND (started_at < $2 OR policy_id = $3 AND id NOT IN (
			SELECT id FROM sync_cycles WHERE policy_id = $3 ORDER BY id DESC LIMIT $4))`,
		string(model.CycleRunning), asTime(c.StartedAt.Add(-KeepCyclesFor)), c.PolicyID, KeepCycles)
	return err
}

func (t *tx) UpdateCycle(ctx context.Context, c model.Cycle) error {
	return t.writeCycle(ctx, "update cycle", update("sync_cycles", cycleColumns), c)
}

func (t *tx) writeCycle(ctx context.Context, operation, statement string, c model.Cycle) error {
	fault, err := asFault(c.Fault)
	if err != nil {
		return err
	}
	return t.execOne(ctx, operation, statement, c.ID, c.PolicyID, c.PolicyName, string(c.State), asTime(c.StartedAt),
		asTime(c.HeartbeatAt), asOptionalTime(c.FinishedAt), c.UsersTotal, c.UsersDone, c.UsersFaulty, fault)
}

// addLastCycles sets the newest cycle of each of the policies.
func (t *tx) addLastCycles(ctx context.Context, policies []model.Policy) error {
	if len(policies) == 0 {
		return nil
	}
	at := make(map[string]*model.Policy, len(policies))
	ids := make([]string, len(policies))
	for i := range policies {
		ids[i] = policies[i].ID
		at[ids[i]] = &policies[i]
	}
	newest := query{text: `SELECT MAX(id) FROM sync_cycles`, tail: ` GROUP BY policy_id`}
	newest.in(ids, "policy_id")
	cycles, err := many(ctx, t, "list last cycles", scanCycle, selectCycles+` WHERE id IN (`+newest.String()+`)`,
		newest.args...)
	if err != nil {
		return err
	}
	for _, c := range cycles {
		at[c.PolicyID].LastCycle = &c
	}
	return nil
}

func scanCycle(r row) (c model.Cycle, err error) {
	err = r.Scan(&c.ID, &c.PolicyID, &c.PolicyName, &c.State, timeColumn{&c.StartedAt}, timeColumn{&c.HeartbeatAt},
		optionalTimeColumn{&c.FinishedAt}, &c.UsersTotal, &c.UsersDone, &c.UsersFaulty, faultColumn{&c.Fault})
	return c, err
}
