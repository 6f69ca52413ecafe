package engine_test

import (
	"context"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// awaitEnd waits for the end of a cycle that any process runs.
func (w *fixture) awaitEnd(policyID, cycleID string) model.Cycle {
	w.t.Helper()
	timeout, cancel := context.WithTimeout(w.ctx, time.Minute)
	defer cancel()
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	for {
		c := must(w.Cycle(timeout, policyID, cycleID))(w.t)
		if c.State != model.CycleRunning {
			return c
		}
		if _, ok := receive(timeout, ticker.C); !ok {
			w.t.Fatalf("the cycle did not end: %+v", c)
		}
	}
}

// expectOneLogEach expects one log for each user that a cycle checks and each connection of its policy.
func (w *fixture) expectOneLogEach(c model.Cycle) {
	w.t.Helper()
	p := must(w.Policy(w.ctx, c.PolicyID))(w.t)
	logs := map[[2]string]int{} // by user and connection
	for page := (model.Page{Limit: 500}); ; {
		found := must(w.SyncLogs(w.ctx, model.SyncLogFilter{CycleID: c.ID}, page))(w.t)
		for _, l := range found {
			logs[[2]string{l.UserID, l.ConnectionID}]++
		}
		if len(found) < page.Limit {
			break
		}
		page.After = found[len(found)-1].ID
	}
	enabled, users := true, 0
	for page := (model.Page{Limit: 500}); ; {
		found := must(w.Users(w.ctx, model.UserFilter{Enabled: &enabled, CheckedBy: c.PolicyID}, page))(w.t)
		for _, u := range found {
			for _, connection := range []string{p.CRMConnectionID, p.EmailConnectionID} {
				key := [2]string{u.ID, connection}
				if logs[key] != 1 {
					w.t.Fatalf("%d logs of %s at the connection %s, want one", logs[key], u.Email, connection)
				}
				delete(logs, key)
			}
		}
		users += len(found)
		if len(found) < page.Limit {
			break
		}
		page.After = found[len(found)-1].ID
	}
	if len(logs) != 0 || c.UsersDone != users {
		w.t.Errorf("%d users, %d counted, and logs of nobody else: %v", users, c.UsersDone, logs)
	}
}
