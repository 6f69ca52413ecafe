package store_test

import (
	"database/sql"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
)

// rawDatabase opens a database without a store, as an administrator would.
func rawDatabase(t *testing.T, d storetest.Database) *sql.DB {
	t.Helper()
	driver, source := "sqlite", d.File
	if d.Address != "" {
		driver, source = "pgx", d.Address
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	if d.Address != "" {
		db.SetMaxOpenConns(1)
		if _, err := db.ExecContext(t.Context(), `SET search_path = riva`); err != nil {
			t.Fatal(err)
		}
	}
	return db
}

// In American English, these are in another order: letter case and punctuation hardly count.
func TestIDsSortByBytes(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		ids := []string{"a-b", "aa", "B", "b", "ab", "a_b", "Z", "1", "-1", "ä", "ß", "ss", "z"}
		change(t, s, func(tx model.Tx) error {
			for i, id := range ids {
				u := plainUser(t, fmt.Sprintf("user%d@example.com", i))
				u.ID = id
				if err := tx.InsertUser(t.Context(), u); err != nil {
					return err
				}
			}
			return nil
		})
		slices.Sort(ids)
		equal(t, "all pages", readUserIDs(t, s, 2), ids)
	})
}

func TestLongListIsReadInPages(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		var want []string
		change(t, s, func(tx model.Tx) error {
			for i := range 1201 {
				u := plainUser(t, fmt.Sprintf("user%d@example.com", i))
				want = append(want, u.ID)
				if err := tx.InsertUser(t.Context(), u); err != nil {
					return err
				}
			}
			return nil
		})
		equal(t, "all pages", readUserIDs(t, s, 500), want)
	})
}

// readUserIDs reads all users in pages.
func readUserIDs(t *testing.T, s *store.Store, limit int) (ids []string) {
	t.Helper()
	for page := (model.Page{Limit: limit}); ; page.After = ids[len(ids)-1] {
		list := view(t, s, func(tx model.Tx) ([]model.User, error) { return tx.Users(t.Context(), model.UserFilter{}, page) })
		if len(list) == 0 {
			return ids
		}
		for i := range list {
			ids = append(ids, list[i].ID)
		}
	}
}

// Digests are text in base64, in which letter case counts.
func TestDigestsDifferInLetterCase(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		upper, lower := []byte{0, 0, 1}, []byte{0x68, 0, 1} // AAAB and aAAB
		change(t, s, func(tx model.Tx) error {
			return tx.InsertRejectedSignIn(t.Context(), model.RejectedSignIn{Digest: upper, At: startTime, Fault: *fullFault()})
		})
		for name, c := range map[string]struct {
			digest []byte
			want   int
		}{"the digest": {upper, 1}, "another digest": {lower, 0}} {
			found := view(t, s, func(tx model.Tx) ([]model.RejectedSignIn, error) {
				return tx.RejectedSignIns(t.Context(), c.digest, startTime, startTime)
			})
			equal(t, name, len(found), c.want)
		}
	})
}

// Periods include the microsecond at which they begin and end, and times come back with it.
func TestTimesAreExactToTheMicrosecond(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		digest := []byte("digest")
		times := []time.Time{
			startTime.Truncate(time.Second), startTime, after(time.Microsecond),
			time.Date(2026, 3, 1, 8, 30, 0, 999999000, time.UTC), time.Date(2026, 3, 1, 8, 30, 1, 0, time.UTC),
		}
		change(t, s, func(tx model.Tx) error {
			for _, at := range times {
				r := model.RejectedSignIn{Digest: digest, At: at.In(time.FixedZone("", 3600)), Fault: *fullFault()}
				if err := tx.InsertRejectedSignIn(t.Context(), r); err != nil {
					return err
				}
			}
			return nil
		})
		for i := range times {
			for j := i; j < len(times); j++ {
				found := view(t, s, func(tx model.Tx) ([]model.RejectedSignIn, error) {
					return tx.RejectedSignIns(t.Context(), digest, times[i], times[j])
				})
				got := make([]time.Time, len(found))
				for k := range found {
					got[k] = found[k].At
				}
				equal(t, fmt.Sprintf("from %s until %s", times[i], times[j]), got, times[i:j+1])
			}
		}
	})
}

// Whatever a bug of this program or another program writes, two objects do not have one name.
func TestIndexesKeepNamesUnique(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, d storetest.Database) {
		s := d.Open(t, testSystems())
		insertConnections(t, s, plainConnection(t, "Straße"), plainConnection(t, "Other"))
		insertPolicies(t, s, plainPolicy(t, "Straße"), plainPolicy(t, "Other"))
		change(t, s, func(tx model.Tx) error {
			if err := tx.InsertUser(t.Context(), plainUser(t, "a@example.com")); err != nil {
				return err
			}
			return tx.InsertUser(t.Context(), plainUser(t, "b@example.com"))
		})
		db := rawDatabase(t, d)
		for table, column := range map[string]string{"connections": "name", "sync_policies": "name", "users": "email"} {
			statement := `UPDATE ` + table + ` SET ` + column + `_folded = (SELECT MIN(` + column + `_folded) FROM ` + table + `)`
			if _, err := db.ExecContext(t.Context(), statement); err == nil {
				t.Errorf("two rows of %s have the same name", table)
			}
		}
	})
}

// PostgreSQL refuses the rest of a transaction after a failed statement, and SQLite does not. A caller that goes on after the
// error has all or nothing stored, and knows which.
func TestFailedStatementStoresAllOrNothing(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		fail := func(tx model.Tx) error {
			return tx.InsertTest(t.Context(), model.TestResult{ID: newID(t), ConnectionID: newID(t)}, 1)
		}
		for name, last := range map[string]func(model.Tx) error{
			"the error was forgotten": func(model.Tx) error { return nil },
			"a statement follows the error": func(tx model.Tx) error {
				return tx.InsertConnection(t.Context(), plainConnection(t, "after"))
			},
		} {
			before := countConnections(t, s)
			err := s.Update(t.Context(), func(tx model.Tx) error {
				if err := tx.InsertConnection(t.Context(), plainConnection(t, "before "+name)); err != nil {
					t.Error(err)
				}
				if fail(tx) == nil {
					t.Error("a test of a missing connection was stored")
				}
				return last(tx)
			})
			if stored := countConnections(t, s) - before; (err == nil) != (stored > 0) {
				t.Errorf("%s: error %v, and %d connections were stored", name, err, stored)
			}
		}
		insertConnections(t, s, plainConnection(t, "afterwards"))
	})
}
