package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
)

func listAudit(t *testing.T, s *store.Store, f model.AuditFilter, p model.Page) []model.AuditEvent {
	t.Helper()
	found, err := s.AuditEvents(t.Context(), f, p)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestAuditEventFilters(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		events := make([]model.AuditEvent, 4)
		for i := range events {
			events[i] = model.AuditEvent{
				ID: newID(t), At: after(time.Duration(i) * time.Minute), Actor: fmt.Sprintf("Ada_%d@host, 100%%", i%2),
				RequestID: fmt.Sprint("request", i), Action: fmt.Sprint("connection.", i%2), ObjectID: fmt.Sprint("object", i/2),
				Outcome: fmt.Sprint("outcome", i%2), Detail: "changed name",
			}
		}
		change(t, s, func(tx model.Tx) error {
			for _, e := range events {
				if err := tx.InsertAudit(t.Context(), e); err != nil {
					return err
				}
			}
			return nil
		})
		for _, f := range []struct {
			filter model.AuditFilter
			page   model.Page
			want   []int
		}{
			{model.AuditFilter{}, model.Page{Limit: 10}, []int{3, 2, 1, 0}},
			{model.AuditFilter{}, model.Page{Limit: 2}, []int{3, 2}},
			{model.AuditFilter{}, model.Page{Limit: 2, After: events[2].ID}, []int{1, 0}},
			{model.AuditFilter{ObjectID: "object0"}, model.Page{Limit: 10}, []int{1, 0}},
			{model.AuditFilter{Action: "connection.1"}, model.Page{Limit: 10}, []int{3, 1}},
			{model.AuditFilter{Outcome: "outcome0"}, model.Page{Limit: 10}, []int{2, 0}},
			{model.AuditFilter{Actor: "aDA_1@"}, model.Page{Limit: 10}, []int{3, 1}},
			{model.AuditFilter{Actor: "100%"}, model.Page{Limit: 1}, []int{3}},
			{model.AuditFilter{Actor: "a%"}, model.Page{Limit: 10}, nil},
			{model.AuditFilter{Actor: "da__"}, model.Page{Limit: 10}, nil},
			{model.AuditFilter{Actor: "!"}, model.Page{Limit: 10}, nil},
			{model.AuditFilter{Since: after(time.Minute), Until: after(3 * time.Minute)}, model.Page{Limit: 10}, []int{2, 1}},
			{model.AuditFilter{ObjectID: "object1", Action: "connection.0", Since: startTime}, model.Page{Limit: 10}, []int{2}},
		} {
			var want []model.AuditEvent
			for _, i := range f.want {
				want = append(want, events[i])
			}
			got := listAudit(t, s, f.filter, f.page)
			equal(t, fmt.Sprintf("%+v %+v", f.filter, f.page), got, want)
		}
	})
}
