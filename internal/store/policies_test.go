package store_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
)

func fullCycle(t *testing.T, p model.Policy) model.Cycle {
	t.Helper()
	return model.Cycle{
		ID: newID(t), PolicyID: p.ID, PolicyName: p.Name, State: model.CycleFinished, StartedAt: startTime,
		HeartbeatAt: after(time.Minute), FinishedAt: new(after(2 * time.Minute)), UsersTotal: 3, UsersDone: 2, UsersFaulty: 1,
		Fault: fullFault(),
	}
}

func insertCycles(t *testing.T, s *store.Store, all ...model.Cycle) {
	t.Helper()
	change(t, s, func(tx model.Tx) error {
		for _, c := range all {
			if err := tx.InsertCycle(t.Context(), c); err != nil {
				return err
			}
		}
		return nil
	})
}

func TestPolicyRoundTrip(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		c := plainConnection(t, "mail")
		insertConnections(t, s, c)
		p := plainPolicy(t, "Nightly")
		p.EmailConnectionID, p.Interval = c.ID, 24*time.Hour+time.Nanosecond
		insertPolicies(t, s, p)
		byName := func() []model.Policy {
			return view(t, s, func(tx model.Tx) ([]model.Policy, error) {
				return tx.Policies(t.Context(), model.PolicyFilter{Name: "NIGHTLY"}, model.Page{Limit: 10})
			})
		}
		equal(t, "inserted", byName(), []model.Policy{p})
		p.Enabled, p.Revision, p.EmailConnectionID, p.CRMConnectionID = false, 2, "", c.ID
		p.LastModifiedAt = after(time.Hour)
		change(t, s, func(tx model.Tx) error { return tx.UpdatePolicy(t.Context(), p) })
		equal(t, "updated", byName(), []model.Policy{p})
	})
}

func TestPolicyNamesAreUnique(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		p := plainPolicy(t, "Nightly")
		insertPolicies(t, s, p)
		err := s.Update(t.Context(), func(tx model.Tx) error {
			return tx.InsertPolicy(t.Context(), plainPolicy(t, "nightly"))
		})
		var taken *model.NameTakenError
		if !errors.As(err, &taken) {
			t.Fatalf("insert: %v", err)
		}
		equal(t, "error", *taken, model.NameTakenError{Object: "sync policy", Name: "Nightly", ID: p.ID})
	})
}

func TestPolicyFiltersAndLastCycle(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		c := plainConnection(t, "mail")
		insertConnections(t, s, c)
		one, other := plainPolicy(t, "one"), plainPolicy(t, "other")
		one.EmailConnectionID = c.ID
		insertPolicies(t, s, one, other)
		older, newer, foreign := fullCycle(t, one), fullCycle(t, one), fullCycle(t, other)
		newer.State, newer.FinishedAt, newer.Fault = model.CycleRunning, nil, nil
		insertCycles(t, s, older, newer, foreign)
		one.LastCycle, other.LastCycle = &newer, &foreign
		for _, f := range []struct {
			filter model.PolicyFilter
			want   []model.Policy
		}{
			{model.PolicyFilter{}, []model.Policy{one, other}},
			{model.PolicyFilter{IDs: []string{other.ID, one.ID, newID(t)}}, []model.Policy{one, other}},
			{model.PolicyFilter{IDs: []string{one.ID}, Name: "OTHER"}, nil},
			{model.PolicyFilter{Name: "OTHER"}, []model.Policy{other}},
			{model.PolicyFilter{ConnectionID: c.ID}, []model.Policy{one}},
			{model.PolicyFilter{ConnectionID: newID(t)}, nil},
		} {
			got := view(t, s, func(tx model.Tx) ([]model.Policy, error) {
				return tx.Policies(t.Context(), f.filter, model.Page{Limit: 10})
			})
			equal(t, fmt.Sprintf("%+v", f.filter), got, f.want)
		}
	})
}

func TestPruneDeletesCyclesAndLogs(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		p, other := plainPolicy(t, "one"), plainPolicy(t, "other")
		aged, stuck, foreign := fullCycle(t, p), fullCycle(t, p), fullCycle(t, other)
		stuck.State = model.CycleRunning
		aged.StartedAt = startTime.Add(-store.KeepCyclesFor - time.Second)
		stuck.StartedAt = aged.StartedAt
		insertCycles(t, s, aged, stuck)
		change(t, s, func(tx model.Tx) error {
			return tx.InsertSyncLogs(t.Context(), []model.SyncLog{
				{ID: newID(t), CycleID: aged.ID, At: aged.StartedAt}, {ID: newID(t), CycleID: stuck.ID, At: stuck.StartedAt},
			})
		})
		insertCycles(t, s, foreign)
		newest := make([]model.Cycle, store.KeepCycles+1)
		for i := range newest {
			newest[i] = fullCycle(t, p)
		}
		insertCycles(t, s, newest...) // also while one of the policy still runs: they have ended
		for what, c := range map[string]struct {
			id   string
			kept bool
		}{
			"too old": {aged.ID, false}, "still running": {stuck.ID, true}, "of another policy": {foreign.ID, true},
			"beyond the limit": {newest[0].ID, false}, "oldest within the limit": {newest[1].ID, true},
		} {
			policy := p.ID
			if c.id == foreign.ID {
				policy = other.ID
			}
			err := s.View(t.Context(), func(tx model.Tx) error { _, err := tx.Cycle(t.Context(), policy, c.id); return err })
			if c.kept != (err == nil) || !c.kept && !errors.Is(err, model.ErrNotFound) {
				t.Errorf("cycle %s: %v", what, err)
			}
		}
		logs := view(t, s, func(tx model.Tx) ([]model.SyncLog, error) {
			return tx.SyncLogs(t.Context(), model.SyncLogFilter{}, model.Page{Limit: 10})
		})
		if len(logs) != 1 || logs[0].CycleID != stuck.ID {
			t.Errorf("logs left: %+v", logs)
		}
	})
}
