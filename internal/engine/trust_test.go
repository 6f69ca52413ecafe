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
	w := newFixture(t)
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
		t.Error("wiping counts as a modification")
	}
	if w.compare(c.ID, password("wrong")) != model.ComparisonUnequal {
		t.Error("the wiped set does not compare unequal")
	}
	if events := w.store.audited(); events[len(events)-1] != "connection.blank done" {
		t.Errorf("audited: %v", events)
	}
}

func TestBlankCredentialsAreNotSent(t *testing.T) {
	t.Parallel()
	w := newFixture(t)
	c := w.createUnverified("wrong")
	w.test(c.ID)
	calls := w.mail.calls()
	w.clock.advance(24 * time.Hour)
	result := must(w.TestConnection(w.ctx, c.ID, model.TestRequest{Force: true}))(t)
	if w.mail.calls() != calls {
		t.Error("wiped credentials reached the target system")
	}
	if result.Passed || !result.Remembered || result.Fault.Code != target.GivenCredentials {
		t.Errorf("result %+v", result)
	}
	if len(result.Fault.Help) < 2 {
		t.Errorf("help %q", result.Fault.Help)
	}
}

func TestSubmitRestoresBlankConnection(t *testing.T) {
	t.Parallel()
	w := newFixture(t)
	c := w.createUnverified("wrong")
	w.test(c.ID)
	changed := settings()
	changed["region"] = "eu"
	_, err := w.UpdateConnection(w.ctx, c.ID, model.ConnectionChange{Settings: changed, Verify: true})
	if !errors.Is(err, model.ErrNoCredentials) {
		t.Fatalf("there is nothing to verify with: got %v", err)
	}
	must(w.UpdateConnection(w.ctx, c.ID, model.ConnectionChange{Name: new("Renamed"), Verify: true}))(t)
	if err := w.submit(c.ID, "right"); err != nil {
		t.Fatal(err)
	}
	if got := w.read(c.ID); got.Status() != model.StatusWorking || got.Fault != nil {
		t.Errorf("status %s, fault %v", got.Status(), got.Fault)
	}
}

func TestOutageKeepsUnverifiedCredentials(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		meet func(*fake)
		want model.Status
	}{
		"an outage":     {func(f *fake) { f.fault = outage() }, model.StatusFailing},
		"somebody else": {func(f *fake) { f.identity = "admin@example.com" }, model.StatusFailing},
		"a missing permission": {func(f *fake) {
			f.tests[""] = &target.Fault{Code: target.InsufficientPermission}
		}, model.StatusFailing},
		"success": {func(*fake) {}, model.StatusWorking},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newFixture(t)
			connection := w.createUnverified("right")
			w.mail.set(c.meet)
			w.test(connection.ID)
			if got := w.read(connection.ID); got.Status() != c.want {
				t.Errorf("status %s, want %s", got.Status(), c.want)
			}
			w.mail.set(func(f *fake) { f.fault, f.identity = nil, ""; clear(f.tests) })
			if result := w.test(connection.ID); !result.Passed {
				t.Errorf("the credentials are gone: %+v", result.Fault)
			}
		})
	}
}

func TestResavedCredentialsStayVerified(t *testing.T) {
	t.Parallel()
	w := newFixture(t)
	c := w.createUnverified("right")
	w.test(c.ID)
	again := model.ConnectionChange{Credentials: password("right")}
	if got := must(w.UpdateConnection(w.ctx, c.ID, again))(t); got.Status() != model.StatusWorking {
		t.Errorf("status %s: what was verified is what is stored", got.Status())
	}
	w.mail.set(func(f *fake) { f.password = "changed by somebody" })
	w.test(c.ID)
	if got := w.read(c.ID); got.Status() != model.StatusFailing {
		t.Errorf("status %s after a refusal", got.Status())
	}
	if w.compare(c.ID, password("right")) != model.ComparisonEqual {
		t.Error("verified credentials were wiped")
	}
}

