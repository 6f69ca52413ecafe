package store_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
)

func TestCollisionsAreReportedAtEachOpen(t *testing.T) {
	t.Parallel()
	old := newOldNames(t)
	want := []store.Collision{
		{Object: "connection", ID: old.connections[0], Name: "Straße", OtherID: old.connections[1], OtherName: "STRASSE"},
		{Object: "sync policy", ID: old.policies[0], Name: "Straße", OtherID: old.policies[1], OtherName: "STRASSE"},
		{Object: "user", ID: old.users[0], Name: oldEmails[0][0], OtherID: old.users[1], OtherName: oldEmails[1][0]},
	}
	for range 2 {
		s := old.open(t)
		equal(t, "collisions", s.Collisions(), want)
		closeStore(t, s)
	}
	for i, says := range [][]string{
		{
			`the names of the connections "Straße" (id ` + old.connections[0], `"STRASSE" (id ` + old.connections[1],
			"rename one of them",
		},
		{`the names of the sync policies "Straße"`, "rename one of them"},
		{`the email addresses of the users "weiß@example.com"`, "change the address of one of them"},
	} {
		for _, words := range says {
			if text := want[i].String(); !strings.Contains(text, words) {
				t.Errorf("%q is not in: %s", words, text)
			}
		}
	}
	if fresh := openNew(t).Collisions(); len(fresh) != 0 {
		t.Errorf("a new database has %v", fresh)
	}
}

func TestCollidingObjectsStayUsable(t *testing.T) {
	t.Parallel()
	old := newOldNames(t)
	s := old.open(t)
	for i, name := range []string{"Straße", "STRASSE"} {
		if err := rename(t, s, old.connections[i], name); err != nil {
			t.Errorf("update %q without a new name: %v", name, err)
		}
	}
	var taken *model.NameTakenError
	if err := rename(t, s, old.connections[1], "strasse"); !errors.As(err, &taken) || taken.ID != old.connections[0] {
		t.Errorf("rename within the collision: %v", err)
	}
	err := s.Update(t.Context(), func(tx model.Tx) error {
		return tx.InsertConnection(t.Context(), plainConnection(t, "STRAẞE"))
	})
	if !errors.As(err, &taken) || taken.ID != old.connections[0] {
		t.Errorf("a third of that name: %v", err)
	}
	equal(t, "collisions", len(s.Collisions()), 3)
}

func TestRenameClearsCollision(t *testing.T) {
	t.Parallel()
	for name, renamed := range map[string]int{"of the older": 0, "of the younger": 1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			old := newOldNames(t)
			s := old.open(t)
			if err := rename(t, s, old.connections[renamed], "Avenue"); err != nil {
				t.Fatal(err)
			}
			equal(t, "found by the new name", connectionNamed(t, s, "avenue"), old.connections[renamed])
			equal(t, "found by the old name", connectionNamed(t, s, "Strasse"), old.connections[1-renamed])
			closeStore(t, s)
			ofConnections := func(c store.Collision) bool { return c.Object == "connection" }
			if left := old.open(t).Collisions(); slices.ContainsFunc(left, ofConnections) {
				t.Errorf("collisions left: %v", left)
			}
		})
	}
}

func TestDeleteClearsCollision(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	old := newOldNames(t)
	s := old.open(t)
	change(t, s, func(tx model.Tx) error {
		return errors.Join(
			tx.DeleteConnection(ctx, old.connections[0]), tx.DeletePolicy(ctx, old.policies[0]), tx.DeleteUser(ctx, old.users[0]),
		)
	})
	equal(t, "connection", connectionNamed(t, s, "STRASSE"), old.connections[1])
	policies := view(t, s, func(tx model.Tx) ([]model.Policy, error) {
		return tx.Policies(ctx, model.PolicyFilter{Name: "Straße"}, model.Page{Limit: 10})
	})
	users := view(t, s, func(tx model.Tx) ([]model.User, error) {
		return tx.Users(ctx, model.UserFilter{Email: "weiß@example.com"}, model.Page{Limit: 10})
	})
	if len(policies) != 1 || policies[0].ID != old.policies[1] || len(users) != 1 || users[0].ID != old.users[1] {
		t.Errorf("policies %+v, users %+v", policies, users)
	}
	closeStore(t, s)
	if left := old.open(t).Collisions(); len(left) != 0 {
		t.Errorf("collisions left: %v", left)
	}
}
