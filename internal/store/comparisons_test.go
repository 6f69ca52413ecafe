package store_test

import (
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
)

func TestUnequalComparisons(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		one, other := plainConnection(t, "one"), plainConnection(t, "other")
		insertConnections(t, s, one, other)
		insert := func(id, candidate string, at, before time.Time) {
			change(t, s, func(tx model.Tx) error { return tx.InsertUnequalComparison(ctx, id, []byte(candidate), at, before) })
		}
		expect := func(what, id, candidate string, since time.Time, count int, known bool) {
			t.Helper()
			err := s.View(ctx, func(tx model.Tx) error {
				n, k, err := tx.UnequalComparisons(ctx, id, []byte(candidate), since, after(24*time.Hour))
				if n != count || k != known {
					t.Errorf("%s: %d unequal, known %v", what, n, k)
				}
				return err
			})
			if err != nil {
				t.Errorf("%s: %v", what, err)
			}
		}
		expect("none", one.ID, "x", startTime, 0, false)
		insert(one.ID, "x", startTime, startTime)
		insert(one.ID, "y", after(time.Minute), startTime)
		insert(other.ID, "x", after(time.Minute), startTime)
		expect("two", one.ID, "x", startTime, 2, true)
		expect("unknown candidate", one.ID, "z", startTime, 2, false)
		expect("since", one.ID, "x", after(time.Minute), 1, false)
		insert(one.ID, "x", after(2*time.Minute), startTime)
		expect("repeated", one.ID, "x", startTime, 2, true)
		insert(one.ID, "z", after(3*time.Minute), after(2*time.Minute))
		expect("old candidates are deleted", one.ID, "y", startTime, 2, false)
		expect("old candidates of other connections are deleted", other.ID, "x", startTime, 0, false)
	})
}
