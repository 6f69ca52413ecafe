package server_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

func TestPolicyLifecycle(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, s *testServer) {
		ctx := t.Context()
		mail, sales := s.connect(t, "Exchange", "mail"), s.connect(t, "Sales", "sales")
		user, err := s.client.CreateUser(ctx, api.CreateUser{Email: "ann@example.com", DisplayName: "Ann", Enabled: true})
		if err != nil || user.Revision != 1 {
			t.Fatalf("user %+v, %v", user, err)
		}
		policy, err := s.client.CreatePolicy(ctx, api.CreatePolicy{
			Name: "Everybody", CRMConnectionID: &sales.ID, EmailConnectionID: &mail.ID, IntervalSeconds: 900,
		})
		if err != nil || policy.Enabled || *policy.CRMConnectionID != sales.ID || policy.IntervalSeconds != 900 {
			t.Fatalf("policy %+v, %v", policy, err)
		}
		policy, err = s.client.UpdatePolicy(ctx, policy.ID, 1, api.UpdatePolicy{Enabled: new(true), IntervalSeconds: new(int64(1800))})
		if err != nil || !policy.Enabled || policy.IntervalSeconds != 1800 || policy.Name != "Everybody" || policy.Revision != 2 {
			t.Fatalf("policy %+v, %v", policy, err)
		}
		if found, err := s.client.PolicyByName(ctx, "EVERYBODY"); err != nil || found.ID != policy.ID {
			t.Errorf("by name %+v, %v", found, err)
		}
		found, err := s.client.Policies(ctx, api.PolicyFilter{IDs: []string{mail.ID, policy.ID}})
		if err != nil || len(found) != 1 || found[0].ID != policy.ID {
			t.Errorf("by ids %+v, %v", found, err)
		}
		if found, err := s.client.Policies(ctx, api.PolicyFilter{ConnectionID: mail.ID}); err != nil || len(found) != 1 {
			t.Errorf("by connection %+v, %v", found, err)
		}

		cycle := s.runCycle(t, policy.ID)
		if cycle.UsersTotal != 1 || cycle.UsersDone != 1 || cycle.UsersFaulty != 0 || cycle.Fault != nil {
			t.Errorf("cycle %+v", cycle)
		}
		logs, err := s.client.SyncLogs(ctx, api.SyncLogFilter{UserEmail: "ANN@example.com", CycleID: cycle.ID}, 10)
		if err != nil || len(logs) != 2 || !logs[0].Passed || logs[0].PolicyName != "Everybody" || logs[0].UserID != user.ID {
			t.Errorf("logs %+v, %v", logs, err)
		}
		if logs, err := s.client.SyncLogs(ctx, api.SyncLogFilter{OnlyErrors: true}, 10); err != nil || len(logs) != 0 {
			t.Errorf("errors %+v, %v", logs, err)
		}
		if logs, err := s.client.SyncLogs(ctx, api.SyncLogFilter{Since: time.Now().Add(time.Hour)}, 10); err != nil || len(logs) != 0 {
			t.Errorf("logs of the future %+v, %v", logs, err)
		}

		if err := s.client.DeletePolicy(ctx, policy.ID); err != nil {
			t.Fatal(err)
		}
		used, err := s.client.Connection(ctx, mail.ID)
		if err != nil || used.Deletable || used.NotDeletableReason == "" || len(used.Uses) != 1 ||
			used.Uses[0].PolicyName != "Everybody" {
			t.Errorf("used connection %+v, %v", used, err)
		}
		err = s.client.DeleteConnection(ctx, mail.ID)
		problem, _ := api.AsProblem(err)
		if !api.IsProblem(err, api.ProblemConnectionInUse) || problem.Status != http.StatusConflict || len(problem.Uses) != 1 ||
			problem.Uses[0].FirstAt.IsZero() {
			t.Errorf("delete of a used connection: %+v", problem)
		}
	})
}

func TestCycleErrors(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, s *testServer) {
		mail := s.connect(t, "Exchange", "mail")
		policy, err := s.client.CreatePolicy(t.Context(), api.CreatePolicy{
			Name: "off", EmailConnectionID: &mail.ID, IntervalSeconds: 900,
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.client.StartCycle(t.Context(), policy.ID); err == nil {
			t.Error("a cycle of a disabled policy was started")
		}
		if _, err := s.client.Cycle(t.Context(), policy.ID, mail.ID); !api.IsNotFound(err) {
			t.Errorf("an unknown cycle: %v", err)
		}
	})
}

