package engine_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

func TestCompareWithLastSubmittedCredentials(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		n := newMail("Key")
		n.Settings["region"], n.Credentials, n.Verify = "eu", target.Credentials{"key": `{"a":1}`}, false
		key, mail := w.create(n), w.create(newMail("Mail"))
		got := must(w.CompareCredentials(w.ctx, []model.Comparison{
			{ConnectionID: mail.ID, Credentials: password("right")},
			{ConnectionID: mail.ID, Credentials: password("Right")},
			{ConnectionID: mail.ID, Credentials: target.Credentials{"password": "right", "key": "{}"}},
			{ConnectionID: key.ID, Credentials: target.Credentials{"key": `{"a":1}` + "\r\n"}},
			{ConnectionID: key.ID, Credentials: target.Credentials{"key": ` {"a":1}`}},
			{ConnectionID: "unknown", Credentials: password("right")},
		}))(t)
		want := []model.ComparisonResult{
			model.ComparisonEqual, model.ComparisonUnequal, model.ComparisonUnequal,
			model.ComparisonEqual, model.ComparisonUnequal, model.ComparisonNone,
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("got %v, want %v", got, want)
		}
		w.mail.set(func(f *fake) { f.password = "new" })
		if err := w.submit(mail.ID, "new"); err != nil {
			t.Fatal(err)
		}
		if w.compare(mail.ID, password("right")) != model.ComparisonUnequal ||
			w.compare(mail.ID, password("new")) != model.ComparisonEqual {
			t.Error("after a rotation, the old credentials compare equal")
		}
	})
}

func TestCompareIsLimited(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		c, other := w.create(newMail("Mail")), w.create(newMail("Other"))
		for i := range 10 {
			if got := w.compare(c.ID, password(fmt.Sprint("candidate ", i))); got != model.ComparisonUnequal {
				t.Fatalf("candidate %d: %s", i+1, got)
			}
			w.clock.advance(time.Minute)
		}
		if got := w.compare(c.ID, password("candidate 3")); got != model.ComparisonUnequal {
			t.Errorf("a repeated candidate counts again: %s", got)
		}
		if got := w.compare(c.ID, password("candidate 11")); got != model.ComparisonWithheld {
			t.Errorf("the eleventh different candidate: %s", got)
		}
		if got := w.compare(c.ID, password("right")); got != model.ComparisonWithheld {
			t.Errorf("the correct credentials are not withheld: %s", got)
		}
		if event := w.store.lastEvent(); event.Action != "credentials.compare" || event.Outcome != "withheld" ||
			event.ObjectID != c.ID {
			t.Errorf("audited: %+v", event)
		}
		if got := w.compare(other.ID, password("right")); got != model.ComparisonEqual {
			t.Errorf("another connection: %s", got)
		}
		// The first candidate is older than an hour now.
		w.clock.advance(50*time.Minute + time.Second)
		if got := w.compare(c.ID, password("right")); got != model.ComparisonEqual {
			t.Errorf("an hour later: %s", got)
		}
	})
}

func TestCompareCountsEachSet(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		c := w.create(newMail("Mail"))
		var many []model.Comparison
		for i := range 12 {
			many = append(many, model.Comparison{ConnectionID: c.ID, Credentials: password(fmt.Sprint("candidate ", i))})
		}
		got := must(w.CompareCredentials(w.ctx, many))(t)
		if got[9] != model.ComparisonUnequal || got[10] != model.ComparisonWithheld || got[11] != model.ComparisonWithheld {
			t.Errorf("got %v", got)
		}
		_, err := w.CompareCredentials(w.ctx, make([]model.Comparison, 101))
		wantInvalidFields(t, err, map[string]string{"comparisons": "101 entries"})
	})
}

func TestCompareWithBlankDoesNotCount(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		c := w.createUnverified("wrong")
		w.test(c.ID)
		for i := range 11 {
			if got := w.compare(c.ID, password(fmt.Sprint("candidate ", i))); got != model.ComparisonUnequal {
				t.Fatalf("candidate %d: %s", i+1, got)
			}
		}
		if err := w.submit(c.ID, "right"); err != nil {
			t.Fatal(err)
		}
		if got := w.compare(c.ID, password("right")); got != model.ComparisonEqual {
			t.Errorf("after submitting: %s", got)
		}
	})
}
