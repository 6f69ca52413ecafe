package server_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

func TestPolicyLifecycle(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, p *testServer) {
		ctx := t.Context()
		mail, sales := p.connect(t, "Exchange", "mail"), p.connect(t, "Sales", "sales")
		user, err := p.client.CreateUser(ctx, api.CreateUser{Email: "ann@example.com", DisplayName: "Ann", Enabled: true})
		if err != nil || user.Revision != 1 {
			t.Fatalf("user %+v, %v", user, err)
		}
		policy, err := p.client.CreatePolicy(ctx, api.CreatePolicy{
			Name: "Everybody", CRMConnectionID: &sales.ID, EmailConnectionID: &mail.ID, IntervalSeconds: 900,
		})
		if err != nil || policy.Enabled || *policy.CRMConnectionID != sales.ID || policy.IntervalSeconds != 900 {
			t.Fatalf("policy %+v, %v", policy, err)
		}
		policy, err = p.client.UpdatePolicy(ctx, policy.ID, 1, api.UpdatePolicy{Enabled: new(true), IntervalSeconds: new(int64(1800))})
		if err != nil || !policy.Enabled || policy.IntervalSeconds != 1800 || policy.Name != "Everybody" || policy.Revision != 2 {
			t.Fatalf("policy %+v, %v", policy, err)
		}
		if found, err := p.client.PolicyByName(ctx, "EVERYBODY"); err != nil || found.ID != policy.ID {
			t.Errorf("by name %+v, %v", found, err)
		}
		if found, err := p.client.Policies(ctx, api.PolicyFilter{ConnectionID: mail.ID}); err != nil || len(found) != 1 {
			t.Errorf("by connection %+v, %v", found, err)
		}

		cycle := p.runCycle(t, policy.ID)
		if cycle.UsersTotal != 1 || cycle.UsersDone != 1 || cycle.UsersFaulty != 0 || cycle.Fault != nil {
			t.Errorf("cycle %+v", cycle)
		}
		logs, err := p.client.SyncLogs(ctx, api.SyncLogFilter{UserEmail: "ANN@example.com", CycleID: cycle.ID}, 10)
		if err != nil || len(logs) != 2 || !logs[0].Passed || logs[0].PolicyName != "Everybody" || logs[0].UserID != user.ID {
			t.Errorf("logs %+v, %v", logs, err)
		}
		if logs, err := p.client.SyncLogs(ctx, api.SyncLogFilter{OnlyErrors: true}, 10); err != nil || len(logs) != 0 {
			t.Errorf("errors %+v, %v", logs, err)
		}
		if logs, err := p.client.SyncLogs(ctx, api.SyncLogFilter{Since: time.Now().Add(time.Hour)}, 10); err != nil || len(logs) != 0 {
			t.Errorf("logs of the future %+v, %v", logs, err)
		}

		if err := p.client.DeletePolicy(ctx, policy.ID); err != nil {
			t.Fatal(err)
		}
		used, err := p.client.Connection(ctx, mail.ID)
		if err != nil || used.Deletable || used.NotDeletableReason == "" || len(used.Uses) != 1 ||
			used.Uses[0].PolicyName != "Everybody" {
			t.Errorf("used connection %+v, %v", used, err)
		}
		err = p.client.DeleteConnection(ctx, mail.ID)
		refusal, _ := api.AsProblem(err)
		if !api.IsProblem(err, api.ProblemConnectionInUse) || refusal.Status != http.StatusConflict || len(refusal.Uses) != 1 ||
			refusal.Uses[0].FirstAt.IsZero() {
			t.Errorf("delete of a used connection: %+v", refusal)
		}
	})
}

func TestOneCycleAtATime(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, p *testServer) {
		mail := p.connect(t, "Exchange", "mail")
		policy, err := p.client.CreatePolicy(t.Context(), api.CreatePolicy{
			Name: "off", EmailConnectionID: &mail.ID, IntervalSeconds: 900,
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.client.StartCycle(t.Context(), policy.ID); err == nil {
			t.Error("a cycle of a disabled policy began")
		}
		if _, err := p.client.Cycle(t.Context(), policy.ID, mail.ID); !api.IsNotFound(err) {
			t.Errorf("a cycle that never was: %v", err)
		}
	})
}

func TestUserLifecycle(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, p *testServer) {
		ctx := t.Context()
		user, err := p.client.CreateUser(ctx, api.CreateUser{Email: "Ann@example.com", Enabled: true})
		if err != nil {
			t.Fatal(err)
		}
		_, err = p.client.CreateUser(ctx, api.CreateUser{Email: "ann@EXAMPLE.com"})
		taken, _ := api.AsProblem(err)
		if !api.IsProblem(err, api.ProblemNameTaken) || taken.Status != http.StatusConflict || taken.ObjectID != user.ID {
			t.Errorf("the same address: %+v", taken)
		}
		changed, err := p.client.UpdateUser(ctx, user.ID, user.Revision, api.UpdateUser{DisplayName: new("Ann"), Enabled: new(false)})
		if err != nil || changed.DisplayName != "Ann" || changed.Enabled || changed.Email != "Ann@example.com" {
			t.Errorf("changed %+v, %v", changed, err)
		}
		if _, err := p.client.UpdateUser(ctx, user.ID, user.Revision, api.UpdateUser{}); !api.IsProblem(err, api.ProblemRevision) {
			t.Errorf("an outdated change: %v", err)
		}
		if found, err := p.client.UserByEmail(ctx, "ANN@example.com"); err != nil || found.ID != user.ID {
			t.Errorf("by address %+v, %v", found, err)
		}
		for enabled, want := range map[bool]int{true: 0, false: 1} {
			if found, err := p.client.Users(ctx, api.UserFilter{Enabled: &enabled}); err != nil || len(found) != want {
				t.Errorf("enabled %v: %+v, %v", enabled, found, err)
			}
		}
		if err := p.client.DeleteUser(ctx, user.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := p.client.User(ctx, user.ID); !api.IsNotFound(err) {
			t.Errorf("read after delete: %v", err)
		}
	})
}

// runCycle runs a full sync cycle to its end.
func (p *testServer) runCycle(t *testing.T, policyID string) api.Cycle {
	t.Helper()
	cycle, err := p.client.StartCycle(t.Context(), policyID)
	if err != nil {
		t.Fatal(err)
	}
	poll := time.NewTicker(5 * time.Millisecond)
	defer poll.Stop()
	for cycle.State == api.CycleRunning {
		select {
		case <-poll.C:
		case <-t.Context().Done():
			t.Fatal(t.Context().Err())
		}
		if cycle, err = p.client.Cycle(t.Context(), policyID, cycle.ID); err != nil {
			t.Fatal(err)
		}
	}
	return cycle
}
