package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
)

func TestSyncLogFilters(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		p, other := plainPolicy(t, "one"), plainPolicy(t, "other")
		cycles := []model.Cycle{fullCycle(t, p), fullCycle(t, other)}
		insertCycles(t, s, cycles...)
		logs := make([]model.SyncLog, 4)
		for i := range logs {
			c := cycles[i/2]
			logs[i] = model.SyncLog{
				ID: newID(t), CycleID: c.ID, PolicyID: c.PolicyID, PolicyName: c.PolicyName,
				UserID: fmt.Sprint("user", i%2), UserEmail: fmt.Sprintf("User%d@Example.com", i%2),
				ConnectionID: fmt.Sprint("connection", i), ConnectionName: "mail",
				At: after(time.Duration(i) * time.Minute), Passed: i%2 == 0, Message: "Checked.",
			}
			if !logs[i].Passed {
				logs[i].Fault = fullFault()
			}
		}
		change(t, s, func(tx model.Tx) error { return tx.InsertSyncLogs(t.Context(), logs) })
		for _, f := range []struct {
			filter model.SyncLogFilter
			page   model.Page
			want   []int
		}{
			{model.SyncLogFilter{}, model.Page{Limit: 10}, []int{3, 2, 1, 0}},
			{model.SyncLogFilter{}, model.Page{Limit: 2}, []int{3, 2}},
			{model.SyncLogFilter{}, model.Page{Limit: 2, After: logs[2].ID}, []int{1, 0}},
			{model.SyncLogFilter{UserEmail: "uSER1@example.com"}, model.Page{Limit: 10}, []int{3, 1}},
			{model.SyncLogFilter{PolicyID: p.ID}, model.Page{Limit: 10}, []int{1, 0}},
			{model.SyncLogFilter{ConnectionID: "connection2"}, model.Page{Limit: 10}, []int{2}},
			{model.SyncLogFilter{CycleID: cycles[1].ID}, model.Page{Limit: 10}, []int{3, 2}},
			{model.SyncLogFilter{OnlyErrors: true}, model.Page{Limit: 10}, []int{3, 1}},
			{model.SyncLogFilter{Since: after(2 * time.Minute)}, model.Page{Limit: 10}, []int{3, 2}},
			{model.SyncLogFilter{OnlyErrors: true, PolicyID: p.ID, Since: startTime}, model.Page{Limit: 10}, []int{1}},
		} {
			var want []model.SyncLog
			for _, i := range f.want {
				want = append(want, logs[i])
			}
			got := view(t, s, func(tx model.Tx) ([]model.SyncLog, error) {
				return tx.SyncLogs(t.Context(), f.filter, f.page)
			})
			equal(t, fmt.Sprintf("%+v %+v", f.filter, f.page), got, want)
		}
	})
}

func TestSyncLogsSurvivePolicyDelete(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		p := plainPolicy(t, "one")
		insertPolicies(t, s, p)
		c := fullCycle(t, p)
		insertCycles(t, s, c)
		change(t, s, func(tx model.Tx) error {
			log := model.SyncLog{ID: newID(t), CycleID: c.ID, PolicyID: p.ID, PolicyName: p.Name, At: startTime}
			if err := tx.InsertSyncLogs(t.Context(), []model.SyncLog{log}); err != nil {
				return err
			}
			return tx.DeletePolicy(t.Context(), p.ID)
		})
		logs := view(t, s, func(tx model.Tx) ([]model.SyncLog, error) {
			return tx.SyncLogs(t.Context(), model.SyncLogFilter{PolicyID: p.ID}, model.Page{Limit: 1})
		})
		if len(logs) != 1 || logs[0].PolicyName != "one" {
			t.Errorf("logs: %+v", logs)
		}
	})
}
