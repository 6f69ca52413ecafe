package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

func TestConnectionComesBackAsGiven(t *testing.T) {
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

func TestConnectionNames(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		first, second string
		taken         bool
	}{
		{"Exchange", "exchange", true},
		{"Büro", "BÜRO", true},
		{"Bu\u0308ro", "Büro", true},
		{"ПОЧТА", "почта", true},
		{"Straße", "STRASSE", true},
		{"Exchange", "Ex\u200bchange", true},
		{"Exchange", "Exchange ", false},
		{"Exchange", "Exchang%", false},
	} {
		t.Run(c.first+"/"+c.second, func(t *testing.T) {
			t.Parallel()
			eachStore(t, func(t *testing.T, s *store.Store) {
				holder, other := plainConnection(t, c.first), plainConnection(t, c.second)
				insertConnections(t, s, holder)
				err := s.Update(t.Context(), func(tx model.Tx) error { return tx.InsertConnection(t.Context(), other) })
				var taken *model.NameTakenError
				if errors.As(err, &taken) != c.taken || errors.Is(err, model.ErrNameTaken) != c.taken {
					t.Fatalf("insert %q beside %q: %v", c.second, c.first, err)
				}
				if c.taken {
					equal(t, "error", *taken, model.NameTakenError{Object: "connection", Name: c.first, ID: holder.ID})
				}
				err = s.View(t.Context(), func(tx model.Tx) error {
					_, err := tx.ConnectionByName(t.Context(), c.second)
					return err
				})
				if err != nil {
					t.Errorf("find %q: %v", c.second, err)
				}
			})
		})
	}
}

func TestRenameToATakenNameChangesNothing(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		holder, other := plainConnection(t, "Exchange"), plainConnection(t, "Other")
		insertConnections(t, s, holder, other)
		renamed := other
		renamed.Name = "EXCHANGE"
		err := s.Update(t.Context(), func(tx model.Tx) error { return tx.UpdateConnection(t.Context(), renamed) })
		var taken *model.NameTakenError
		if !errors.As(err, &taken) || taken.ID != holder.ID {
			t.Fatalf("rename: %v", err)
		}
		got := view(t, s, func(tx model.Tx) (model.Connection, error) { return tx.Connection(t.Context(), other.ID) })
		equal(t, "the other connection", got, other)
	})
}

func TestConnectionsAreFiltered(t *testing.T) {
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
			got := view(t, s, func(tx model.Tx) ([]model.Connection, error) {
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

func TestPagesCoverTheList(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		const total = 23
		var want []string
		change(t, s, func(tx model.Tx) error {
			for i := range total {
				c := plainConnection(t, fmt.Sprintf("c%d", i))
				want = append(want, c.ID)
				if err := tx.InsertConnection(t.Context(), c); err != nil {
					return err
				}
			}
			return nil
		})
		for limit, first := range map[int]int{1: 1, 7: 7, total: total, 10_000: total} {
			var got []string
			for page := (model.Page{Limit: limit}); ; page.After = got[len(got)-1] {
				list := view(t, s, func(tx model.Tx) ([]model.Connection, error) {
					return tx.Connections(t.Context(), model.ConnectionFilter{}, page)
				})
				if len(list) == 0 {
					break
				}
				if got == nil && len(list) != first {
					t.Errorf("limit %d: first page has %d", limit, len(list))
				}
				for _, c := range list {
					got = append(got, c.ID)
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("limit %d: the pages do not add up to the list", limit)
			}
		}
	})
}

func TestPageWithoutLimitIsAnError(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		for name, list := range map[string]func(model.Tx, model.Page) error{
			"connections": func(tx model.Tx, p model.Page) error {
				_, err := tx.Connections(ctx, model.ConnectionFilter{}, p)
				return err
			},
			"policies": func(tx model.Tx, p model.Page) error { _, err := tx.Policies(ctx, model.PolicyFilter{}, p); return err },
			"users":    func(tx model.Tx, p model.Page) error { _, err := tx.Users(ctx, model.UserFilter{}, p); return err },
			"tests":    func(tx model.Tx, p model.Page) error { _, err := tx.Tests(ctx, newID(t), p); return err },
			"sync logs": func(tx model.Tx, p model.Page) error {
				_, err := tx.SyncLogs(ctx, model.SyncLogFilter{}, p)
				return err
			},
		} {
			for _, limit := range []int{0, -1} {
				err := s.View(ctx, func(tx model.Tx) error { return list(tx, model.Page{Limit: limit}) })
				if err == nil || !strings.Contains(err.Error(), "must be at least 1") {
					t.Errorf("%s with the limit %d: %v", name, limit, err)
				}
			}
		}
	})
}

