package engine_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

func TestUnusedConnectionIsDeletable(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		c := w.create(newMail("Mail"))
		if ok, reason := engine.Deletable(&c); !ok {
			t.Errorf("not deletable: %s", reason)
		}
		if err := w.DeleteConnection(w.ctx, c.ID, 7); !errors.Is(err, model.ErrRevision) {
			t.Errorf("with another revision: %v", err)
		}
		if err := w.DeleteConnection(w.ctx, c.ID, 1); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Connection(w.ctx, c.ID); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("it still exists: %v", err)
		}
		if err := w.DeleteConnection(w.ctx, c.ID, 0); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("a second time: %v", err)
		}
		w.create(newMail("Mail")) // the name is free again
	})
}

func TestConnectionOfEnabledPolicyIsNotDeletable(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		p := w.policy("Sync")
		inUse := wantInUse(t, w.DeleteConnection(w.ctx, p.EmailConnectionID, 0))
		if len(inUse.Policies) != 1 || inUse.Policies[0].ID != p.ID || !inUse.FirstAt.IsZero() {
			t.Errorf("got %+v", inUse)
		}
		for _, words := range []string{`"Sync mail"`, `"Sync"`, "Riva Success Team", "disable"} {
			if !strings.Contains(inUse.Error(), words) {
				t.Errorf("%q is not in: %s", words, inUse)
			}
		}
		d := w.read(p.EmailConnectionID)
		if ok, reason := engine.Deletable(&d); ok || reason != inUse.Error() {
			t.Errorf("deletable %v: %s", ok, reason)
		}
		if event := w.store.lastEvent(); event.Action != "connection.delete" || event.Outcome != "in_use" {
			t.Errorf("audited: %+v", event)
		}
		if err := w.DeletePolicy(w.ctx, p.ID, 0); err != nil {
			t.Fatal(err)
		}
		if err := w.DeleteConnection(w.ctx, p.EmailConnectionID, 0); err != nil {
			t.Errorf("an unused connection of a deleted policy cannot be deleted: %v", err)
		}
	})
}

func TestUsedConnectionIsNotDeletable(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		p := w.policy("Sync")
		began := w.clock.Now()
		w.cycle(p.ID)
		w.clock.advance(time.Hour)
		w.cycle(p.ID)
		must(w.UpdatePolicy(w.ctx, p.ID, model.PolicyChange{Name: new("Renamed"), Enabled: new(false)}))(t)
		if err := w.DeletePolicy(w.ctx, p.ID, 0); err != nil {
			t.Fatalf("a used policy cannot be deleted: %v", err)
		}
		for _, id := range []string{p.CRMConnectionID, p.EmailConnectionID} {
			inUse := wantInUse(t, w.DeleteConnection(w.ctx, id, 0))
			if len(inUse.Uses) != 1 || !inUse.FirstAt.Equal(began) || len(inUse.Policies) != 0 {
				t.Errorf("got %+v", inUse)
			}
			for _, words := range []string{`"Renamed"`, "2026-03-01T12:00:00Z", "Riva Success Team"} {
				if !strings.Contains(inUse.Error(), words) {
					t.Errorf("%q is not in: %s", words, inUse)
				}
			}
		}
	})
}

func TestUnusedDisabledPolicyAllowsDelete(t *testing.T) {
	t.Parallel()
	for name, enabledOnce := range map[string]bool{"never enabled": false, "enabled before, but no cycle ran": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			eachFixture(t, func(t *testing.T, w *fixture) {
				p := w.policy("Sync")
				if !enabledOnce {
					if err := w.DeletePolicy(w.ctx, p.ID, 0); err != nil {
						t.Fatal(err)
					}
					p = must(w.CreatePolicy(w.ctx, model.NewPolicy{
						Name: "Sync", CRMConnectionID: p.CRMConnectionID, EmailConnectionID: p.EmailConnectionID, Interval: time.Hour,
					}))(t)
				} else {
					p = must(w.UpdatePolicy(w.ctx, p.ID, model.PolicyChange{Enabled: new(false)}))(t)
				}
				if err := w.DeleteConnection(w.ctx, p.EmailConnectionID, 0); err != nil {
					t.Fatal(err)
				}
				left := must(w.Policy(w.ctx, p.ID))(t)
				if left.EmailConnectionID != "" || left.CRMConnectionID != p.CRMConnectionID || left.Revision != p.Revision {
					t.Errorf("the policy after the deletion: %+v", left)
				}
				_, err := w.UpdatePolicy(w.ctx, p.ID, model.PolicyChange{Enabled: new(true)})
				wantInvalidFields(t, err, map[string]string{"email_connection_id": "requires an email connection"})
				again := w.create(newMail("Again"))
				must(w.UpdatePolicy(w.ctx, p.ID, model.PolicyChange{Enabled: new(true), EmailConnectionID: &again.ID}))(t)
			})
		})
	}
}

func wantInUse(t *testing.T, err error) *model.InUseError {
	t.Helper()
	var inUse *model.InUseError
	if !errors.As(err, &inUse) {
		t.Fatalf("want an InUseError, got %v", err)
	}
	return inUse
}
