package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
)

func TestSyncLogsAreFiltered(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		p, other := plainPolicy(t, "one"), plainPolicy(t, "other")
		cycles := []engine.Cycle{fullCycle(t, p), fullCycle(t, other)}
		insertCycles(t, s, cycles...)
		logs := make([]engine.SyncLog, 4)
		for i := range logs {
			c := cycles[i/2]
			logs[i] = engine.SyncLog{
				ID: newID(t), CycleID: c.ID, PolicyID: c.PolicyID, PolicyName: c.PolicyName,
				UserID: fmt.Sprint("user", i%2), UserEmail: fmt.Sprintf("User%d@Example.com", i%2),
				ConnectionID: fmt.Sprint("connection", i), ConnectionName: "mail",
				At: after(time.Duration(i) * time.Minute), Passed: i%2 == 0, Message: "Seen.",
			}
			if !logs[i].Passed {
				logs[i].Fault = fullFault()
			}
		}
		change(t, s, func(tx engine.Tx) error { return tx.InsertSyncLogs(t.Context(), logs) })
		for _, f := range []struct {
			filter engine.SyncLogFilter
			page   engine.Page
			want   []int
		}{
			{engine.SyncLogFilter{}, engine.Page{Limit: 10}, []int{3, 2, 1, 0}},
			{engine.SyncLogFilter{}, engine.Page{Limit: 2}, []int{3, 2}},
			{engine.SyncLogFilter{}, engine.Page{Limit: 2, After: logs[2].ID}, []int{1, 0}},
			{engine.SyncLogFilter{UserEmail: "uSER1@example.com"}, engine.Page{Limit: 10}, []int{3, 1}},
			{engine.SyncLogFilter{PolicyID: p.ID}, engine.Page{Limit: 10}, []int{1, 0}},
			{engine.SyncLogFilter{ConnectionID: "connection2"}, engine.Page{Limit: 10}, []int{2}},
			{engine.SyncLogFilter{CycleID: cycles[1].ID}, engine.Page{Limit: 10}, []int{3, 2}},
			{engine.SyncLogFilter{OnlyErrors: true}, engine.Page{Limit: 10}, []int{3, 1}},
			{engine.SyncLogFilter{Since: after(2 * time.Minute)}, engine.Page{Limit: 10}, []int{3, 2}},
			{engine.SyncLogFilter{OnlyErrors: true, PolicyID: p.ID, Since: began}, engine.Page{Limit: 10}, []int{1}},
		} {
			var want []engine.SyncLog
			for _, i := range f.want {
				want = append(want, logs[i])
			}
			got := look(t, s, func(tx engine.Tx) ([]engine.SyncLog, error) {
				return tx.SyncLogs(t.Context(), f.filter, f.page)
			})
			equal(t, fmt.Sprintf("%+v %+v", f.filter, f.page), got, want)
		}
	})
}

func TestSyncLogsOutliveTheirPolicy(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		p := plainPolicy(t, "one")
		insertPolicies(t, s, p)
		c := fullCycle(t, p)
		insertCycles(t, s, c)
		change(t, s, func(tx engine.Tx) error {
			log := engine.SyncLog{ID: newID(t), CycleID: c.ID, PolicyID: p.ID, PolicyName: p.Name, At: began}
			if err := tx.InsertSyncLogs(t.Context(), []engine.SyncLog{log}); err != nil {
				return err
			}
			return tx.DeletePolicy(t.Context(), p.ID)
		})
		logs := look(t, s, func(tx engine.Tx) ([]engine.SyncLog, error) {
			return tx.SyncLogs(t.Context(), engine.SyncLogFilter{PolicyID: p.ID}, engine.Page{Limit: 1})
		})
		if len(logs) != 1 || logs[0].PolicyName != "one" {
			t.Errorf("logs: %+v", logs)
		}
	})
}