func TestUserLifecycle(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, s *testServer) {
		ctx := t.Context()
		user, err := s.client.CreateUser(ctx, api.CreateUser{Email: "Ann@example.com", Enabled: true})
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.client.CreateUser(ctx, api.CreateUser{Email: "ann@EXAMPLE.com"})
		taken, _ := api.AsProblem(err)
		if !api.IsProblem(err, api.ProblemNameTaken) || taken.Status != http.StatusConflict || taken.ObjectID != user.ID {
			t.Errorf("the same address: %+v", taken)
		}
		changed, err := s.client.UpdateUser(ctx, user.ID, user.Revision, api.UpdateUser{DisplayName: new("Ann"), Enabled: new(false)})
		if err != nil || changed.DisplayName != "Ann" || changed.Enabled || changed.Email != "Ann@example.com" {
			t.Errorf("changed %+v, %v", changed, err)
		}
		if _, err := s.client.UpdateUser(ctx, user.ID, user.Revision, api.UpdateUser{}); !api.IsProblem(err, api.ProblemRevision) {
			t.Errorf("an outdated change: %v", err)
		}
		if found, err := s.client.UserByEmail(ctx, "ANN@example.com"); err != nil || found.ID != user.ID {
			t.Errorf("by address %+v, %v", found, err)
		}
		found, err := s.client.Users(ctx, api.UserFilter{IDs: []string{user.ID, changed.ID, "nobody"}})
		if err != nil || len(found) != 1 || found[0].ID != user.ID {
			t.Errorf("by ids %+v, %v", found, err)
		}
		for enabled, want := range map[bool]int{true: 0, false: 1} {
			if found, err := s.client.Users(ctx, api.UserFilter{Enabled: &enabled}); err != nil || len(found) != want {
				t.Errorf("enabled %v: %+v, %v", enabled, found, err)
			}
		}
		if err := s.client.DeleteUser(ctx, user.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := s.client.User(ctx, user.ID); !api.IsNotFound(err) {
			t.Errorf("read after delete: %v", err)
		}
	})
}

func TestUsersOfPolicies(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, s *testServer) {
		ctx := t.Context()
		policy, err := s.client.CreatePolicy(ctx, api.CreatePolicy{Name: "Mail", IntervalSeconds: 900})
		if err != nil {
			t.Fatal(err)
		}
		user, err := s.client.CreateUser(ctx, api.CreateUser{Email: "ann@example.com", SyncPolicyID: &policy.ID})
		if err != nil || user.SyncPolicyID == nil || *user.SyncPolicyID != policy.ID {
			t.Fatalf("created %+v, %v", user, err)
		}
		if _, err := s.client.CreateUser(ctx, api.CreateUser{Email: "bob@example.com"}); err != nil {
			t.Fatal(err)
		}
		if found, err := s.client.Users(ctx, api.UserFilter{SyncPolicyID: policy.ID}); err != nil || len(found) != 1 ||
			found[0].ID != user.ID {
			t.Errorf("users of the policy: %+v, %v", found, err)
		}
		err = s.client.DeletePolicy(ctx, policy.ID)
		problem, _ := api.AsProblem(err)
		if !api.IsProblem(err, api.ProblemPolicyInUse) || problem.Status != http.StatusConflict || problem.UsersTotal != 1 ||
			len(problem.Users) != 1 || problem.Users[0] != (api.UserReference{ID: user.ID, Email: "ann@example.com"}) ||
			!strings.HasPrefix(problem.Detail, `The sync policy "Mail" cannot be deleted while users are assigned to it: ann@`) {
			t.Errorf("the deletion of a policy with a user: %+v, %v", problem, err)
		}
		_, err = s.client.UpdateUser(ctx, user.ID, 0, api.UpdateUser{SyncPolicyID: new(user.ID)})
		problem, _ = api.AsProblem(err)
		if !api.IsProblem(err, api.ProblemInvalid) || len(problem.Errors) != 1 || problem.Errors[0].Path != "sync_policy_id" {
			t.Errorf("a policy that does not exist: %+v, %v", problem, err)
		}
		user, err = s.client.UpdateUser(ctx, user.ID, 0, api.UpdateUser{Enabled: new(true)})
		if err != nil || user.SyncPolicyID == nil {
			t.Errorf("another change ended the assignment: %+v, %v", user, err)
		}
		user, err = s.client.UpdateUser(ctx, user.ID, 0, api.UpdateUser{SyncPolicyID: new("")})
		if err != nil || user.SyncPolicyID != nil {
			t.Errorf("freed %+v, %v", user, err)
		}
		if err := s.client.DeletePolicy(ctx, policy.ID); err != nil {
			t.Error(err)
		}
	})
}

// runCycle runs a full sync cycle and waits for its end.
func (s *testServer) runCycle(t *testing.T, policyID string) api.Cycle {
	t.Helper()
	cycle, err := s.client.StartCycle(t.Context(), policyID)
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
		if cycle, err = s.client.Cycle(t.Context(), policyID, cycle.ID); err != nil {
			t.Fatal(err)
		}
	}
	return cycle
}
