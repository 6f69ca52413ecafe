package engine_test

import (
	"context"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

func TestOutageKeepsUnverifiedCredentials(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		meet func(*fake)
		want model.Status
	}{
		"an outage":    {func(f *fake) { f.fault = outage() }, model.StatusFailing},
		"another user": {func(f *fake) { f.identity = "admin@example.com" }, model.StatusFailing},
		"a missing permission": {func(f *fake) {
			f.tests[""] = &target.Fault{Code: target.InsufficientPermission}
		}, model.StatusFailing},
		"success": {func(*fake) {}, model.StatusWorking},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachFixture(t, func(t *testing.T, w *fixture) {
				connection := w.createUnverified("right")
				w.mail.set(c.meet)
				w.test(connection.ID)
				if got := w.read(connection.ID); got.Status() != c.want {
					t.Errorf("status %s, want %s", got.Status(), c.want)
				}
				w.mail.set(func(f *fake) { f.fault, f.identity = nil, ""; clear(f.tests) })
				if result := w.test(connection.ID); !result.Passed {
					t.Errorf("the credentials were deleted: %+v", result.Fault)
				}
			})
		})
	}
}

func TestResavedCredentialsStayVerified(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		c := w.createUnverified("right")
		w.test(c.ID)
		again := model.ConnectionChange{Credentials: password("right")}
		if got := must(w.UpdateConnection(w.ctx, c.ID, again))(t); got.Status() != model.StatusWorking {
			t.Errorf("status %s: the stored credentials are verified", got.Status())
		}
		w.mail.set(func(f *fake) { f.password = "changed" })
		w.test(c.ID)
		if got := w.read(c.ID); got.Status() != model.StatusFailing {
			t.Errorf("status %s after a rejection", got.Status())
		}
		if w.compare(c.ID, password("right")) != model.ComparisonEqual {
			t.Error("verified credentials were deleted")
		}
	})
}

func TestRejectionKeepsVerifiedCredentials(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		// Stored without a test, then accepted once: from then on they are verified.
		c := w.createUnverified("right")
		w.test(c.ID)
		w.mail.set(func(f *fake) { f.password = "changed" })
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
			t.Errorf("the target system accepts them again, but: %+v", result.Fault)
		}
	})
}

func TestUserFaultKeepsConnectionWorking(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
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
	})
}

func TestResultOfReplacedCredentialsIsIgnored(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		stored, accepted string
		// during is saved while the test of the stored credentials runs.
		during model.ConnectionChange
		want   model.Status
	}{
		"rejected ones do not blank": {
			"wrong", "right", model.ConnectionChange{Credentials: password("right")}, model.StatusUnverified,
		},
		"accepted ones do not verify": {
			"right", "right", model.ConnectionChange{Credentials: password("wrong")}, model.StatusUnverified,
		},
		"nor if the address changed": {
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
			eachFixture(t, func(t *testing.T, w *fixture) {
				connection := w.createUnverified(c.stored)
				w.mail.set(func(f *fake) {
					f.password = c.accepted
					f.before = func(ctx context.Context) error {
						_, err := w.UpdateConnection(ctx, connection.ID, c.during)
						return err
					}
				})
				w.test(connection.ID)
				if got := w.read(connection.ID); got.Status() != c.want {
					t.Errorf("status %s, want %s", got.Status(), c.want)
				}
			})
		})
	}
}

func TestRejectedSettingsKeepCredentials(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		c := w.createUnverified("right")
		w.mail.set(func(f *fake) { f.password = "only in eu" })
		changed := settings()
		changed["region"] = "us"
		_, err := w.UpdateConnection(w.ctx, c.ID, model.ConnectionChange{Settings: changed, Verify: true})
		wantFault(t, err, target.GivenCredentials)
		if got := w.read(c.ID); got.Status() != model.StatusUnverified {
			t.Errorf("status %s: the candidate was rejected, not what is stored", got.Status())
		}
	})
}
