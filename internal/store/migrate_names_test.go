package store_test

import (
	"database/sql"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
)

// oldNames is a database of the version that only lowered the case of names.
type oldNames struct {
	path   string
	keyset store.Keyset
	// Of each type of object: the older and the younger one whose names are the same now, and one that has its name alone.
	connections [3]string
	policies    [3]string
	users       [3]string
}

// The names in the old database, with their old folded form. The youngest got its folded name before the others: the
// migration gives it to the oldest.
var (
	oldConnectionNames = [3][2]string{{"Straße", "straße"}, {"STRASSE", "strasse"}, {"Σίσυφος", "σίσυφος"}}
	oldEmails          = [3][2]string{
		{"weiß@example.com", "weiß@example.com"}, {"WEISS@example.com", "weiss@example.com"}, {"ann@example.com", "ann@example.com"},
	}
)

func newOldNames(t *testing.T) oldNames {
	t.Helper()
	ctx := t.Context()
	old := oldNames{path: filepath.Join(t.TempDir(), "riva.db"), keyset: newKeyset(t)}
	s := openAt(t, old.path, old.keyset)
	for i, text := range []string{"one", "two", "three"} {
		c, p, u := plainConnection(t, text), plainPolicy(t, text), plainUser(t, text+"@example.com")
		insertConnections(t, s, c)
		insertPolicies(t, s, p)
		change(t, s, func(tx model.Tx) error { return tx.InsertUser(ctx, u) })
		old.connections[i], old.policies[i], old.users[i] = c.ID, p.ID, u.ID
	}
	cycle := fullCycle(t, plainPolicy(t, "cycle"))
	insertCycles(t, s, cycle)
	change(t, s, func(tx model.Tx) error {
		return tx.InsertSyncLogs(ctx, []model.SyncLog{{ID: newID(t), CycleID: cycle.ID, UserEmail: oldEmails[0][0], At: startTime}})
	})
	closeStore(t, s)
	for i := range 3 {
		name, email := oldConnectionNames[i], oldEmails[i]
		tamper(t, old.path, `UPDATE connections SET name = $1, name_folded = $2 WHERE id = $3`, name[0], name[1], old.connections[i])
		tamper(t, old.path, `UPDATE sync_policies SET name = $1, name_folded = $2 WHERE id = $3`, name[0], name[1], old.policies[i])
		tamper(t, old.path, `UPDATE users SET email = $1, email_folded = $2 WHERE id = $3`, email[0], email[1], old.users[i])
	}
	tamper(t, old.path, `UPDATE sync_logs SET user_email_folded = $1`, oldEmails[0][1])
	tamper(t, old.path, `ALTER TABLE connections RENAME COLUMN credentials_state TO trust`)
	tamper(t, old.path, `DELETE FROM schema_versions WHERE version_id > 3`)
	return old
}

func (o oldNames) open(t *testing.T) *store.Store {
	t.Helper()
	return openAt(t, o.path, o.keyset)
}

func connectionNamed(t *testing.T, s *store.Store, name string) string {
	t.Helper()
	c := view(t, s, func(tx model.Tx) (model.Connection, error) { return tx.ConnectionByName(t.Context(), name) })
	return c.ID
}

func rename(t *testing.T, s *store.Store, id, name string) error {
	t.Helper()
	return s.Update(t.Context(), func(tx model.Tx) error {
		c, err := tx.Connection(t.Context(), id)
		if err != nil {
			return err
		}
		c.Name = name
		c.Revision++
		return tx.UpdateConnection(t.Context(), c)
	})
}

func TestMigrationFoldsNames(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	old := newOldNames(t)
	s := old.open(t)
	for i, name := range oldConnectionNames {
		c := view(t, s, func(tx model.Tx) (model.Connection, error) { return tx.Connection(ctx, old.connections[i]) })
		if c.Name != name[0] || !c.CredentialsVerified {
			t.Errorf("connection %d: %+v", i, c)
		}
	}
	equal(t, "a name on its own", connectionNamed(t, s, "ΣΊΣΥΦΟΣ"), old.connections[2])
	for _, name := range []string{"Straße", "STRASSE", "strasse"} {
		equal(t, name, connectionNamed(t, s, name), old.connections[0])
		policies := view(t, s, func(tx model.Tx) ([]model.Policy, error) {
			return tx.Policies(ctx, model.PolicyFilter{Name: name}, model.Page{Limit: 10})
		})
		if len(policies) != 1 || policies[0].ID != old.policies[0] {
			t.Errorf("policies named %s: %+v", name, policies)
		}
	}
	for _, email := range []string{"weiß@example.com", "weiss@example.com"} {
		users := view(t, s, func(tx model.Tx) ([]model.User, error) {
			return tx.Users(ctx, model.UserFilter{Email: email}, model.Page{Limit: 10})
		})
		logs := view(t, s, func(tx model.Tx) ([]model.SyncLog, error) {
			return tx.SyncLogs(ctx, model.SyncLogFilter{UserEmail: email}, model.Page{Limit: 10})
		})
		if len(users) != 1 || users[0].ID != old.users[0] || len(logs) != 1 {
			t.Errorf("%s: users %+v, %d logs", email, users, len(logs))
		}
	}
}

func TestMigrationKeepsTheCheckOfCredentialsState(t *testing.T) {
	t.Parallel()
	old := newOldNames(t)
	insertConnections(t, old.open(t), plainConnection(t, "any"))
	db, err := sql.Open("sqlite", old.path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), `UPDATE connections SET credentials_state = 'odd'`); err == nil {
		t.Error("an unknown state was stored")
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestCollisionsAreReportedAtEachOpening(t *testing.T) {
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
		{`the names of the connections "Straße" (id ` + old.connections[0], `"STRASSE" (id ` + old.connections[1], "rename one of them"},
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
