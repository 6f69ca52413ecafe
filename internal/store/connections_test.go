package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

func TestConnectionRoundTrip(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		full, plain := fullConnection(t, "Exchange"), plainConnection(t, "Other")
		insertConnections(t, s, full, plain)
		for _, want := range []model.Connection{full, plain} {
			got := view(t, s, func(tx model.Tx) (model.Connection, error) { return tx.Connection(t.Context(), want.ID) })
			equal(t, "inserted connection", got, want)
		}
		changed := plain
		changed.ID, changed.Name, changed.Revision = full.ID, "EXCHANGE", 8
		change(t, s, func(tx model.Tx) error { return tx.UpdateConnection(t.Context(), changed) })
		got := view(t, s, func(tx model.Tx) (model.Connection, error) {
			return tx.ConnectionByName(t.Context(), "exchange")
		})
		equal(t, "updated connection", got, changed)
	})
}

func TestTimesAreStoredInUTC(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		c := plainConnection(t, "Exchange")
		c.CreatedAt = startTime.In(time.FixedZone("east", 5*3600))
		insertConnections(t, s, c)
		got := view(t, s, func(tx model.Tx) (model.Connection, error) { return tx.Connection(t.Context(), c.ID) })
		equal(t, "created at", got.CreatedAt, startTime)
	})
}

func TestConnectionFilters(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		var all []model.Connection
		for _, state := range []model.Connection{{CredentialsVerified: true}, {}, {CredentialsBlank: true}} {
			for _, fault := range []*model.Fault{nil, fullFault()} {
				c := plainConnection(t, fmt.Sprintf("%v %v %v", state.CredentialsVerified, state.CredentialsBlank, fault != nil))
				c.CredentialsVerified, c.CredentialsBlank, c.Fault = state.CredentialsVerified, state.CredentialsBlank, fault
				all = append(all, c)
			}
		}
		all[0].Kind, all[0].System = target.CRM, "salesforce"
		insertConnections(t, s, all...)
		named := func(keep func(model.Connection) bool) (names []string) {
			for _, c := range all {
				if keep(c) {
					names = append(names, c.Name)
				}
			}
			return names
		}
		type filtered struct {
			filter model.ConnectionFilter
			want   []string
		}
		cases := []filtered{
			{model.ConnectionFilter{}, named(func(model.Connection) bool { return true })},
			{model.ConnectionFilter{IDs: []string{all[4].ID, all[1].ID, newID(t)}}, []string{all[1].Name, all[4].Name}},
			{model.ConnectionFilter{Name: "TRUE FALSE FALSE"}, []string{all[0].Name}},
			{model.ConnectionFilter{Name: "verified"}, nil},
			{model.ConnectionFilter{Kind: target.CRM}, []string{all[0].Name}},
			{model.ConnectionFilter{System: "salesforce"}, []string{all[0].Name}},
			{model.ConnectionFilter{System: "salesforce", Kind: target.Email}, nil},
		}
		for _, status := range []model.Status{
			model.StatusWorking, model.StatusFailing, model.StatusUnverified, model.StatusBlank, "other",
		} {
			cases = append(cases, filtered{model.ConnectionFilter{Status: status}, named(func(c model.Connection) bool {
				return c.Status() == status
			})})
		}
		for _, c := range cases {
			got := view(t, s, func(tx model.Tx) ([]model.ConnectionDetail, error) {
				return tx.Connections(t.Context(), c.filter, model.Page{Limit: 10})
			})
			var names []string
			for _, g := range got {
				names = append(names, g.Name)
			}
			equal(t, fmt.Sprintf("%+v", c.filter), names, c.want)
		}
	})
}
