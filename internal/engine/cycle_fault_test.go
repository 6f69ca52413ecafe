package engine_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

func TestOutageFaultsAllUsersUntilItEnds(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		p := w.policy("Sync")
		for i := range 3 {
			w.user(fmt.Sprintf("u%d@example.com", i), true)
		}
		w.mail.set(func(f *fake) { f.fault = outage() })
		ended := w.cycle(p.ID)
		if ended.State != model.CycleFinished || ended.UsersFaulty != 3 || ended.UsersDone != 3 ||
			ended.Fault == nil || ended.Fault.Code != target.SystemNotAvailable {
			t.Errorf("ended: %+v", ended)
		}
		faulty := 0
		for _, l := range w.logs(ended) {
			if l.ConnectionID != p.EmailConnectionID {
				if !l.Passed {
					t.Errorf("the other connection works, but its log is: %+v", l)
				}
				continue
			}
			faulty++
			if want := "Cannot Connect to the Target System - System Not Available: 503 Service Unavailable"; l.Message != want ||
				l.Fault == nil || len(l.Fault.Help) == 0 {
				t.Errorf("log %+v", l)
			}
		}
		if c := w.read(p.EmailConnectionID); faulty != 3 || c.Status() != model.StatusFailing {
			t.Errorf("%d logs, connection %s", faulty, c.Status())
		}

		w.mail.set(func(f *fake) { f.fault = nil })
		if ended := w.cycle(p.ID); ended.UsersFaulty != 0 || ended.Fault != nil {
			t.Errorf("after the outage: %+v", ended)
		}
		if c := w.read(p.EmailConnectionID); c.Status() != model.StatusWorking || c.Fault != nil {
			t.Errorf("after the outage: %s %+v", c.Status(), c.Fault)
		}
	})
}

func TestCycleStopsSigningInAfterRejection(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		p := w.policy("Sync")
		for i := range 20 {
			w.user(fmt.Sprintf("u%02d@example.com", i), true)
		}
		w.mail.set(func(f *fake) {
			f.tested = nil
			f.during = func(_ context.Context, user string) error {
				if user == "u00@example.com" {
					return nil
				}
				return rejection("the password has just expired")
			}
		})
		ended := w.cycle(p.ID)
		if ended.UsersFaulty != 19 || ended.UsersDone != 20 {
			t.Errorf("ended: %+v", ended)
		}
		if got := w.mail.testedUsers(); len(got) != 2 {
			t.Errorf("the rejected credentials were sent for %v", got)
		}
	})
}

func TestOutageDuringCycleIsConnectionFault(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		general    *target.Fault
		wantFaulty int
		wantTested int
	}{
		"the mailbox of one user is not available": {nil, 1, 3 + 1},
		"the system is not available":              {outage(), 3, 1 + 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachFixture(t, func(t *testing.T, w *fixture) {
				p := w.policy("Sync")
				for i := range 3 {
					w.user(fmt.Sprintf("u%d@example.com", i), true)
				}
				w.mail.set(func(f *fake) { f.tested, f.tests["u0@example.com"], f.tests[""] = nil, outage(), c.general })
				ended := w.cycle(p.ID)
				if ended.UsersFaulty != c.wantFaulty || (ended.Fault != nil) != (c.general != nil) {
					t.Errorf("ended: %+v", ended)
				}
				if got := w.mail.testedUsers(); len(got) != c.wantTested {
					t.Errorf("tested %q", got)
				}
			})
		})
	}
}

func TestCycleSkipsRejectedAndBlankConnections(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		p := w.policy("Sync")
		w.user("a@example.com", true)
		unverified := model.ConnectionChange{Credentials: password("wrong")}
		must(w.UpdateConnection(w.ctx, p.EmailConnectionID, unverified))(t)
		ended := w.cycle(p.ID)
		if got := w.read(p.EmailConnectionID); got.Status() != model.StatusBlank || ended.UsersFaulty != 1 {
			t.Fatalf("unverified credentials that were rejected in a cycle: %s, %+v", got.Status(), ended)
		}
		calls := w.mail.calls()
		if ended := w.cycle(p.ID); ended.Fault == nil || ended.Fault.Code != target.GivenCredentials || w.mail.calls() != calls {
			t.Errorf("a blank connection: %+v with %d calls", ended, w.mail.calls()-calls)
		}
		w.mail.set(func(f *fake) { f.password = "other" })
		must(w.UpdateConnection(w.ctx, p.EmailConnectionID, model.ConnectionChange{Credentials: password("right")}))(t)
		w.cycle(p.ID)
		must(w.UpdateConnection(w.ctx, p.EmailConnectionID, model.ConnectionChange{Credentials: password("right")}))(t)
		w.cycle(p.ID)
		calls = w.mail.calls()
		must(w.UpdateConnection(w.ctx, p.EmailConnectionID, model.ConnectionChange{Credentials: password("right")}))(t)
		if ended := w.cycle(p.ID); ended.UsersFaulty != 1 || w.mail.calls() != calls {
			t.Errorf("a third rejection: %+v with %d calls", ended, w.mail.calls()-calls)
		}
	})
}
