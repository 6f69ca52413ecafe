package store_test

import (
	"maps"
	"path/filepath"
	"slices"
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
	instance := old.InstanceID()
	closeStore(t, old)
	downgrade(t, path, 1)

	c.CredentialsExpireAt, c.CredentialsSetID, c.CredentialsScheme, result.Warnings = nil, "", "", nil

	s := openAt(t, path, keyset)
	equal(t, "instance", s.InstanceID(), instance)
	equal(t, "connection", view(t, s, func(tx model.Tx) (model.Connection, error) { return tx.Connection(ctx, c.ID) }), c)
	equal(t, "policy", view(t, s, func(tx model.Tx) (model.Policy, error) { return tx.Policy(ctx, p.ID) }), p)
	equal(t, "user", view(t, s, func(tx model.Tx) (model.User, error) { return tx.User(ctx, u.ID) }), u)
	equal(t, "tests", listTests(t, s, c.ID, model.Page{Limit: 10}), []model.TestResult{result})
	r := model.Revalidation{ID: newID(t), ConnectionID: c.ID, FinishedAt: startTime}
	change(t, s, func(tx model.Tx) error { return tx.InsertRevalidation(ctx, r, 3) })
	change(t, s, func(tx model.Tx) error { return tx.PutMetadata(ctx, c.ID, target.Snapshot{Digest: "d"}) })
}

// undo has the statements that undo each migration, by version.
var undo = map[int][]string{
	2: {`DROP TABLE revalidations`, `DROP TABLE connection_metadata`},
	3: {`ALTER TABLE connections DROP COLUMN credentials_expire_at`, `ALTER TABLE connection_tests DROP COLUMN warnings`},
	4: {`ALTER TABLE connections RENAME COLUMN credentials_state TO trust`},
	5: {
		`DROP TABLE leases`, `DROP TABLE rotated_credentials`, `DROP INDEX sync_cycles_running`,
		`ALTER TABLE sync_cycles DROP COLUMN epoch`, `ALTER TABLE sync_cycles DROP COLUMN lease_holder`,
		`ALTER TABLE sync_cycles DROP COLUMN lease_until`, `ALTER TABLE sync_cycles DROP COLUMN cursor_user_id`,
		`ALTER TABLE sync_cycles DROP COLUMN cancel_requested_at`,
		`DROP INDEX answers_digest`, `DROP INDEX answers_object`, `ALTER TABLE answers DROP COLUMN run_id`,
		`ALTER TABLE answers DROP COLUMN object_id`, `ALTER TABLE answers DROP COLUMN delivered`,
	},
	6:  {`ALTER TABLE connections DROP COLUMN credentials_set_id`},
	7:  {`ALTER TABLE connections DROP COLUMN credentials_scheme`},
	8:  {`DROP INDEX users_sync_policy`, `ALTER TABLE users DROP COLUMN sync_policy_id`},
	10: {`ALTER TABLE credentials DROP COLUMN comparison_key`},
	11: {`DROP TABLE authorization_attempts`, `DROP TABLE authorizations`},
	12: {
		`DROP TABLE schema_compatibility`, `DROP INDEX answers_run`, `DROP INDEX audit_events_at`, `DROP INDEX audit_events_action`,
		`DROP INDEX audit_events_outcome`,
	},
	13: {
		`DROP TABLE client_secrets`, `DROP TABLE client_trusts`, `DROP TABLE clients`, `DROP TABLE used_assertions`,
		`DROP TABLE token_keys`,
	},
	14: {}, // tables of PostgreSQL only, see undoQueue
}

// downgrade makes a database one of an older version, whose rows may be changed to what that version wrote.
func downgrade(t *testing.T, path string, version int) {
	t.Helper()
	for newest := slices.Max(slices.Collect(maps.Keys(undo))); newest > version; newest-- {
		for _, statement := range undo[newest] {
			tamper(t, path, statement)
		}
	}
	tamper(t, path, `DELETE FROM schema_versions WHERE version_id > $1`, version)
}
