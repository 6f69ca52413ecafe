package store

// RunRole is the name that [Grants] gives the role that uses the database without the right to change its tables.
const RunRole = "riva_run"

// Grants returns the statements that give a role the rights that the program needs after a migration, also for tables of later
// migrations. The role that migrates runs them.
func Grants() []string {
	const rights = `SELECT, INSERT, UPDATE, DELETE ON `
	return []string{
		`GRANT USAGE ON SCHEMA ` + postgresSchema + ` TO ` + RunRole,
		`GRANT ` + rights + `ALL TABLES IN SCHEMA ` + postgresSchema + ` TO ` + RunRole,
		`GRANT USAGE ON ALL SEQUENCES IN SCHEMA ` + postgresSchema + ` TO ` + RunRole,
		`REVOKE INSERT, UPDATE, DELETE ON ` + postgresSchema + `.` + versionsTable + `, ` + postgresSchema +
			`.schema_compatibility, ` + postgresSchema + `.river_migration FROM ` + RunRole,
		`ALTER DEFAULT PRIVILEGES IN SCHEMA ` + postgresSchema + ` GRANT ` + rights + `TABLES TO ` + RunRole,
		`ALTER DEFAULT PRIVILEGES IN SCHEMA ` + postgresSchema + ` GRANT USAGE ON SEQUENCES TO ` + RunRole,
	}
}
