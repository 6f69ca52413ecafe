package store_test

import (
	"database/sql"
	"path/filepath"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
)

// oldNames is a database of the version that folded names to lower case.
type oldNames struct {
	path   string
	keyset store.Keyset
	// The ids of the objects of each type, oldest first. The names of the first two are equal now.
	connections [3]string
	policies    [3]string
	users       [3]string
}

// The names in the old database, with their old folded form. The second object has the folded form that the first one gets.
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
	downgrade(t, old.path, 3)
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

func TestMigrationKeepsCredentialsStateCheck(t *testing.T) {
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
