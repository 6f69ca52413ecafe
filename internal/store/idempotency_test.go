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
