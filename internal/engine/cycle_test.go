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
	eachFixture(t, func(t *testing.T, w *fixture) {
		p := w.policy("Sync")
		w.user("a@example.com", true)
		w.user("away@example.com", false)
		w.user("b@example.com", true)
		w.crm.set(func(f *fake) {
			f.tests["b@example.com"] = &target.Fault{Code: target.UserNotFound, Message: target.Say("%s", "no b")}
		})
		mailCalls, crmCalls := w.mail.calls(), w.crm.calls()
		began := w.clock.Now()

		started := must(w.RequestCycle(w.ctx, p.ID))(t)
		if started.State != model.CycleRunning || started.UsersTotal != 2 || !started.StartedAt.Equal(began) {
			t.Errorf("started: %+v", started)
		}
		ended := w.waitForCycle(started)
		if ended.State != model.CycleFinished || ended.UsersTotal != 2 || ended.UsersDone != 2 || ended.UsersFaulty != 1 ||
			ended.Fault != nil || ended.FinishedAt == nil {
			t.Errorf("ended: %+v", ended)
		}
		if w.mail.calls() != mailCalls+1 || w.crm.calls() != crmCalls+1 {
			t.Error("the cycle did not sign in exactly once with each connection")
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
			t.Errorf("last cycle of the policy: %+v", last)
		}
		if read := must(w.Cycle(w.ctx, p.ID, ended.ID))(t); read.UsersDone != 2 || read.State != model.CycleFinished {
			t.Errorf("read back: %+v", read)
		}
	})
}

func TestCycleUsesReplacedCredentials(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
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
	})
}

func TestDisabledPolicyRunsNoCycle(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		p := w.policy("Sync")
		must(w.UpdatePolicy(w.ctx, p.ID, model.PolicyChange{Enabled: new(false)}))(t)
		_, err := w.RequestCycle(w.ctx, p.ID)
		wantInvalidFields(t, err, map[string]string{"enabled": `"Sync" is disabled`})
		if c := w.read(p.EmailConnectionID); len(c.Uses) != 0 {
			t.Error("a rejected cycle marked the connection as used")
		}
		if _, err := w.RequestCycle(w.ctx, "unknown"); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("of a policy that does not exist: %v", err)
		}
		if _, err := w.Cycle(w.ctx, p.ID, "unknown"); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("a cycle that does not exist: %v", err)
		}
	})
}

// A cycle waits for target systems most of its time, so both are asked about a user at once.
func TestCycleChecksConnectionsOfUserAtOnce(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		p := w.policy("Sync")
		w.user("ada@example.com", true)
		crm, mail := make(chan struct{}), make(chan struct{})
		meet := func(own, other chan struct{}, message string) func(context.Context, string) error {
			return func(ctx context.Context, _ string) error {
				close(own)
				select {
				case <-other:
					return rejection(message)
				case <-ctx.Done():
					return ctx.Err()
				}
			}
		}
		w.crm.set(func(f *fake) { f.during = meet(crm, mail, "the CRM's password has just expired") })
		w.mail.set(func(f *fake) { f.during = meet(mail, crm, "the mailbox's password has just expired") })
		ended := w.cycle(p.ID)
		logs := w.logs(ended)
		if len(logs) != 2 || ended.UsersFaulty != 1 {
			t.Fatalf("ended: %+v, logs: %+v", ended, logs)
		}
		if ended.Fault == nil || ended.Fault.Summary() != logs[0].Message || logs[0].ConnectionName != "Sync CRM" {
			t.Errorf("the fault of the cycle is not the first connection's: %+v, logs: %+v", ended.Fault, logs)
		}
	})
}
