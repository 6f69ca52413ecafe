package engine_test

import (
	"bytes"
	"encoding/base64"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// comparisonKey returns the comparison key of a connection as it was read; nil if it has none.
func (w *fixture) comparisonKey(c model.ConnectionDetail) []byte {
	w.t.Helper()
	return must(w.ComparisonKeys(w.ctx, []model.ConnectionDetail{c}))(w.t)[c.ID]
}

func TestEachSetHasItsOwnComparisonKey(t *testing.T) {
	t.Parallel()
	eachCloudFixture(t, func(t *testing.T, w *cloudFixture) {
		w.cloud.set(func(f *cloud) { f.validTokens = []string{"first", "second"} })
		other := w.create(newMail("Mail"))
		seen := map[string]bool{string(w.comparisonKey(other)): true}
		first := w.read(w.id)
		step := func(what string, same bool, do func() error) {
			t.Helper()
			before := w.comparisonKey(w.read(w.id))
			if err := do(); err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			after := w.comparisonKey(w.read(w.id))
			if len(after) != 32 || bytes.Equal(before, after) != same || !same && seen[string(after)] {
				t.Errorf("%s: the key has %d bytes, is the same: %t", what, len(after), bytes.Equal(before, after))
			}
			seen[string(before)], seen[string(after)] = true, true
		}
		update := func(change model.ConnectionChange) func() error {
			return func() error { _, err := w.UpdateConnection(w.ctx, w.id, change); return err }
		}
		step("a rename", true, update(model.ConnectionChange{Name: new("Renamed")}))
		step("the same credentials", false, update(model.ConnectionChange{Credentials: token("first"), Verify: true}))
		step("others", false, update(model.ConnectionChange{Credentials: token("second")}))
		w.cloud.set(func(f *cloud) { f.rotate = true })
		step("a replacement by the system", true, func() error {
			_, err := w.Revalidate(w.ctx, w.id, model.RevalidationRequest{})
			return err
		})
		step("the same credentials after that", false, update(model.ConnectionChange{Credentials: token("second"), Verify: true}))
		step("a re-validation with credentials", false, func() error {
			_, err := w.Revalidate(w.ctx, w.id, model.RevalidationRequest{Credentials: token("first")})
			return err
		})
		if key := w.comparisonKey(first); key != nil {
			t.Error("a set that was replaced has a key")
		}
	})
}

func TestBlankCredentialsHaveNoComparisonKey(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		c := w.createUnverified("wrong")
		if w.comparisonKey(c) == nil {
			t.Error("no key before")
		}
		w.test(c.ID)
		if w.comparisonKey(c) != nil || w.comparisonKey(w.read(c.ID)) != nil {
			t.Error("a key after the credentials were blanked")
		}
	})
}

// The result of a repeated request has the set that the first one submitted. Its key is not stored with the result, and is not
// that of a later set.
func TestRepeatedSubmissionHasItsOwnSet(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		ctx := w.as("pipeline", "key", "body")
		create := func() model.ConnectionDetail { return must(w.CreateConnection(ctx, newMail("Mail")))(t) }
		created := create()
		key := w.comparisonKey(created)
		if again := create(); again.CredentialsSetID != created.CredentialsSetID || !bytes.Equal(w.comparisonKey(again), key) {
			t.Error("the repeated request has another set or another key")
		}
		var record model.IdempotencyRecord
		err := w.store.View(ctx, func(tx model.Tx) (err error) {
			record, err = tx.IdempotencyRecord(ctx, "pipeline", "key")
			return err
		})
		if err != nil || !bytes.Contains(record.Result, []byte(created.CredentialsSetID)) ||
			bytes.Contains(record.Result, []byte(base64.StdEncoding.EncodeToString(key))) {
			t.Errorf("the stored result: %s, %v", record.Result, err)
		}
		if err := w.submit(created.ID, "right"); err != nil {
			t.Fatal(err)
		}
		if again := create(); again.CredentialsSetID != created.CredentialsSetID || w.comparisonKey(again) != nil {
			t.Error("after another submission, the repeated request has another set, or a key")
		}
	})
}