func TestRejectionKeepsVerifiedCredentials(t *testing.T) {
	t.Parallel()
	w := newFixture(t)
	// Stored without a test, then accepted once: from then on they are verified.
	c := w.createUnverified("right")
	w.test(c.ID)
	w.mail.set(func(f *fake) { f.password = "changed by somebody" })
	for range 3 {
		w.test(c.ID)
	}
	if got := w.read(c.ID); got.Status() != model.StatusFailing || got.Fault.Code != target.GivenCredentials {
		t.Errorf("status %s, fault %v", got.Status(), got.Fault)
	}
	w.mail.set(func(f *fake) { f.password = "right" })
	w.clock.advance(time.Hour)
	result, got := w.test(c.ID), w.read(c.ID)
	if !result.Passed || got.Status() != model.StatusWorking {
		t.Errorf("the target accepts them again, but: %+v", result.Fault)
	}
}

func TestUserFaultKeepsConnectionWorking(t *testing.T) {
	t.Parallel()
	w := newFixture(t)
	c := w.createUnverified("right")
	w.mail.set(func(f *fake) { f.tests["a@example.com"] = &target.Fault{Code: target.UserNotFound} })
	result := must(w.TestConnection(w.ctx, c.ID, model.TestRequest{
		Account: model.UserAccount, UserEmail: "a@example.com", Test: target.Calendar,
	}))(t)
	if result.Passed || result.Fault.Code != target.UserNotFound {
		t.Fatalf("result %+v", result)
	}
	if got := w.read(c.ID); got.Status() != model.StatusWorking {
		t.Errorf("status %s although the sign-in worked", got.Status())
	}
}

func TestResultOfReplacedCredentialsIsIgnored(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		stored, accepted string
		// meanwhile happens while the test of the stored credentials is on the wire.
		meanwhile model.ConnectionChange
		want      model.Status
	}{
		"refused ones do not blank": {
			"wrong", "right", model.ConnectionChange{Credentials: password("right")}, model.StatusUnverified,
		},
		"accepted ones do not verify": {
			"right", "right", model.ConnectionChange{Credentials: password("wrong")}, model.StatusUnverified,
		},
		"nor do they if the place changed": {
			"right", "right", model.ConnectionChange{
				Credentials: password("right"),
				Settings:    target.Settings{"url": "https://other.example.com/", "username": "svc@example.com"},
			}, model.StatusUnverified,
		},
		"a rename does not matter": {
			"wrong", "right", model.ConnectionChange{Name: new("Renamed")}, model.StatusBlank,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newFixture(t)
			connection := w.createUnverified(c.stored)
			w.mail.set(func(f *fake) {
				f.password = c.accepted
				f.before = func(ctx context.Context) error {
					_, err := w.UpdateConnection(ctx, connection.ID, c.meanwhile)
					return err
				}
			})
			w.test(connection.ID)
			if got := w.read(connection.ID); got.Status() != c.want {
				t.Errorf("status %s, want %s", got.Status(), c.want)
			}
		})
	}
}

func TestRejectedSettingsKeepCredentials(t *testing.T) {
	t.Parallel()
	w := newFixture(t)
	c := w.createUnverified("right")
	w.mail.set(func(f *fake) { f.password = "only in eu" })
	changed := settings()
	changed["region"] = "us"
	_, err := w.UpdateConnection(w.ctx, c.ID, model.ConnectionChange{Settings: changed, Verify: true})
	wantFault(t, err, target.GivenCredentials)
	if got := w.read(c.ID); got.Status() != model.StatusUnverified {
		t.Errorf("status %s: the candidate was refused, not what is stored", got.Status())
	}
}

func TestRejectionDuringTestBlanksUnverified(t *testing.T) {
	t.Parallel()
	w := newFixture(t)
	c := w.createUnverified("right")
	w.mail.set(func(f *fake) { f.tests["a@example.com"] = auditOutcome("not for this user") })
	must(w.TestConnection(w.ctx, c.ID, model.TestRequest{
		Account: model.UserAccount, UserEmail: "a@example.com", Test: target.Calendar,
	}))(t)
	if got := w.read(c.ID); got.Status() != model.StatusBlank {
		t.Errorf("status %s", got.Status())
	}
}

func TestSettingsUpdateKeepsBlankCredentials(t *testing.T) {
	t.Parallel()
	w := newFixture(t)
	c := w.createUnverified("right")
	w.mail.set(func(f *fake) {
		f.during = func(ctx context.Context, _ string) error {
			w.mail.set(func(f *fake) { f.password, f.during = "changed just now", nil })
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
}
