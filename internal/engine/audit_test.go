package engine_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

func TestAuditRecordsChangesAndRejections(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		p := w.policy("Sync")
		c := w.create(newMail("Mail"))
		u := w.user("a@example.com", true)
		before := len(w.store.outcomes())

		// Other tests check the results; this one checks only the audit events.
		_, _ = w.CreateConnection(w.ctx, newMail("MAIL"))
		_, _ = w.CreateConnection(w.ctx, model.NewConnection{System: "mailer"})
		_ = w.submit(c.ID, "canary-wrong")
		_ = w.submit(c.ID, "right")
		_, _ = w.UpdateConnection(w.ctx, c.ID, model.ConnectionChange{Name: new("Renamed"), Revision: 1})
		_, _ = w.UpdateConnection(w.ctx, c.ID, model.ConnectionChange{
			Settings: target.Settings{"url": "https://other.example.com", "username": "svc@example.com"},
		})
		_ = w.DeleteConnection(w.ctx, p.CRMConnectionID, 0)
		_ = w.DeleteConnection(w.ctx, c.ID, 0)
		_ = w.DeleteConnection(w.ctx, c.ID, 0)
		_, _ = w.CreatePolicy(w.ctx, model.NewPolicy{Name: "Bad"})
		_, _ = w.UpdatePolicy(w.ctx, p.ID, model.PolicyChange{Interval: new(20 * time.Minute)})
		_, _ = w.UpdateUser(w.ctx, u.ID, model.UserChange{Enabled: new(false)})
		_ = w.DeleteUser(w.ctx, u.ID, 0)
		w.cycle(p.ID)
		_ = w.DeletePolicy(w.ctx, p.ID, 0)

		want := []string{
			"connection.create name_taken", "connection.create invalid", "connection.update given_credentials",
			"connection.update done", "connection.update revision", "connection.update credentials_needed",
			"connection.delete in_use", "connection.delete done", "connection.delete not_found", "policy.create invalid",
			"policy.update done", "user.update done", "user.delete done", "policy.cycle done", "policy.delete done",
		}
		if got := w.store.outcomes()[before:]; !slices.Equal(got, want) {
			t.Errorf("audited:\n got %q\nwant %q", got, want)
		}
		w.store.mu.Lock()
		defer w.store.mu.Unlock()
		for _, e := range w.store.events {
			if e.Actor != "pipeline" || e.RequestID != "request-1" || e.ID == "" || !e.At.Equal(w.clock.Now()) {
				t.Errorf("actor, time or request is missing: %+v", e)
			}
			if e.ObjectID == "" && !strings.HasSuffix(e.Action, ".create") {
				t.Errorf("the object is missing: %+v", e)
			}
			if strings.Contains(e.Detail, "canary") || strings.Contains(e.Detail, "right") {
				t.Errorf("a secret is recorded: %+v", e)
			}
			if e.Action == "connection.update" && e.Outcome == "done" && e.Detail != "changed credentials; tested" {
				t.Errorf("the changed fields are missing: %+v", e)
			}
		}
	})
}

func TestErrorMessages(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for want, err := range map[string]error{
		`Cannot Connect to the Target System with Given Credentials: 401`: &model.FaultError{
			Fault: model.Fault{Code: target.GivenCredentials, Message: "401"},
		},
		`Cannot Connect to the Target System - System Not Available`: &model.FaultError{
			Fault: model.Fault{Code: target.SystemNotAvailable},
		},
		`name is empty. settings.url is invalid.`: &model.InvalidError{Fields: []model.InvalidField{
			{Path: "name", Message: "name is empty."}, {Path: "settings.url", Message: "settings.url is invalid."},
		}},
		`a change of url, username requires the credentials in the same request: ` +
			`stored credentials are bound to the settings that decide where and how they are sent`: &model.CredentialsRequiredError{
			Fields: []string{"url", "username"},
		},
		`the connection "Mail" cannot be deleted: the sync policy "Old" has used it since 2026-03-01T12:00:00Z, and ` +
			`the sync policy "New", which is enabled, names it; contact the Riva Success Team`: &model.InUseError{
			Name: "Mail", Uses: []model.Use{{PolicyName: "Old", FirstAt: at}}, FirstAt: at,
			Policies: []model.PolicyReference{{Name: "New", Enabled: true}},
		},
	} {
		if got := err.Error(); got != want {
			t.Errorf("\n got %s\nwant %s", got, want)
		}
	}
}
