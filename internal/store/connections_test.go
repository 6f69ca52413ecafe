package store_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

func TestConnectionComesBackAsGiven(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		full, plain := fullConnection(t, "Exchange"), plainConnection(t, "Other")
		insertConnections(t, s, full, plain)
		for _, want := range []engine.Connection{full, plain} {
			got := look(t, s, func(tx engine.Tx) (engine.Connection, error) { return tx.Connection(t.Context(), want.ID) })
			equal(t, "inserted connection", got, want)
		}
		changed := plain
		changed.ID, changed.Name, changed.Revision = full.ID, "EXCHANGE", 8
		change(t, s, func(tx engine.Tx) error { return tx.UpdateConnection(t.Context(), changed) })
		got := look(t, s, func(tx engine.Tx) (engine.Connection, error) {
			return tx.ConnectionByName(t.Context(), "exchange")
		})
		equal(t, "updated connection", got, changed)
	})
}

func TestTimesAreStoredInUTC(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		c := plainConnection(t, "Exchange")
		c.CreatedAt = began.In(time.FixedZone("east", 5*3600))
		insertConnections(t, s, c)
		got := look(t, s, func(tx engine.Tx) (engine.Connection, error) { return tx.Connection(t.Context(), c.ID) })
		equal(t, "created at", got.CreatedAt, began)
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
		{"Exchange", "Exchange ", false},
		{"Exchange", "Exchang%", false},
	} {
		t.Run(c.first+"/"+c.second, func(t *testing.T) {
			t.Parallel()
			eachStore(t, func(t *testing.T, s *store.Store) {
				holder, other := plainConnection(t, c.first), plainConnection(t, c.second)
				insertConnections(t, s, holder)
				err := s.Update(t.Context(), func(tx engine.Tx) error { return tx.InsertConnection(t.Context(), other) })
				var taken *engine.NameTakenError
				if errors.As(err, &taken) != c.taken || errors.Is(err, engine.ErrNameTaken) != c.taken {
					t.Fatalf("insert %q beside %q: %v", c.second, c.first, err)
				}
				if c.taken {
					equal(t, "error", *taken, engine.NameTakenError{Object: "connection", Name: c.first, ID: holder.ID})
				}
				err = s.View(t.Context(), func(tx engine.Tx) error {
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
		err := s.Update(t.Context(), func(tx engine.Tx) error { return tx.UpdateConnection(t.Context(), renamed) })
		var taken *engine.NameTakenError
		if !errors.As(err, &taken) || taken.ID != holder.ID {
			t.Fatalf("rename: %v", err)
		}
		got := look(t, s, func(tx engine.Tx) (engine.Connection, error) { return tx.Connection(t.Context(), other.ID) })
		equal(t, "the other connection", got, other)
	})
}

func TestConnectionsAreFiltered(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		var all []engine.Connection
		for _, trust := range []engine.Trust{engine.Verified, engine.Untested, engine.Wiped} {
			for _, fault := range []*engine.Fault{nil, fullFault()} {
				c := plainConnection(t, fmt.Sprintf("%s %v", trust, fault != nil))
				c.Trust, c.Fault = trust, fault
				all = append(all, c)
			}
		}
		all[0].Kind, all[0].System = target.CRM, "salesforce"
		insertConnections(t, s, all...)
		named := func(keep func(engine.Connection) bool) (names []string) {
			for _, c := range all {
				if keep(c) {
					names = append(names, c.Name)
				}
			}
			return names
		}
		type filtered struct {
			filter engine.ConnectionFilter
			want   []string
		}
		cases := []filtered{
			{engine.ConnectionFilter{}, named(func(engine.Connection) bool { return true })},
			{engine.ConnectionFilter{IDs: []string{all[4].ID, all[1].ID, newID(t)}}, []string{all[1].Name, all[4].Name}},
			{engine.ConnectionFilter{Name: "VERIFIED FALSE"}, []string{all[0].Name}},
			{engine.ConnectionFilter{Name: "verified"}, nil},
			{engine.ConnectionFilter{Kind: target.CRM}, []string{all[0].Name}},
			{engine.ConnectionFilter{System: "salesforce"}, []string{all[0].Name}},
			{engine.ConnectionFilter{System: "salesforce", Kind: target.Email}, nil},
		}
		for _, status := range []engine.Status{engine.Working, engine.Failing, engine.Unverified, engine.Blank, "other"} {
			cases = append(cases, filtered{engine.ConnectionFilter{Status: status}, named(func(c engine.Connection) bool {
				return c.Status() == status
			})})
		}
		for _, c := range cases {
			got := look(t, s, func(tx engine.Tx) ([]engine.Connection, error) {
				return tx.Connections(t.Context(), c.filter, engine.Page{Limit: 10})
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
		const total = engine.MaxPage + 3
		var want []string
		change(t, s, func(tx engine.Tx) error {
			for i := range total {
				c := plainConnection(t, fmt.Sprintf("c%d", i))
				want = append(want, c.ID)
				if err := tx.InsertConnection(t.Context(), c); err != nil {
					return err
				}
			}
			return nil
		})
		for limit, first := range map[int]int{7: 7, engine.MaxPage: engine.MaxPage, 0: engine.MaxPage, 10_000: engine.MaxPage} {
			var got []string
			for page := (engine.Page{Limit: limit}); ; page.After = got[len(got)-1] {
				list := look(t, s, func(tx engine.Tx) ([]engine.Connection, error) {
					return tx.Connections(t.Context(), engine.ConnectionFilter{}, page)
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

func TestMissingObjects(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		ctx, id := t.Context(), newID(t)
		for name, f := range map[string]func(engine.Tx) error{
			"Connection":       func(tx engine.Tx) error { _, err := tx.Connection(ctx, id); return err },
			"ConnectionByName": func(tx engine.Tx) error { _, err := tx.ConnectionByName(ctx, "x"); return err },
			"UpdateConnection": func(tx engine.Tx) error { return tx.UpdateConnection(ctx, plainConnection(t, "x")) },
			"DeleteConnection": func(tx engine.Tx) error { return tx.DeleteConnection(ctx, id) },
			"Credentials":      func(tx engine.Tx) error { _, err := tx.Credentials(ctx, id, ""); return err },
			"PutCredentials":   func(tx engine.Tx) error { return tx.PutCredentials(ctx, id, "", nil) },
			"MarkUsed":         func(tx engine.Tx) error { return tx.MarkUsed(ctx, id, engine.Use{PolicyID: id}) },
			"InsertTest": func(tx engine.Tx) error {
				return tx.InsertTest(ctx, engine.TestResult{ID: id, ConnectionID: id}, 1)
			},
			"Metadata":     func(tx engine.Tx) error { _, err := tx.Metadata(ctx, id); return err },
			"PutMetadata":  func(tx engine.Tx) error { return tx.PutMetadata(ctx, id, target.Snapshot{}) },
			"Revalidation": func(tx engine.Tx) error { _, err := tx.Revalidation(ctx, id, id); return err },
			"InsertRevalidation": func(tx engine.Tx) error {
				return tx.InsertRevalidation(ctx, engine.RevalidationResult{ID: id, ConnectionID: id}, 1)
			},
			"InsertMiss": func(tx engine.Tx) error { return tx.InsertMiss(ctx, id, []byte("x"), began, began) },
			"Policy":     func(tx engine.Tx) error { _, err := tx.Policy(ctx, id); return err },
			"InsertPolicy": func(tx engine.Tx) error {
				return tx.InsertPolicy(ctx, engine.Policy{ID: id, EmailConnectionID: id})
			},
			"UpdatePolicy":   func(tx engine.Tx) error { return tx.UpdatePolicy(ctx, plainPolicy(t, "x")) },
			"DeletePolicy":   func(tx engine.Tx) error { return tx.DeletePolicy(ctx, id) },
			"Cycle":          func(tx engine.Tx) error { _, err := tx.Cycle(ctx, id, id); return err },
			"RunningCycle":   func(tx engine.Tx) error { _, err := tx.RunningCycle(ctx, id); return err },
			"UpdateCycle":    func(tx engine.Tx) error { return tx.UpdateCycle(ctx, engine.Cycle{ID: id}) },
			"InsertSyncLogs": func(tx engine.Tx) error { return tx.InsertSyncLogs(ctx, []engine.SyncLog{{ID: id}}) },
			"User":           func(tx engine.Tx) error { _, err := tx.User(ctx, id); return err },
			"UpdateUser":     func(tx engine.Tx) error { return tx.UpdateUser(ctx, plainUser(t, "x@example.com")) },
			"DeleteUser":     func(tx engine.Tx) error { return tx.DeleteUser(ctx, id) },
			"Answer":         func(tx engine.Tx) error { _, err := tx.Answer(ctx, "local", "x"); return err },
		} {
			if err := s.Update(ctx, f); !errors.Is(err, engine.ErrNotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
