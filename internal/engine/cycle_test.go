package engine_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

func TestCycleChecksAllEnabledUsers(t *testing.T) {
	t.Parallel()
	w := newFixture(t)
	p := w.policy("Sync")
	w.user("a@example.com", true)
	w.user("away@example.com", false)
	w.user("b@example.com", true)
	w.crm.set(func(f *fake) { f.tests["b@example.com"] = &target.Fault{Code: target.UserNotFound, Message: "no b"} })
	mailCalls, crmCalls := w.mail.calls(), w.crm.calls()
	began := w.clock.Now()

	started := must(w.StartCycle(w.ctx, p.ID))(t)
	if started.State != model.CycleRunning || started.UsersTotal != 2 || !started.StartedAt.Equal(began) {
		t.Errorf("started: %+v", started)
	}
	ended := w.waitForCycle(started)
	if ended.State != model.CycleFinished || ended.UsersTotal != 2 || ended.UsersDone != 2 || ended.UsersFaulty != 1 ||
		ended.Fault != nil || ended.FinishedAt == nil {
		t.Errorf("ended: %+v", ended)
	}
	if w.mail.calls() != mailCalls+1 || w.crm.calls() != crmCalls+1 {
		t.Error("a cycle signs in once with each connection")
	}
	if w.mail.sessions()+w.crm.sessions() != 0 {
		t.Error("sessions were left open")
	}
	var got []string
	for _, l := range w.logs(ended) {
		got = append(got, fmt.Sprint(l.UserEmail, " ", l.ConnectionName, " ", l.Passed, " ", l.Message))
	}
	want := []string{
		"a@example.com Sync CRM true impersonation works.", "a@example.com Sync mail true impersonation works.",
		"b@example.com Sync CRM false The User Cannot Be Found in the Target System: no b",
		"b@example.com Sync mail true impersonation works.",
	}
	if !slices.Equal(got, want) {
		t.Errorf("logs:\n got %q\nwant %q", got, want)
	}
	for _, id := range []string{p.CRMConnectionID, p.EmailConnectionID} {
		c := w.read(id)
		if len(c.Uses) != 1 || c.Uses[0].PolicyID != p.ID || !c.Uses[0].FirstAt.Equal(began) || c.Revision != 1 ||
			c.Status() != model.StatusWorking {
			t.Errorf("connection %+v", c)
		}
	}
	if last := must(w.Policy(w.ctx, p.ID))(t).LastCycle; last == nil || last.ID != ended.ID {
		t.Errorf("the policy's last cycle is %+v", last)
	}
	if read := must(w.Cycle(w.ctx, p.ID, ended.ID))(t); read.UsersDone != 2 || read.State != model.CycleFinished {
		t.Errorf("read back: %+v", read)
	}
}

func TestOutageFaultsAllUsersUntilItEnds(t *testing.T) {
	t.Parallel()
	w := newFixture(t)
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
				t.Errorf("the other connection works, but: %+v", l)
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
		t.Errorf("after the repair: %+v", ended)
	}
	if c := w.read(p.EmailConnectionID); c.Status() != model.StatusWorking || c.Fault != nil {
		t.Errorf("after the repair: %s %+v", c.Status(), c.Fault)
	}
}

func TestCycleUsesReplacedCredentials(t *testing.T) {
	t.Parallel()
	w := newFixture(t)
	p := w.policy("Sync")
	w.user("a@example.com", true)
	w.mail.set(func(f *fake) { f.password = "new" })
	if ended := w.cycle(p.ID); ended.Fault == nil || ended.Fault.Code != target.GivenCredentials {
		t.Fatalf("with the old password: %+v", ended)
	}
	if err := w.submit(p.EmailConnectionID, "new"); err != nil {
		t.Fatal(err)
	}
	if ended := w.cycle(p.ID); ended.UsersFaulty != 0 {
		t.Errorf("with the new one: %+v", ended)
	}
}

func TestCycleStopsSigningInAfterRejection(t *testing.T) {
	t.Parallel()
	w := newFixture(t)
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
			return auditOutcome("the password has just expired")
		}
	})
	ended := w.cycle(p.ID)
	if ended.UsersFaulty != 19 || ended.UsersDone != 20 {
		t.Errorf("ended: %+v", ended)
	}
	if got := w.mail.testedUsers(); len(got) != 2 {
		t.Errorf("the refused credentials were sent for %v", got)
	}
}

func TestOutageDuringCycleIsConnectionFault(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		general    *target.Fault
		wantFaulty int
		wantTested int
	}{
		"only this user's mailbox is away": {nil, 1, 3 + 1},
		"the system went away":             {outage(), 3, 1 + 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newFixture(t)
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
	}
}

func TestCycleSkipsRejectedAndBlankConnections(t *testing.T) {
	t.Parallel()
	w := newFixture(t)
	p := w.policy("Sync")
	w.user("a@example.com", true)
	unverified := model.ConnectionChange{Credentials: password("wrong")}
	must(w.UpdateConnection(w.ctx, p.EmailConnectionID, unverified))(t)
	ended := w.cycle(p.ID)
	if got := w.read(p.EmailConnectionID); got.Status() != model.StatusBlank || ended.UsersFaulty != 1 {
		t.Fatalf("untested credentials that a cycle finds refused: %s, %+v", got.Status(), ended)
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
		t.Errorf("a third refused try: %+v with %d calls", ended, w.mail.calls()-calls)
	}
}

func TestDisabledPolicyRunsNoCycle(t *testing.T) {
	t.Parallel()
	w := newFixture(t)
	p := w.policy("Sync")
	must(w.UpdatePolicy(w.ctx, p.ID, model.PolicyChange{Enabled: new(false)}))(t)
	_, err := w.StartCycle(w.ctx, p.ID)
	wantProblems(t, err, map[string]string{"enabled": `"Sync" is disabled`})
	if c := w.read(p.EmailConnectionID); len(c.Uses) != 0 {
		t.Error("a refused cycle marked the connection as used")
	}
	if _, err := w.StartCycle(w.ctx, "nobody"); !errors.Is(err, model.ErrNotFound) {
		t.Errorf("of a policy that does not exist: %v", err)
	}
	if _, err := w.Cycle(w.ctx, p.ID, "nothing"); !errors.Is(err, model.ErrNotFound) {
		t.Errorf("a cycle that does not exist: %v", err)
	}
}
