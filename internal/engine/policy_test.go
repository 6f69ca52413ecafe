package engine_test

import (
	"errors"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

func TestPolicyUpdateAndDelete(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		p := w.policy("Sync")
		w.clock.advance(time.Hour)
		same := must(w.UpdatePolicy(w.ctx, p.ID, model.PolicyChange{Name: &p.Name, Interval: &p.Interval, Revision: 1}))(t)
		if same != p {
			t.Errorf("an empty change changed it: %+v", same)
		}
		changed := must(w.UpdatePolicy(w.ctx, p.ID, model.PolicyChange{
			Name: new("Renamed"), Interval: new(30 * time.Minute), Revision: 1,
		}))(t)
		if changed.Revision != 2 || !changed.LastModifiedAt.Equal(w.clock.Now()) || changed.Interval != 30*time.Minute {
			t.Errorf("changed: %+v", changed)
		}
		if read := must(w.Policy(w.ctx, p.ID))(t); read != changed {
			t.Errorf("read back: %+v", read)
		}
		if _, err := w.UpdatePolicy(w.ctx, p.ID, model.PolicyChange{Revision: 1}); !errors.Is(err, model.ErrRevision) {
			t.Errorf("a change of an old revision: %v", err)
		}
		if err := w.DeletePolicy(w.ctx, p.ID, 1); !errors.Is(err, model.ErrRevision) {
			t.Errorf("a deletion of an old revision: %v", err)
		}
		if err := w.DeletePolicy(w.ctx, p.ID, 2); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Policy(w.ctx, p.ID); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("it still exists: %v", err)
		}
	})
}

func TestPolicyNameIgnoresCase(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		first := w.policy("Sync")
		_, err := w.CreatePolicy(w.ctx, model.NewPolicy{Name: "SYNC", Interval: time.Hour})
		var taken *model.NameTakenError
		if !errors.As(err, &taken) || taken.ID != first.ID || taken.Object != "sync policy" {
			t.Errorf("got %v", err)
		}
		must(w.UpdatePolicy(w.ctx, first.ID, model.PolicyChange{Name: new("SYNC")}))(t)
	})
}

func TestPolicyFilters(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		first, second := w.policy("First"), w.policy("Second")
		for name, f := range map[string]model.PolicyFilter{
			"name": {Name: "second"}, "connection": {ConnectionID: second.CRMConnectionID},
		} {
			found := must(w.Policies(w.ctx, f, model.Page{}))(t)
			if len(found) != 1 || found[0].ID != second.ID {
				t.Errorf("by %s: %+v", name, found)
			}
		}
		page := must(w.Policies(w.ctx, model.PolicyFilter{}, model.Page{Limit: 1}))(t)
		next := must(w.Policies(w.ctx, model.PolicyFilter{}, model.Page{Limit: 1, After: page[0].ID}))(t)
		if page[0].ID != first.ID || len(next) != 1 || next[0].ID != second.ID {
			t.Errorf("pages: %+v %+v", page, next)
		}
	})
}

func TestEnabledPolicyRequiresOfferedKinds(t *testing.T) {
	t.Parallel()
	onlyMail := func(o *engine.Options) {
		for _, s := range o.Systems {
			if s.Kind == target.Email {
				o.Systems = []*target.System{s}
			}
		}
	}
	eachFixture(t, func(t *testing.T, w *fixture) {
		mail := w.create(newMail("Mail"))
		p := must(w.CreatePolicy(w.ctx, model.NewPolicy{
			Name: "Mail only", EmailConnectionID: mail.ID, Enabled: true, Interval: time.Hour,
		}))(t)
		if c := w.cycle(p.ID); c.State != model.CycleFinished {
			t.Errorf("cycle %+v", c)
		}
		_, err := w.CreatePolicy(w.ctx, model.NewPolicy{Name: "None", Enabled: true, Interval: time.Hour})
		wantInvalidFields(t, err, map[string]string{"email_connection_id": "requires an email connection"})
	}, onlyMail)
}

func TestUserUpdateAndDelete(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		u := w.user("Ann@example.com", true)
		w.clock.advance(time.Hour)
		if same := must(w.UpdateUser(w.ctx, u.ID, model.UserChange{Email: &u.Email, Enabled: new(true)}))(t); same != u {
			t.Errorf("an empty change changed it: %+v", same)
		}
		_, err := w.CreateUser(w.ctx, model.NewUser{Email: "ann@EXAMPLE.com"})
		var taken *model.NameTakenError
		if !errors.As(err, &taken) || taken.ID != u.ID || taken.Object != "user" {
			t.Errorf("the address is taken regardless of letter case, but got: %v", err)
		}
		changed := must(w.UpdateUser(w.ctx, u.ID, model.UserChange{
			DisplayName: new("Ann"), Enabled: new(false), Revision: 1,
		}))(t)
		if changed.Revision != 2 || changed.DisplayName != "Ann" || changed.Enabled ||
			!changed.LastModifiedAt.Equal(w.clock.Now()) {
			t.Errorf("changed: %+v", changed)
		}
		if read := must(w.User(w.ctx, u.ID))(t); read != changed {
			t.Errorf("read back: %+v", read)
		}
		if _, err := w.UpdateUser(w.ctx, u.ID, model.UserChange{Revision: 1}); !errors.Is(err, model.ErrRevision) {
			t.Errorf("a change of an old revision: %v", err)
		}
		if _, err := w.UpdateUser(w.ctx, u.ID, model.UserChange{Email: new("ann")}); !isInvalid("email")(err) {
			t.Errorf("a wrong address: %v", err)
		}
		if err := w.DeleteUser(w.ctx, u.ID, 1); !errors.Is(err, model.ErrRevision) {
			t.Errorf("a deletion of an old revision: %v", err)
		}
		if err := w.DeleteUser(w.ctx, u.ID, 2); err != nil {
			t.Fatal(err)
		}
		if left := must(w.Users(w.ctx, model.UserFilter{}, model.Page{}))(t); len(left) != 0 {
			t.Errorf("it still exists: %+v", left)
		}
	})
}
