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
