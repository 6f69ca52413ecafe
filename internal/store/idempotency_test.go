package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
)

func TestIdempotencyRecords(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		record := model.IdempotencyRecord{Caller: "one", Key: "k", Digest: []byte{0, 255}, Result: []byte(`{"a": "ü"}`), At: startTime}
		insert := func(a model.IdempotencyRecord, before time.Time) {
			change(t, s, func(tx model.Tx) error { return tx.InsertIdempotencyRecord(ctx, a, before) })
		}
		find := func(caller string) (a model.IdempotencyRecord, err error) {
			err = s.View(ctx, func(tx model.Tx) (err error) { a, err = tx.IdempotencyRecord(ctx, caller, "k"); return err })
			return a, err
		}
		insert(record, startTime)
		got, err := find("one")
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "record", got, record)
		if _, err := find("two"); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("the same key of another caller: %v", err)
		}
		// The second insert deletes the expired first record, so that the key can be used again.
		again := record
		again.At = after(time.Hour)
		insert(again, after(time.Minute))
		if got, err = find("one"); err != nil {
			t.Fatal(err)
		}
		equal(t, "second record", got, again)
		err = s.Update(ctx, func(tx model.Tx) error { return tx.InsertIdempotencyRecord(ctx, again, startTime) })
		if err == nil {
			t.Error("a valid record was replaced")
		}
	})
}

func TestUndeliveredRecords(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		record := func(key, run, object string, at time.Time) model.IdempotencyRecord {
			return model.IdempotencyRecord{
				Caller: "local", Key: key, Digest: []byte{1}, Result: []byte(`{}`), At: at, RunID: run, ObjectID: object,
			}
		}
		first, second := record("1", "run 1", "a", startTime), record("2", "run 2", "a", after(time.Minute))
		other, changed := record("3", "run 1", "b", startTime), record("4", "", "", startTime)
		change(t, s, func(tx model.Tx) error {
			return errors.Join(
				tx.InsertIdempotencyRecord(ctx, first, startTime), tx.InsertIdempotencyRecord(ctx, other, startTime),
				tx.InsertIdempotencyRecord(ctx, changed, startTime), tx.InsertIdempotencyRecord(ctx, second, startTime))
		})
		find := func(object string) (found model.IdempotencyRecord, err error) {
			err = s.View(ctx, func(tx model.Tx) (err error) { found, err = tx.UndeliveredRecord(ctx, object); return err })
			return found, err
		}
		want := func(what, object string, want model.IdempotencyRecord) {
			t.Helper()
			got, err := find(object)
			if err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			equal(t, what, got, want)
		}
		want("newest", "a", second)
		change(t, s, func(tx model.Tx) error { return tx.MarkRunDelivered(ctx, "run 2") })
		want("of the other run", "a", first)
		want("of the other object", "b", other)
		change(t, s, func(tx model.Tx) error { return tx.MarkObjectDelivered(ctx, "a", "run 1") })
		if _, err := find("a"); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("all delivered: %v", err)
		}
		want("of the other object", "b", other)
		delivered := view(t, s, func(tx model.Tx) (model.IdempotencyRecord, error) { return tx.IdempotencyRecord(ctx, "local", "1") })
		if !delivered.Delivered {
			t.Error("the record does not say that it was delivered")
		}
	})
}
