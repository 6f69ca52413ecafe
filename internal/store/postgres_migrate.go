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
)

// migratePostgres creates the schema and the tables, or upgrades them, while no other process does. It uses two connections of
// its own, without the limits of requests: one has the lock, and each migration is a transaction on the other one.
func (s *Store) migratePostgres(
	ctx context.Context, db *postgresDB, config *pgx.ConnConfig, version string,
) (err error) {
	unlimited := config.Copy()
	unlimited.RuntimeParams["statement_timeout"] = "0"
	unlimited.RuntimeParams["idle_in_transaction_session_timeout"] = "0"
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
	before, err := s.postgresVersions(ctx, db, own)
	if err != nil {
		return err
	}
	if err := s.migrate(ctx, goose.DialectPostgres, own, db.place); err != nil {
		return err
	}
	if before.found < before.known {
		if err := leaveVersion(ctx, own, version); err != nil {
			return err
		}
	}
	s.migration = Migration{From: before.found, To: before.known}
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

// ignoreDone ignores that a transaction has ended already, as it does when its context is canceled.
func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}