func TestMissingObjects(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		ctx, id := t.Context(), newID(t)
		for name, f := range map[string]func(model.Tx) error{
			"Connection":       func(tx model.Tx) error { _, err := tx.Connection(ctx, id); return err },
			"ConnectionByName": func(tx model.Tx) error { _, err := tx.ConnectionByName(ctx, "x"); return err },
			"UpdateConnection": func(tx model.Tx) error { return tx.UpdateConnection(ctx, plainConnection(t, "x")) },
			"DeleteConnection": func(tx model.Tx) error { return tx.DeleteConnection(ctx, id) },
			"Credentials":      func(tx model.Tx) error { _, err := tx.Credentials(ctx, id, ""); return err },
			"PutCredentials":   func(tx model.Tx) error { return tx.PutCredentials(ctx, id, "", nil) },
			"MarkUsed":         func(tx model.Tx) error { return tx.MarkUsed(ctx, id, model.Use{PolicyID: id}) },
			"InsertTest": func(tx model.Tx) error {
				return tx.InsertTest(ctx, model.TestResult{ID: id, ConnectionID: id}, 1)
			},
			"Metadata":     func(tx model.Tx) error { _, err := tx.Metadata(ctx, id); return err },
			"PutMetadata":  func(tx model.Tx) error { return tx.PutMetadata(ctx, id, target.Snapshot{}) },
			"Revalidation": func(tx model.Tx) error { _, err := tx.Revalidation(ctx, id, id); return err },
			"InsertRevalidation": func(tx model.Tx) error {
				return tx.InsertRevalidation(ctx, model.Revalidation{ID: id, ConnectionID: id}, 1)
			},
			"InsertMiss": func(tx model.Tx) error { return tx.InsertUnequalComparison(ctx, id, []byte("x"), startTime, startTime) },
			"Policy":     func(tx model.Tx) error { _, err := tx.Policy(ctx, id); return err },
			"InsertPolicy": func(tx model.Tx) error {
				return tx.InsertPolicy(ctx, model.Policy{ID: id, EmailConnectionID: id})
			},
			"UpdatePolicy":   func(tx model.Tx) error { return tx.UpdatePolicy(ctx, plainPolicy(t, "x")) },
			"DeletePolicy":   func(tx model.Tx) error { return tx.DeletePolicy(ctx, id) },
			"Cycle":          func(tx model.Tx) error { _, err := tx.Cycle(ctx, id, id); return err },
			"RunningCycle":   func(tx model.Tx) error { _, err := tx.RunningCycle(ctx, id); return err },
			"UpdateCycle":    func(tx model.Tx) error { return tx.UpdateCycle(ctx, model.Cycle{ID: id}) },
			"InsertSyncLogs": func(tx model.Tx) error { return tx.InsertSyncLogs(ctx, []model.SyncLog{{ID: id}}) },
			"User":           func(tx model.Tx) error { _, err := tx.User(ctx, id); return err },
			"UpdateUser":     func(tx model.Tx) error { return tx.UpdateUser(ctx, plainUser(t, "x@example.com")) },
			"DeleteUser":     func(tx model.Tx) error { return tx.DeleteUser(ctx, id) },
			"Answer":         func(tx model.Tx) error { _, err := tx.IdempotencyRecord(ctx, "local", "x"); return err },
		} {
			if err := s.Update(ctx, f); !errors.Is(err, model.ErrNotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
