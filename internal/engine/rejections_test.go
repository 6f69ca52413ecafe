package engine_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

func TestThirdRejectionIsRemembered(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		c := w.create(newMail("Mail"))
		calls := w.mail.calls()
		first := wantFault(t, w.submit(c.ID, "wrong"), target.GivenCredentials)
		w.clock.advance(time.Minute)
		second := wantFault(t, w.submit(c.ID, "wrong"), target.GivenCredentials)
		w.clock.advance(time.Minute)
		third := wantFault(t, w.submit(c.ID, "wrong"), target.GivenCredentials)
		if first.Remembered || second.Remembered || !third.Remembered {
			t.Errorf("remembered: %v %v %v", first.Remembered, second.Remembered, third.Remembered)
		}
		if got := w.mail.calls() - calls; got != 2 {
			t.Errorf("%d sign-ins reached the target system", got)
		}
		if message := third.Error(); !strings.Contains(message, "2026-03-01T12:01:00Z") ||
			!strings.Contains(message, "2026-03-01T12:15:00Z") || !strings.HasPrefix(message, first.Error()) {
			t.Errorf("the message does not say when it was rejected, and when it can be sent again: %s", message)
		}
		if strings.Contains(third.Error(), "force") {
			t.Errorf("a test with force cannot send credentials that are not stored: %s", third.Error())
		}
		w.clock.advance(13*time.Minute + time.Second)
		if fault := wantFault(t, w.submit(c.ID, "wrong"), target.GivenCredentials); fault.Remembered {
			t.Error("only one rejection is newer than 15 minutes, but the target system was not contacted")
		}
		if fault := wantFault(t, w.submit(c.ID, "wrong"), target.GivenCredentials); !fault.Remembered {
			t.Error("two rejections are newer than 15 minutes, but the target system was contacted")
		}
	})
}

func TestRejectionIsRememberedForAllCallers(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		n := newMail("Failed")
		n.Credentials = password("wrong")
		_, err := w.CreateConnection(w.ctx, n)
		wantFault(t, err, target.GivenCredentials)
		n.Settings["url"] += "/" // the same address in another spelling
		_, err = w.CreateConnection(w.ctx, n)
		wantFault(t, err, target.GivenCredentials)
		calls := w.mail.calls()

		_, err = w.CreateConnection(w.ctx, n)
		if fault := wantFault(t, err, target.GivenCredentials); !fault.Remembered {
			t.Error("a third create reached the target system")
		}
		// A remembered rejection of exactly these credentials blanks them, as a new one would.
		c := w.createUnverified("wrong")
		if result := w.test(c.ID); result.Passed || !result.Remembered {
			t.Errorf("a test: %+v", result)
		}
		if got := w.read(c.ID); got.Status() != model.StatusBlank {
			t.Errorf("status %s", got.Status())
		}
		if w.mail.calls() != calls {
			t.Error("the target system was contacted")
		}
	})
}

func TestRejectionLimitIsPerAddressAndCredentials(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		c := w.create(newMail("Mail"))
		for range 3 {
			wantFault(t, w.submit(c.ID, "wrong"), target.GivenCredentials)
		}
		calls := w.mail.calls()
		if err := w.submit(c.ID, "right"); err != nil {
			t.Errorf("other credentials: %v", err)
		}
		n := newMail("Elsewhere")
		n.Settings["url"], n.Credentials = "https://other.example.com/", password("wrong")
		_, err := w.CreateConnection(w.ctx, n)
		if wantFault(t, err, target.GivenCredentials).Remembered || w.mail.calls() != calls+2 {
			t.Error("another address was not contacted")
		}
	})
}

func TestForcedTestClearsRejections(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		c := w.create(newMail("Mail"))
		w.mail.set(func(f *fake) { f.password = "other" })
		for range 2 {
			w.test(c.ID)
		}
		calls := w.mail.calls()
		if result := w.test(c.ID); !result.Remembered || w.mail.calls() != calls || !strings.Contains(result.Fault.Message, "force") {
			t.Fatalf("the third test: %+v", result)
		}
		forced := must(w.TestConnection(w.ctx, c.ID, model.TestRequest{Force: true}))(t)
		if forced.Remembered || forced.Passed || w.mail.calls() != calls+1 {
			t.Fatalf("a forced test: %+v", forced)
		}
		w.clock.advance(14 * time.Minute)
		w.mail.set(func(f *fake) { f.password = "right" })
		if result := must(w.TestConnection(w.ctx, c.ID, model.TestRequest{Force: true}))(t); !result.Passed {
			t.Fatalf("the target system accepts them, but: %+v", result)
		}
		w.mail.set(func(f *fake) { f.password = "other" })
		for i := range 2 {
			if result := w.test(c.ID); result.Remembered {
				t.Errorf("success did not clear the rejections: test %d was remembered", i+1)
			}
		}
	})
}

func TestOtherFaultsAreNotRemembered(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		c := w.create(newMail("Mail"))
		w.mail.set(func(f *fake) { f.fault = outage() })
		for range 5 {
			if w.test(c.ID).Remembered {
				t.Fatal("an outage was remembered")
			}
		}
		w.mail.set(func(f *fake) { f.fault = nil })
		if !w.test(c.ID).Passed {
			t.Error("the target system is available again")
		}
	})
}

func TestConcurrentSignInsKeepTheLimit(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		var waiting sync.WaitGroup
		for range 8 {
			waiting.Go(func() {
				n := newMail("Mail")
				n.Credentials = password("wrong")
				_, err := w.CreateConnection(w.ctx, n)
				if err == nil {
					t.Error("created with a wrong password")
				}
			})
		}
		waiting.Wait()
		if got := w.mail.calls(); got != 2 {
			t.Errorf("%d of 8 concurrent sign-ins reached the target system", got)
		}
	})
}

func TestRejectionDuringTestCounts(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		c := w.create(newMail("Mail"))
		w.mail.set(func(f *fake) { f.tests["a@example.com"] = rejection("no longer") })
		tailored := model.TestRequest{Account: model.UserAccount, UserEmail: "a@example.com", Test: target.Calendar}
		must(w.TestConnection(w.ctx, c.ID, tailored))(t)
		w.mail.set(func(f *fake) { f.password = "other" })
		w.test(c.ID)
		if result := w.test(c.ID); !result.Remembered {
			t.Errorf("two rejections, but the target system was contacted a third time: %+v", result)
		}
	})
}

func TestSignInLockTimesOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newFixture(t)
		c := w.create(newMail("Mail"))
		// The first sign-in hangs beyond its timeout, so that the second never gets the lock.
		release, entered := make(chan struct{}), make(chan struct{}, 1)
		w.mail.set(func(f *fake) {
			f.before = func(context.Context) error { entered <- struct{}{}; <-release; return nil }
		})
		var hanging sync.WaitGroup
		hanging.Go(func() { w.test(c.ID) })
		<-entered
		result := w.test(c.ID)
		if result.Passed || result.Fault.Code != target.SystemNotAvailable || result.Remembered {
			t.Errorf("result %+v", result)
		}
		close(release)
		hanging.Wait()
	})
}
