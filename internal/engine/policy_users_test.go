package engine_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

func TestUserIsAssignedMovedAndFreed(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		first, second := w.policy("First"), w.policy("Second")
		u := w.userOf(first, "ann@example.com")
		expect := func(what, policyID string, revision int64) {
			t.Helper()
			if read := must(w.User(w.ctx, u.ID))(t); read.SyncPolicyID != policyID || read.Revision != revision {
				t.Errorf("%s: %+v, want the policy %q and the revision %d", what, read, policyID, revision)
			}
		}
		expect("created", first.ID, 1)
		must(w.UpdateUser(w.ctx, u.ID, model.UserChange{DisplayName: new("Ann")}))(t)
		expect("renamed", first.ID, 2)
		must(w.UpdateUser(w.ctx, u.ID, model.UserChange{SyncPolicyID: &second.ID}))(t)
		expect("moved", second.ID, 3)
		if found := must(w.Users(w.ctx, model.UserFilter{SyncPolicyID: first.ID}, model.Page{}))(t); len(found) != 0 {
			t.Errorf("users of the first policy: %+v", found)
		}
		if found := must(w.Users(w.ctx, model.UserFilter{SyncPolicyID: second.ID}, model.Page{}))(t); len(found) != 1 {
			t.Errorf("users of the second policy: %+v", found)
		}
		must(w.UpdateUser(w.ctx, u.ID, model.UserChange{SyncPolicyID: new("")}))(t)
		expect("freed", "", 4)
	})
}

func TestUserRequiresExistingPolicy(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		p, u := w.policy("Sync"), w.user("ann@example.com", true)
		for name, c := range map[string]struct{ id, want string }{
			"an unknown id":          {"0192f0c1-7c5e-7b1a-9a52-6f0e4f6a9d10", "No sync policy has the id"},
			"the id of a connection": {p.EmailConnectionID, `is the id of the connection "Sync mail"`},
		} {
			_, created := w.CreateUser(w.ctx, model.NewUser{Email: "bob@example.com", SyncPolicyID: c.id})
			_, updated := w.UpdateUser(w.ctx, u.ID, model.UserChange{SyncPolicyID: &c.id})
			for _, err := range []error{created, updated} {
				t.Run(name, func(t *testing.T) { wantInvalidFields(t, err, map[string]string{"sync_policy_id": c.want}) })
			}
		}
	})
}

func TestPolicyWithUsersIsNotDeleted(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		p, other := w.policy("Sync"), w.policy("Other")
		users := make([]model.User, 12)
		for i := range users {
			users[i] = w.userOf(p, fmt.Sprintf("u%02d@example.com", i))
		}
		must(w.UpdateUser(w.ctx, users[0].ID, model.UserChange{Enabled: new(false)}))(t) // a disabled user counts
		w.user("any@example.com", true)
		var inUse *model.PolicyInUseError
		if err := w.DeletePolicy(w.ctx, p.ID, 0); !errors.As(err, &inUse) {
			t.Fatalf("got %v", err)
		}
		if inUse.Name != "Sync" || inUse.Total != 12 || len(inUse.Users) != 10 || inUse.Users[0].ID != users[0].ID ||
			!strings.Contains(inUse.Error(), "u09@example.com and 2 more; first assign them") ||
			strings.Contains(inUse.Error(), "u10@example.com") {
			t.Errorf("the error is %+v: %v", inUse, inUse)
		}
		if err := w.DeletePolicy(w.ctx, p.ID, 7); !errors.Is(err, model.ErrRevision) {
			t.Errorf("a deletion of another revision: %v", err)
		}
		must(w.UpdateUser(w.ctx, users[0].ID, model.UserChange{SyncPolicyID: &other.ID}))(t)
		must(w.UpdateUser(w.ctx, users[1].ID, model.UserChange{SyncPolicyID: new("")}))(t)
		for _, u := range users[2:] {
			if err := w.DeleteUser(w.ctx, u.ID, 0); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.DeletePolicy(w.ctx, p.ID, 0); err != nil {
			t.Errorf("without users: %v", err)
		}
	})
}
