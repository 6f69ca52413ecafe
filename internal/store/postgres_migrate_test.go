package store_test

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/postgrestest"
)

func TestPostgresIsMigratedFromEachVersion(t *testing.T) {
	t.Parallel()
	newest := slices.Max(slices.Collect(maps.Keys(undo)))
	for version := 1; version < newest; version++ {
		t.Run(fmt.Sprint("version ", version), func(t *testing.T) {
			t.Parallel()
			ctx, address, keyset := t.Context(), postgrestest.New(t), newKeyset(t)
			old := openPostgres(t, address, keyset)
			c, p, u := plainConnection(t, "Büro"), plainPolicy(t, "Nightly"), plainUser(t, "Ann@example.com")
			insertConnections(t, old, c)
			p.EmailConnectionID = c.ID
			insertPolicies(t, old, p)
			change(t, old, func(tx model.Tx) error { return tx.InsertUser(ctx, u) })
			change(t, old, func(tx model.Tx) error { return tx.InsertTest(ctx, testResult(t, c.ID), 3) })
			closeStore(t, old)
			for undone := newest; undone > version; undone-- {
				inDatabase(t, address+"&search_path=riva", undo[undone]...)
				if undone == 14 {
					inDatabase(t, address+"&search_path=riva", undoQueue()...)
				}
			}
			inDatabase(t, address, `DELETE FROM riva.schema_versions WHERE version_id > `+strconv.Itoa(version))

			s := openPostgres(t, address, keyset)
			equal(t, "instance", s.InstanceID(), old.InstanceID())
			equal(t, "connection", detailOf(t, s, c.ID).Connection, c)
			equal(t, "policy", view(t, s, func(tx model.Tx) (model.Policy, error) { return tx.Policy(ctx, p.ID) }), p)
			equal(t, "user", view(t, s, func(tx model.Tx) (model.User, error) { return tx.User(ctx, u.ID) }), u)
			equal(t, "tests", len(listTests(t, s, c.ID, model.Page{Limit: 10})), 1)
			others := readText(t, address, `SELECT COALESCE(string_agg(table_name || '.' || column_name, ', '), '')
				FROM information_schema.columns
				WHERE table_schema = 'riva' AND table_name NOT LIKE 'river%' AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'`)
			equal(t, "columns with the collation of the database", others, "")
		})
	}
}

// undoQueue has the statements that undo the migration of the queue, whose tables River makes.
func undoQueue() []string {
	return []string{
		`DROP TABLE river_job, river_leader, river_migration, river_notification, river_queue`,
		`DROP FUNCTION river_job_state_in_bitmask`, `DROP TYPE river_job_state`,
	}
}
