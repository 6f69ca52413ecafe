package engine_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

func TestRejectionBlanksUnverified(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		c := w.createUnverified("wrong")
		w.clock.advance(time.Hour)
		if result := w.test(c.ID); result.Passed || result.Fault.Code != target.GivenCredentials {
			t.Fatalf("result %+v", result)
		}
		got := w.read(c.ID)
		if got.Status() != model.StatusBlank || got.SubmittedDigest != nil || got.Fault == nil {
			t.Errorf("status %s, fault %v", got.Status(), got.Fault)
		}
		if got.Revision != 1 || !got.LastModifiedAt.Equal(c.LastModifiedAt) {
			t.Error("blanking counts as a modification")
		}
		if w.compare(c.ID, password("wrong")) != model.ComparisonUnequal {
			t.Error("the blanked credentials do not compare unequal")
		}
		if events := w.store.outcomes(); events[len(events)-1] != "connection.blank done" {
			t.Errorf("audited: %v", events)
		}
	})
}

func TestBlankCredentialsAreNotSent(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		c := w.createUnverified("wrong")
		w.test(c.ID)
		calls := w.mail.calls()
		w.clock.advance(24 * time.Hour)
		result := must(w.TestConnection(w.ctx, c.ID, model.TestRequest{Force: true}))(t)
		if w.mail.calls() != calls {
			t.Error("blanked credentials reached the target system")
		}
		if result.Passed || !result.Remembered || result.Fault.Code != target.GivenCredentials {
			t.Errorf("result %+v", result)
		}
		if len(result.Fault.Help) < 2 {
			t.Errorf("help %q", result.Fault.Help)
		}
	})
}

func TestSubmitRestoresBlankConnection(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		c := w.createUnverified("wrong")
		w.test(c.ID)
		changed := settings()
		changed["region"] = "eu"
		_, err := w.UpdateConnection(w.ctx, c.ID, model.ConnectionChange{Settings: changed, Verify: true})
		if !errors.Is(err, model.ErrNoCredentials) {
			t.Fatalf("there are no credentials to verify with: got %v", err)
		}
		must(w.UpdateConnection(w.ctx, c.ID, model.ConnectionChange{Name: new("Renamed"), Verify: true}))(t)
		if err := w.submit(c.ID, "right"); err != nil {
			t.Fatal(err)
		}
		if got := w.read(c.ID); got.Status() != model.StatusWorking || got.Fault != nil {
			t.Errorf("status %s, fault %v", got.Status(), got.Fault)
		}
	})
}

func TestRejectionDuringTestBlanksUnverified(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		c := w.createUnverified("right")
		w.mail.set(func(f *fake) { f.tests["a@example.com"] = rejection("not for this user") })
		must(w.TestConnection(w.ctx, c.ID, model.TestRequest{
			Account: model.UserAccount, UserEmail: "a@example.com", Test: target.Calendar,
		}))(t)
		if got := w.read(c.ID); got.Status() != model.StatusBlank {
			t.Errorf("status %s", got.Status())
		}
	})
}

func TestSettingsUpdateKeepsBlankCredentials(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		c := w.createUnverified("right")
		w.mail.set(func(f *fake) {
			f.during = func(ctx context.Context, _ string) error {
				w.mail.set(func(f *fake) { f.password, f.during = "expired", nil })
				_, err := w.TestConnection(ctx, c.ID, model.TestRequest{})
				return err
			}
		})
		changed := settings()
		changed["region"] = "eu"
		got := must(w.UpdateConnection(w.ctx, c.ID, model.ConnectionChange{Settings: changed, Verify: true}))(t)
		if got.Status() != model.StatusBlank || got.Settings["region"] != "eu" {
			t.Errorf("status %s, settings %v", got.Status(), got.Settings)
		}
	})
}
