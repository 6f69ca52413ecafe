package server_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/embedded/actor"
)

func TestAuditTrailSaysWhoDidWhat(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, s *testServer) {
		ctx := t.Context()
		c := s.connect(t, "Exchange", "mail")
		rejected := api.UpdateCredentials{Credentials: map[string]string{"password": wrongPassword}}
		if _, err := s.client.UpdateCredentials(ctx, c.ID, 1, rejected); !api.IsProblem(err, api.ProblemFault) {
			t.Fatalf("a wrong password: %v", err)
		}
		if err := s.client.DeleteConnection(ctx, c.ID); err != nil {
			t.Fatal(err)
		}
		events, err := s.client.AuditEvents(ctx, api.AuditFilter{ObjectID: c.ID}, 0)
		if err != nil || len(events) != 3 {
			t.Fatalf("%+v, %v", events, err)
		}
		who := "pipeline"
		if s.token == "" {
			who = actor.Current()
		}
		for i, want := range []struct{ action, outcome string }{
			{"connection.delete", api.OutcomeDone}, {"connection.update", "given_credentials"}, {"connection.create", api.OutcomeDone},
		} {
			e := events[i]
			if e.Action != want.action || e.Outcome != want.outcome || e.Actor != who || e.ObjectID != c.ID ||
				uuid.Validate(e.ID) != nil || e.RequestID == "" || time.Since(e.At) > time.Hour {
				t.Errorf("event %d: %+v, want %v by %s", i, e, want, who)
			}
		}
		for name, filter := range map[string]api.AuditFilter{
			"action": {Action: "connection.update"}, "outcome": {Outcome: "given_credentials"},
			"all": {
				ObjectID: c.ID, Actor: strings.ToUpper(who), Action: "connection.update", Since: events[1].At,
				Until: events[1].At.Add(time.Microsecond),
			},
		} {
			if found, err := s.client.AuditEvents(ctx, filter, 0); err != nil || len(found) != 1 || found[0] != events[1] {
				t.Errorf("%s: %+v, %v", name, found, err)
			}
		}
		if found, err := s.client.AuditEvents(ctx, api.AuditFilter{}, 1); err != nil || len(found) != 1 || found[0] != events[0] {
			t.Errorf("the newest: %+v, %v", found, err)
		}
		if found, err := s.client.AuditEvents(ctx, api.AuditFilter{Actor: "nobody"}, 0); err != nil || len(found) != 0 {
			t.Errorf("of nobody: %+v, %v", found, err)
		}
	})
}

func TestTestsAreListedByResult(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, s *testServer) {
		c := s.connect(t, "Exchange", "mail")
		in := api.RunTest{Account: "user", Test: "calendar", UserEmail: "unknown@example.com"}
		failed, err := s.client.RunTest(t.Context(), c.ID, in)
		if err != nil || failed.Passed {
			t.Fatalf("%+v, %v", failed, err)
		}
		for result, want := range map[string][]string{
			api.Failed: {failed.ID}, api.Passed: {c.LastTest.ID}, "": {failed.ID, c.LastTest.ID},
		} {
			var got []string
			tests, err := s.client.Tests(t.Context(), c.ID, result, 0)
			for i := range tests {
				got = append(got, tests[i].ID)
			}
			if err != nil || strings.Join(got, " ") != strings.Join(want, " ") {
				t.Errorf("%q: %v, %v; want %v", result, got, err, want)
			}
		}
	})
}

// Only the owner of an embedded control plane, or an administrator of a shared one, can purge.
func TestPurgeIsForAdministrators(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, s *testServer) {
		ctx := t.Context()
		mail, crm := s.connect(t, "Exchange", "mail"), s.connect(t, "Sales", "sales")
		policy, err := s.client.CreatePolicy(ctx, api.CreatePolicy{
			Name: "Sync", CRMConnectionID: &crm.ID, EmailConnectionID: &mail.ID, Enabled: true, IntervalSeconds: 1800,
		})
		if err != nil {
			t.Fatal(err)
		}
		s.runCycle(t, policy.ID)
		if _, err := s.client.UpdatePolicy(ctx, policy.ID, 0, api.UpdatePolicy{Enabled: new(false)}); err != nil {
			t.Fatal(err)
		}
		embedded := s.token == ""
		err = s.client.DeleteConnection(ctx, mail.ID)
		if !api.IsProblem(err, api.ProblemConnectionInUse) || strings.Contains(err.Error(), "connections purge") != embedded {
			t.Errorf("a deletion: %v", err)
		}
		if !embedded {
			if err := s.client.PurgeConnection(ctx, mail.ID, "Exchange"); !api.IsProblem(err, api.ProblemScope) {
				t.Errorf("without the scope admin: %v", err)
			}
			s.token = "admin"
			s.client = s.newClient(t, s.transport)
		}
		if err := s.client.PurgeConnection(ctx, mail.ID, "Sales"); !api.IsProblem(err, api.ProblemInvalid) {
			t.Errorf("with another name: %v", err)
		}
		if err := s.client.PurgeConnection(ctx, mail.ID, "Exchange"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.client.Connection(ctx, mail.ID); !api.IsNotFound(err) {
			t.Errorf("it still exists: %v", err)
		}
		if resp, text := s.send(t, http.MethodPost, "/v1/connections/"+crm.ID+"/purge", "{}", "Content-Type",
			"application/json"); resp.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("without a name: %d %s", resp.StatusCode, text)
		}
	})
}
