package engine_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

func TestConnectionTestResult(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		c := w.create(newMail("Mail"))
		w.mail.set(func(f *fake) {
			f.tests["no@example.com"] = &target.Fault{Code: target.InsufficientPermission, Message: target.Say("%s", "missing permission")}
		})
		tailored := func(user string) model.TestRequest {
			return model.TestRequest{Account: model.UserAccount, UserEmail: user, Test: target.Impersonation}
		}
		for name, r := range map[string]struct {
			request model.TestRequest
			summary string
			checks  []string
			code    target.Code
		}{
			"the quick test": {
				model.TestRequest{}, "The general test passed for the service account, signed in as svc@example.com.",
				[]string{"sign_in", "identity", "general"}, "",
			},
			"a tailored test": {
				tailored("a@example.com"), "The impersonation test passed for the user a@example.com, signed in as svc@example.com.",
				[]string{"sign_in", "identity", "impersonation"}, "",
			},
			"a failed one": {
				tailored("no@example.com"), "The Service Account Lacks a Permission in the Target System",
				[]string{"sign_in", "identity", "impersonation"}, target.InsufficientPermission,
			},
		} {
			t.Run(name, func(t *testing.T) {
				got := must(w.TestConnection(w.ctx, c.ID, r.request))(t)
				if got.Summary != r.summary || got.Passed != (r.code == "") || got.Identity.Username != "svc@example.com" {
					t.Errorf("result %+v", got)
				}
				if r.code != "" && got.Fault.Code != r.code {
					t.Errorf("fault %+v", got.Fault)
				}
				for i, check := range got.Checks {
					if check.Name != r.checks[i] || check.Passed != (i < 2 || got.Passed) {
						t.Errorf("check %d: %+v", i, check)
					}
				}
				if len(got.Checks) != len(r.checks) || !got.TestedAt.Equal(w.clock.Now()) {
					t.Errorf("%d checks at %v", len(got.Checks), got.TestedAt)
				}
			})
		}
		if w.mail.sessions() != 0 {
			t.Error("sessions were left open")
		}
	})
}

func TestInvalidTestRequests(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		c := w.create(newMail("Mail"))
		calls := w.mail.calls()
		for name, r := range map[string]struct {
			request model.TestRequest
			want    map[string]string
		}{
			"a user without address": {
				model.TestRequest{Account: model.UserAccount}, map[string]string{"user_email": "one email address"},
			},
			"an address for the service account": {
				model.TestRequest{UserEmail: "a@example.com"}, map[string]string{"user_email": `set account to "user"`},
			},
			"a test that the system does not offer": {
				model.TestRequest{Test: target.Metadata},
				map[string]string{"test": "use one of general, impersonation, calendar"},
			},
			"impersonation without a user": {
				model.TestRequest{Test: target.Impersonation}, map[string]string{"account": "requires a user"},
			},
			"another account": {model.TestRequest{Account: "root"}, map[string]string{"account": "service_account"}},
		} {
			t.Run(name, func(t *testing.T) {
				_, err := w.TestConnection(w.ctx, c.ID, r.request)
				wantInvalidFields(t, err, r.want)
			})
		}
		if _, err := w.TestConnection(w.ctx, "unknown", model.TestRequest{}); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("of a connection that does not exist: %v", err)
		}
		if w.mail.calls() != calls {
			t.Error("the target system was called")
		}
	})
}

func TestTestHistory(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		c := w.create(newMail("Mail"))
		for range 104 {
			w.clock.advance(time.Minute)
			w.test(c.ID)
		}
		w.mail.set(func(f *fake) { f.fault = outage() })
		last := w.test(c.ID)
		tests := must(w.Tests(w.ctx, c.ID, model.TestFilter{}, model.Page{}))(t)
		if len(tests) != 100 || tests[0].ID != last.ID || !tests[0].TestedAt.After(tests[99].TestedAt) {
			t.Errorf("%d tests, newest %+v", len(tests), tests[0])
		}
		got := w.read(c.ID)
		if got.LastTest.ID != last.ID || got.Status() != model.StatusFailing {
			t.Errorf("status %s, last test %+v", got.Status(), got.LastTest)
		}
		if got.Revision != 1 || !got.LastModifiedAt.Equal(c.LastModifiedAt) {
			t.Error("a test modified the connection")
		}
		if _, err := w.Tests(w.ctx, "unknown", model.TestFilter{}, model.Page{}); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("of a connection that does not exist: %v", err)
		}
	})
}

func TestConnectionTestTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newFixture(t)
		c := w.create(newMail("Mail"))
		w.mail.set(func(f *fake) {
			f.during = func(ctx context.Context, _ string) error { <-ctx.Done(); return ctx.Err() }
		})
		result := w.test(c.ID)
		if result.Passed || result.Fault.Code != target.SystemNotAvailable {
			t.Errorf("result %+v", result)
		}
		if got := w.read(c.ID); got.Status() != model.StatusFailing {
			t.Errorf("the timeout was not recorded: %s", got.Status())
		}
	})
}

func TestCanceledTestChangesNothing(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		c := w.createUnverified("wrong")
		ctx, cancel := context.WithCancel(w.ctx)
		w.mail.set(func(f *fake) { f.before = func(context.Context) error { cancel(); return nil } })
		if _, err := w.TestConnection(ctx, c.ID, model.TestRequest{}); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		got := w.read(c.ID)
		if got.Status() != model.StatusUnverified || got.LastTest != nil {
			t.Errorf("status %s, last test %v", got.Status(), got.LastTest)
		}
		if events := w.store.outcomes(); len(events) != 1 {
			t.Errorf("audited: %v", events)
		}
		// The target system has counted the rejection anyway.
		w.mail.set(func(f *fake) { f.before = nil })
		wantFault(t, w.submit(c.ID, "wrong"), target.GivenCredentials)
		if fault := wantFault(t, w.submit(c.ID, "wrong"), target.GivenCredentials); !fault.Remembered {
			t.Error("the rejection of a canceled test was not remembered")
		}
	})
}

func TestConnectionDeletedDuringTest(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		c := w.create(newMail("Mail"))
		w.mail.set(func(f *fake) {
			f.before = func(ctx context.Context) error { return w.DeleteConnection(ctx, c.ID, 0) }
		})
		if _, err := w.TestConnection(w.ctx, c.ID, model.TestRequest{}); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("got %v", err)
		}
	})
}
