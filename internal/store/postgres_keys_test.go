package store_test

import (
	"sync"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/postgrestest"
)

func TestPostgresWritersWaitOnlyForCommonKeys(t *testing.T) {
	t.Parallel()
	address, keyset := postgrestest.New(t), newKeyset(t)
	first := openPostgres(t, address, keyset)
	second, err := openWith(t, address+"&lock_timeout=20", keyset, false)
	if err != nil {
		t.Fatal(err)
	}
	type keys []model.WriteKey
	a, b := model.CycleKey("a"), model.CycleKey("b")
	for name, c := range map[string]struct {
		holds, wants keys
		waits        bool
	}{
		"other keys":              {keys{a}, keys{b, model.AppendKey}, false},
		"keys of different kinds": {keys{a}, keys{model.LeaseKey("a")}, false},
		"the same key":            {keys{a}, keys{a}, true},
		"one common key":          {keys{a, model.LeaseKey("a")}, keys{model.LeaseKey("a"), b}, true},
		"only new rows":           {keys{model.AppendKey}, keys{model.AppendKey}, false},
		"new rows, without keys":  {keys{model.AppendKey}, nil, true},
		"without keys first":      {nil, keys{a}, true},
		"without keys second":     {keys{a}, nil, true},
		"the same key twice":      {keys{a, a}, keys{b, b}, false},
	} {
		nothing := func(model.Tx) error { return nil }
		err := first.Update(t.Context(), func(model.Tx) error {
			err := second.Update(t.Context(), nothing, c.wants...)
			if c.waits {
				wantUnavailable(t, err, "is busy with other writes")
			} else if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			return nil
		}, c.holds...)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Each of two transactions changes what the other one changed before: PostgreSQL ends one of them, which runs again.
func TestPostgresConflictIsRunAgain(t *testing.T) {
	t.Parallel()
	address, keyset := postgrestest.New(t), newKeyset(t)
	s := openPostgres(t, address+"&deadlock_timeout=100", keyset)
	leases := [2]model.Lease{}
	for i, key := range []string{"one", "other"} {
		want := model.Lease{Key: key, Holder: "a", ExpiresAt: after(time.Hour)}
		leases[i] = write(t, s, func(tx model.Tx) (model.Lease, error) {
			l, _, err := tx.AcquireLease(t.Context(), want, startTime, nil)
			return l, err
		})
	}
	var begun, done sync.WaitGroup
	var mu sync.Mutex
	runs := 0
	begun.Add(2)
	for i := range leases {
		done.Go(func() {
			var once sync.Once
			err := s.Update(t.Context(), func(tx model.Tx) error {
				mu.Lock()
				runs++
				mu.Unlock()
				if _, err := tx.RenewLease(t.Context(), leases[i]); err != nil {
					return err
				}
				once.Do(func() {
					begun.Done()
					begun.Wait()
				})
				_, err := tx.RenewLease(t.Context(), leases[1-i])
				return err
			}, model.UserKey(leases[i].Key)) // not the key of the other one, which is the mistake; and not one that has a connection kept
			if err != nil {
				t.Error(err)
			}
		})
	}
	done.Wait()
	if runs < 3 { // more if both were ended
		t.Errorf("%d runs", runs)
	}
}

func TestAuditEventsAppearInOrder(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		const writers, rounds = 4, 10
		var wg sync.WaitGroup
		for range writers {
			wg.Go(func() {
				for range rounds {
					err := s.Update(t.Context(), func(tx model.Tx) error {
						return tx.InsertAudit(t.Context(), model.AuditEvent{ID: newID(t), At: startTime})
					}, model.AppendKey)
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		newest := ""
		for read := 0; read < writers*rounds && !t.Failed(); {
			events := listAudit(t, s, model.AuditFilter{}, model.Page{Limit: 100})
			if read > 0 && events[len(events)-read].ID != newest {
				t.Fatal("an event appeared before one that was read")
			}
			if read = len(events); read > 0 {
				newest = events[0].ID
			}
		}
		wg.Wait()
	})
}

// An event that is not committed can be older than one that is: a client that goes on from the newest would never see it.
func TestPostgresAuditPageWaitsForOlderEvents(t *testing.T) {
	t.Parallel()
	address, keyset := postgrestest.New(t), newKeyset(t)
	s := openPostgres(t, address, keyset)
	impatient, err := openWith(t, address+"&lock_timeout=20", keyset, false)
	if err != nil {
		t.Fatal(err)
	}
	first, older, newer := model.Page{Limit: 1}, newID(t), newID(t)
	insert := func(id string, before func()) {
		err := s.Update(t.Context(), func(tx model.Tx) error {
			err := tx.InsertAudit(t.Context(), model.AuditEvent{ID: id, At: startTime})
			before()
			return err
		}, model.AppendKey)
		if err != nil {
			t.Error(err)
		}
	}
	insert(older, func() {
		insert(newer, func() {})
		_, err := impatient.AuditEvents(t.Context(), model.AuditFilter{}, first)
		wantUnavailable(t, err, "is busy with other writes")
	})
	page := listAudit(t, impatient, model.AuditFilter{}, first)
	equal(t, "newest", page[0].ID, newer)
	later := newID(t)
	insert(later, func() { // a page after a cursor has only events that are older than the first page
		page = listAudit(t, impatient, model.AuditFilter{}, model.Page{After: newer, Limit: 10})
		equal(t, "events after the newest", len(page), 1)
		equal(t, "the older one", page[0].ID, older)
	})
}
