package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
)

func TestRejectedSignIns(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		attempt := func(digest string, minutes int) model.RejectedSignIn {
			at := after(time.Duration(minutes) * time.Minute)
			return model.RejectedSignIn{Digest: []byte(digest), At: at, Fault: *fullFault()}
		}
		list := func(digest string, since time.Time) []model.RejectedSignIn {
			return view(t, s, func(tx model.Tx) ([]model.RejectedSignIn, error) {
				return tx.RejectedSignIns(ctx, []byte(digest), since)
			})
		}
		change(t, s, func(tx model.Tx) error {
			var errs []error
			for _, a := range []model.RejectedSignIn{attempt("a", 9), attempt("a", 0), attempt("a", 5), attempt("b", 1), attempt("b", 7)} {
				errs = append(errs, tx.InsertRejectedSignIn(ctx, a))
			}
			return errors.Join(errs...)
		})
		equal(t, "oldest first", list("a", startTime), []model.RejectedSignIn{attempt("a", 0), attempt("a", 5), attempt("a", 9)})
		equal(t, "since", list("a", after(5*time.Minute)), []model.RejectedSignIn{attempt("a", 5), attempt("a", 9)})

		change(t, s, func(tx model.Tx) error { return tx.DeleteRejectedSignIns(ctx, []byte("a"), after(5*time.Minute)) })
		equal(t, "forgotten", list("a", startTime), nil)
		equal(t, "old ones of others", list("b", startTime), []model.RejectedSignIn{attempt("b", 7)})

		change(t, s, func(tx model.Tx) error { return tx.DeleteRejectedSignIns(ctx, nil, startTime) })
		equal(t, "no digest", list("b", startTime), []model.RejectedSignIn{attempt("b", 7)})
	})
}

func TestIdempotencyRecords(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		answer := model.IdempotencyRecord{Caller: "one", Key: "k", Digest: []byte{0, 255}, Result: []byte(`{"a": "ü"}`), At: startTime}
		insert := func(a model.IdempotencyRecord, before time.Time) {
			change(t, s, func(tx model.Tx) error { return tx.InsertIdempotencyRecord(ctx, a, before) })
		}
		find := func(caller string) (a model.IdempotencyRecord, err error) {
			err = s.View(ctx, func(tx model.Tx) (err error) { a, err = tx.IdempotencyRecord(ctx, caller, "k"); return err })
			return a, err
		}
		insert(answer, startTime)
		got, err := find("one")
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "answer", got, answer)
		if _, err := find("two"); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("the same key of another caller: %v", err)
		}
		// The second insert forgets the first, so that the key can be used again.
		again := answer
		again.At = after(time.Hour)
		insert(again, after(time.Minute))
		if got, err = find("one"); err != nil {
			t.Fatal(err)
		}
		equal(t, "second answer", got, again)
		err = s.Update(ctx, func(tx model.Tx) error { return tx.InsertIdempotencyRecord(ctx, answer, startTime) })
		if err == nil {
			t.Error("an answer that counts was replaced")
		}
	})
}

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
				n, k, err := tx.UnequalComparisons(ctx, id, []byte(candidate), since)
				if n != count || k != known {
					t.Errorf("%s: %d misses, known %v", what, n, k)
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
		expect("old ones forgotten", one.ID, "y", startTime, 2, false)
		expect("old ones of others forgotten", other.ID, "x", startTime, 0, false)
	})
}
