package engine_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// process is a further process on the store of a fixture.
func (w *fixture) process(options ...func(*engine.Options)) *engine.Engine {
	o := engine.Options{Systems: []*target.System{w.crm.System, w.mail.System}, Now: w.clock.Now}
	for _, option := range options {
		option(&o)
	}
	return engine.New(w.store, o)
}

func TestProcessesSendRejectedPasswordTwice(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		calls := w.mail.calls()
		var waiting sync.WaitGroup
		for range 24 {
			e := w.process()
			waiting.Go(func() {
				n := newMail("Exchange")
				n.Credentials, n.Verify = password("wrong"), true
				_, err := e.CreateConnection(w.ctx, n)
				wantFault(t, err, target.GivenCredentials)
			})
		}
		waiting.Wait()
		if got := w.mail.calls() - calls; got != 2 {
			t.Errorf("the password was sent %d times", got)
		}
	})
}

// leaseOf takes the lease of a connection's sign-ins, as a process that was killed leaves it behind.
func (w *fixture) leaseOf(id string, until time.Duration) {
	w.t.Helper()
	err := w.store.Update(w.ctx, func(tx model.Tx) error {
		want := model.Lease{Key: "connection/" + id, Holder: "process 7 on build-1#x", ExpiresAt: w.clock.Now().Add(until)}
		_, _, err := tx.AcquireLease(w.ctx, want, w.clock.Now(), nil)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestSignInWaitsUntilDeadHolderExpires(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		id := w.create(newMail("Exchange")).ID
		w.leaseOf(id, 20*time.Second)
		done := make(chan model.TestResult, 1)
		go func() { done <- w.test(id) }()
		select {
		case result := <-done:
			t.Fatalf("signed in during the turn of another process: %+v", result)
		case <-time.After(100 * time.Millisecond):
		}
		w.clock.advance(20 * time.Second)
		if result := <-done; !result.Passed {
			t.Errorf("fault %+v", result.Fault)
		}
	})
}

func TestWaitingSignInNamesTheHolder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newFixture(t)
		id := w.create(newMail("Exchange")).ID
		w.leaseOf(id, 20*time.Second)
		e := w.process(func(o *engine.Options) { o.TestTimeout = 10 * time.Second })
		result, err := e.TestConnection(w.ctx, id, model.TestRequest{})
		if err != nil || result.Passed || result.Fault.Code != target.SystemNotAvailable ||
			!strings.Contains(result.Fault.Message, "of process 7 on build-1 were still waiting for a response after 9s") {
			t.Errorf("%+v, %v", result.Fault, err)
		}
	})
}

// A lease of a clock that was ahead by a year does not count.
func TestLeaseOfWrongClockDoesNotBlock(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		id := w.create(newMail("Exchange")).ID
		w.leaseOf(id, 365*24*time.Hour)
		if result := w.test(id); !result.Passed {
			t.Errorf("fault %+v", result.Fault)
		}
	})
}

// While the clock was ahead, the password was rejected twice. Back in the present, nothing blocks the right one.
func TestRejectionsInTheFutureDoNotCount(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		id := w.create(newMail("Exchange")).ID
		w.mail.set(func(f *fake) { f.password = "other" })
		for _, jump := range []time.Duration{365 * 24 * time.Hour, -365 * 24 * time.Hour} {
			for range 3 {
				w.test(id)
			}
			w.clock.advance(jump)
		}
		calls := w.mail.calls()
		w.mail.set(func(f *fake) { f.password = "right" })
		w.clock.advance(-time.Hour)
		if result := w.test(id); !result.Passed || w.mail.calls() != calls+1 {
			t.Errorf("fault %+v", result.Fault)
		}
	})
}

func TestIdempotencyRecordInTheFutureDoesNotCount(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		ctx := engine.WithCaller(w.ctx, engine.Caller{Name: "pipeline", IdempotencyKey: "k", RequestDigest: []byte("d")})
		w.clock.advance(365 * 24 * time.Hour)
		first, err := w.CreateUser(ctx, model.NewUser{Email: "ann@example.com"})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.DeleteUser(w.ctx, first.ID, 0); err != nil {
			t.Fatal(err)
		}
		w.clock.advance(-365 * 24 * time.Hour)
		again, err := w.CreateUser(ctx, model.NewUser{Email: "ann@example.com"})
		if err != nil || again.ID == first.ID {
			t.Errorf("got %+v, %v", again, err)
		}
	})
}

func TestUnequalComparisonsInTheFutureDoNotCount(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		id := w.create(newMail("Exchange")).ID
		w.clock.advance(365 * 24 * time.Hour)
		for i := range 11 {
			w.compare(id, password(fmt.Sprint("wrong", i)))
		}
		if got := w.compare(id, password("right")); got != model.ComparisonWithheld {
			t.Fatalf("after 11 different sets: %s", got)
		}
		w.clock.advance(-365 * 24 * time.Hour)
		if got := w.compare(id, password("right")); got != model.ComparisonEqual {
			t.Errorf("back in the present: %s", got)
		}
	})
}
