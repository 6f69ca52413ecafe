package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/pressly/goose/v3"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// versionMark begins the comment on the schema. The version of the program that last migrated it follows.
const versionMark = "terraform-provider-riva "

// Migration is what opening a database with [PostgresOptions.Migrate] changed.
type Migration struct {
	// From and To are versions of the schema; From is 0 if the database had no tables of this program. They are equal if nothing
	// was changed.
	From, To int64
}

// Migration returns what opening this database changed.
func (s *Store) Migration() Migration { return s.migration }

// Place names the database in messages: its path, or its host, port and name, without the user and the password.
func (s *Store) Place() string { return s.db.name() }

// schemaVersions are the versions of a schema.
type schemaVersions struct {
	// found is the version of the database, 0 without tables; known is the newest one that this program supports.
	found, known int64
	// program is the version of the program that migrated the database last; empty if it is not known.
	program string
}

// postgresVersions reads the version of the schema. If the schema belongs to another program, the error is a
// *[model.DatabaseError].
func (s *Store) postgresVersions(ctx context.Context, db *postgresDB, connected *sql.DB) (v schemaVersions, err error) {
	provider, err := s.migrationProvider(goose.DialectPostgres, connected)
	if err != nil {
		return v, err
	}
	v.known = newestVersion(provider)
	var exists bool
	var others string
	err = connected.QueryRowContext(ctx, `SELECT COALESCE(bool_or(relname = $2), FALSE),
			COALESCE(string_agg(CAST(relname AS TEXT), ', ' ORDER BY relname) FILTER (WHERE relkind = 'r'), ''),
			COALESCE(obj_description(to_regnamespace($1), 'pg_namespace'), '')
		FROM pg_class WHERE relnamespace = to_regnamespace($1)`,
		postgresSchema, versionsTable).Scan(&exists, &others, &v.program)
	v.program, _ = strings.CutPrefix(v.program, versionMark)
	switch {
	case err != nil:
		return v, fmt.Errorf("read schema version: %w", orCanceled(ctx, err))
	case !exists && others != "":
		return v, foreignSchema(db.place, fmt.Errorf("it has the tables %.200s", others))
	case !exists:
		return v, nil
	}
	err = connected.QueryRowContext(ctx, `SELECT COALESCE(MAX(version_id), 0) FROM `+postgresSchema+`.`+versionsTable+
		` WHERE is_applied`).Scan(&v.found)
	if code := pgCode(err); code == pgUndefinedColumn || code == pgUndefinedTable || code == pgTypeMismatch {
		return v, foreignSchema(db.place, err)
	}
	if err != nil {
		return v, fmt.Errorf("read schema version: %w", orCanceled(ctx, err))
	}
	return v, nil
}

// foreignSchema is the error about a schema that has the name of this program's and other tables.
func foreignSchema(place string, cause error) error {
	return &model.DatabaseError{Place: place, Err: cause, Reason: fmt.Sprintf("has a schema %q that does not belong to this "+
		"program (%v), and it was not changed: use another database", postgresSchema, cause)}
}

// leaveVersion writes the version of this program into the database.
func leaveVersion(ctx context.Context, db *sql.DB, version string) error {
	if version == "" {
		return nil
	}
	text := strings.ReplaceAll(versionMark+version, "'", "''")
	if _, err := db.ExecContext(ctx, `COMMENT ON SCHEMA `+postgresSchema+` IS '`+text+`'`); err != nil {
		return fmt.Errorf("write the version of the program: %w", orCanceled(ctx, err))
	}
	return nil
}

// checkPostgresSchema returns an error unless the database has an identity and the newest schema that this program knows, or a
// newer one that it can use. It only reads.
func (s *Store) checkPostgresSchema(ctx context.Context, db *postgresDB) error {
	v, err := s.postgresVersions(ctx, db, db.db)
	s.migration, s.known = Migration{From: v.found, To: v.found}, v.known
	switch {
	case err != nil:
		return err
	case v.found < v.known:
		return &OlderError{Path: db.place, Found: v.found, Known: v.known}
	case v.found > v.known:
		err = s.checkNewer(ctx, NewerError{Path: db.place, Found: v.found, Known: v.known, Program: v.program})
	}
	if err == nil {
		err = s.readInstance(ctx, db.place)
	}
	if errors.Is(err, model.ErrNotFound) { // the migration ended before it was complete
		return &OlderError{Path: db.place, Found: v.found, Known: v.known}
	}
	if code := pgCode(err); code == pgUndefinedTable || code == pgUndefinedColumn {
		return foreignSchema(db.place, err)
	}
	return err
}
