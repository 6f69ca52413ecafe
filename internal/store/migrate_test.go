package store_test

import (
	"path/filepath"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// A database of the first version has only the tables of the first migration.
func TestMigrateFirstVersion(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	path, keyset := filepath.Join(t.TempDir(), "riva.db"), newKeyset(t)
	old := openAt(t, path, keyset)
	c, p, u := fullConnection(t, "mail"), plainPolicy(t, "Nightly"), plainUser(t, "anna@example.com")
	insertConnections(t, old, c)
	p.EmailConnectionID = c.ID
	insertPolicies(t, old, p)
	change(t, old, func(tx model.Tx) error { return tx.InsertUser(ctx, u) })
	result := testResult(t, c.ID)
	change(t, old, func(tx model.Tx) error { return tx.InsertTest(ctx, result, 3) })
	putCredentials(t, old, c.ID, "there", target.Credentials{"password": "p"})
	instance := old.InstanceID()
	closeStore(t, old)
	for _, statement := range []string{
		`DROP TABLE revalidations`, `DROP TABLE connection_metadata`,
		`ALTER TABLE connections DROP COLUMN credentials_expire_at`, `ALTER TABLE connection_tests DROP COLUMN warnings`,
		`ALTER TABLE connections RENAME COLUMN credentials_state TO trust`,
		`DELETE FROM schema_versions WHERE version_id > 1`,
	} {
		tamper(t, path, statement)
	}

	c.CredentialsExpireAt, result.Warnings = nil, nil

	s := openAt(t, path, keyset)
	equal(t, "instance", s.InstanceID(), instance)
	equal(t, "connection", view(t, s, func(tx model.Tx) (model.Connection, error) { return tx.Connection(ctx, c.ID) }), c)
	equal(t, "policy", view(t, s, func(tx model.Tx) (model.Policy, error) { return tx.Policy(ctx, p.ID) }), p)
	equal(t, "user", view(t, s, func(tx model.Tx) (model.User, error) { return tx.User(ctx, u.ID) }), u)
	equal(t, "tests", listTests(t, s, c.ID, model.Page{Limit: 10}), []model.TestResult{result})
	if got, err := readCredentials(t, s, c.ID, "there"); err != nil || got["password"] != "p" {
		t.Errorf("credentials: %v", err)
	}
	r := model.Revalidation{ID: newID(t), ConnectionID: c.ID, FinishedAt: startTime}
	change(t, s, func(tx model.Tx) error { return tx.InsertRevalidation(ctx, r, 3) })
	change(t, s, func(tx model.Tx) error { return tx.PutMetadata(ctx, c.ID, target.Snapshot{Digest: "d"}) })
}
