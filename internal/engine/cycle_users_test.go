package engine_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// userOf creates an enabled user who is assigned to a policy.
func (w *fixture) userOf(p model.Policy, email string) model.User {
	w.t.Helper()
	return must(w.CreateUser(w.ctx, model.NewUser{Email: email, Enabled: true, SyncPolicyID: p.ID}))(w.t)
}

// loggedUsers are the addresses in the sync logs of a cycle, each once.
func (w *fixture) loggedUsers(c model.Cycle) []string {
	w.t.Helper()
	var emails []string
	for _, l := range w.logs(c) {
		emails = append(emails, l.UserEmail)
	}
	slices.Sort(emails)
	return slices.Compact(emails)
}

func TestCycleChecksUsersOfItsPolicyAndOfNone(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		first, second := w.policy("First"), w.policy("Second")
		w.userOf(first, "first@example.com")
		w.userOf(second, "second@example.com")
		w.user("any@example.com", true)
		away := w.userOf(first, "away@example.com")
		must(w.UpdateUser(w.ctx, away.ID, model.UserChange{Enabled: new(false)}))(t)
		for name, c := range map[string]struct {
			policy model.Policy
			want   []string
		}{
			"first":  {first, []string{"any@example.com", "first@example.com"}},
			"second": {second, []string{"any@example.com", "second@example.com"}},
		} {
			started := must(w.RequestCycle(w.ctx, c.policy.ID))(t)
			ended := w.waitForCycle(started)
			if started.UsersTotal != 2 || ended.UsersTotal != 2 || ended.UsersDone != 2 {
				t.Errorf("%s: started with %d users, ended as %+v", name, started.UsersTotal, ended)
			}
			if got := w.loggedUsers(ended); !slices.Equal(got, c.want) {
				t.Errorf("%s: logs of %q, want %q", name, got, c.want)
			}
		}
	})
}

func TestConnectionFaultTouchesUsersOfThePolicy(t *testing.T) {
	t.Parallel()
	for name, during := range map[string]bool{"at the sign-in": false, "while a user is checked": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachFixture(t, func(t *testing.T, w *fixture) {
				p, other := w.policy("Sync"), w.policy("Other")
				w.userOf(p, "a@example.com")
				w.userOf(other, "b@example.com")
				w.user("c@example.com", true)
				w.mail.set(func(f *fake) {
					if during {
						f.tests["a@example.com"], f.tests[""] = outage(), outage()
					} else {
						f.fault = outage()
					}
				})
				ended := w.cycle(p.ID)
				if ended.UsersFaulty != 2 || ended.UsersDone != 2 || ended.Fault == nil || ended.Fault.Code != target.SystemNotAvailable {
					t.Errorf("ended: %+v", ended)
				}
				faulty := 0
				for _, l := range w.logs(ended) {
					if !l.Passed {
						faulty++
					}
				}
				if got := w.loggedUsers(ended); faulty != 2 || !slices.Equal(got, []string{"a@example.com", "c@example.com"}) {
					t.Errorf("%d faults, logs of %q", faulty, got)
				}
			})
		})
	}
}

// An interrupted cycle continues behind its cursor. There, the assignments are those of now.
func TestResumedCycleChecksUsersOfItsPolicy(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		p, other := w.policy("Sync"), w.policy("Other")
		w.insertUsers(600)
		assign := func(from int, policyIDs ...string) {
			t.Helper()
			users := must(w.Users(w.ctx, model.UserFilter{}, model.Page{After: userID(from), Limit: 500}))(t)
			err := w.store.Update(w.ctx, func(tx model.Tx) error {
				for i, u := range users {
					u.SyncPolicyID = policyIDs[i%len(policyIDs)]
					if err := tx.UpdateUser(w.ctx, u); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		assign(0, "", p.ID, other.ID)
		process := w.startProcess(processOptions{PolicyID: p.ID, Now: w.clock.Now(), BlockAfter: 200})
		process.send("start")
		id := process.expect("requested")
		process.expect("blocked")
		process.kill()
		if c := must(w.Cycle(w.ctx, p.ID, id))(t); c.Cursor == "" || c.Cursor > userID(400) {
			t.Fatalf("the killed process left %+v", c)
		}
		assign(400, other.ID, p.ID, "", other.ID)
		w.clock.advance(3 * time.Minute) // longer than a lease
		must(w.RequestCycle(w.ctx, p.ID))(t)
		ended := w.awaitEnd(p.ID, id)
		if ended.State != model.CycleFinished || ended.UsersTotal != ended.UsersDone {
			t.Errorf("the cycle: %+v", ended)
		}
		w.expectOneLogEach(ended)
	})
}

func TestMovedUserIsNotCheckedByNextCycle(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		p, other := w.policy("Sync"), w.policy("Other")
		u, hold := w.userOf(p, "a@example.com"), newGate()
		w.mail.set(func(f *fake) { f.during = func(ctx context.Context, _ string) error { return hold.pass(ctx) } })
		running := must(w.RequestCycle(w.ctx, p.ID))(t)
		<-hold.entered
		must(w.UpdateUser(w.ctx, u.ID, model.UserChange{SyncPolicyID: &other.ID}))(t)
		close(hold.open)
		if ended := w.waitForCycle(running); ended.UsersDone != 1 || len(w.logs(ended)) != 2 {
			t.Errorf("ended: %+v with %d logs", ended, len(w.logs(ended)))
		}
		if ended := w.cycle(p.ID); ended.UsersTotal != 0 || len(w.logs(ended)) != 0 {
			t.Errorf("after the move: %+v", ended)
		}
	})
}
