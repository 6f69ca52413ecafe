package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// migratePostgres creates the schema and the tables, or upgrades them, while no other process does. It uses two connections of
// its own, without the limits of requests: one has the lock, and each migration is a transaction on the other one.
func (s *Store) migratePostgres(ctx context.Context, db *postgresDB, config *pgx.ConnConfig) (err error) {
	unlimited := config.Copy()
	unlimited.RuntimeParams["statement_timeout"] = "0"
	unlimited.RuntimeParams["lock_timeout"] = strconv.FormatInt(maxLockWait.Milliseconds(), 10)
	own := stdlib.OpenDB(*unlimited)
	defer func() { err = errors.Join(err, own.Close()) }()
	locked, err := own.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("connect to %s: %w", db.place, orCanceled(ctx, err))
	}
	defer func() { err = errors.Join(err, ignoreDone(locked.Rollback())) }()
	if _, err := locked.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1)`, lockMigrate); err != nil {
		return fmt.Errorf("wait for other processes to migrate: %w", orCanceled(ctx, err))
	}
	if err := createSchema(ctx, own); err != nil {
		return fmt.Errorf("create the schema %s: %w", postgresSchema, orCanceled(ctx, err))
	}
	if err := s.migrate(ctx, goose.DialectPostgres, own, db.place); err != nil {
		return err
	}
	return s.ensureInstance(ctx, db.place)
}

// createSchema looks first: the right to create a schema is required only if it does not exist.
func createSchema(ctx context.Context, db *sql.DB) error {
	var exists bool
	err := db.QueryRowContext(ctx, `SELECT to_regnamespace($1) IS NOT NULL`, postgresSchema).Scan(&exists)
	if err != nil || exists {
		return err
	}
	_, err = db.ExecContext(ctx, `CREATE SCHEMA `+postgresSchema)
	return err
}

// checkPostgresSchema returns an error unless the database has the newest schema and an identity. It only reads.
func (s *Store) checkPostgresSchema(ctx context.Context, db *postgresDB) error {
	provider, err := s.migrationProvider(goose.DialectPostgres, db.db)
	if err != nil {
		return err
	}
	known := newestVersion(provider)
	var exists bool
	err = db.db.QueryRowContext(ctx, `SELECT to_regclass($1) IS NOT NULL`, postgresSchema+"."+versionsTable).Scan(&exists)
	var found int64
	if err == nil && exists {
		err = db.db.QueryRowContext(ctx, `SELECT COALESCE(MAX(version_id), 0) FROM `+versionsTable).Scan(&found)
	}
	switch {
	case err != nil:
		return fmt.Errorf("read schema version: %w", orCanceled(ctx, err))
	case found > known:
		return &NewerError{Path: db.place, Found: found, Known: known}
	case found < known:
		return &OlderError{Path: db.place, Found: found, Known: known}
	}
	err = s.readInstance(ctx, db.place)
	if errors.Is(err, model.ErrNotFound) { // the migration ended before it was complete
		return &OlderError{Path: db.place, Found: found, Known: known}
	}
	return err
}

// ignoreDone ignores that a transaction has ended already, as it does when its context is canceled.
func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}
