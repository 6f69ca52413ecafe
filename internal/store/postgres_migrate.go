package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/pressly/goose/v3"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// migratePostgres creates the schema and the tables, or upgrades them, while no other process does. The lock has a connection of
// its own: each migration is a transaction on another one.
func (s *Store) migratePostgres(ctx context.Context, db *postgresDB, config *pgx.ConnConfig) (err error) {
	lock, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return fmt.Errorf("connect to %s: %w", db.place, orCanceled(ctx, err))
	}
	defer func() { err = errors.Join(err, lock.Close(context.WithoutCancel(ctx))) }() // ends the transaction
	locked, err := lock.Begin(ctx)
	if err != nil {
		return fmt.Errorf("wait for other processes to migrate: %w", orCanceled(ctx, err))
	}
	if _, err := locked.Exec(ctx, `SELECT pg_advisory_xact_lock($1)`, lockMigrate); err != nil {
		return fmt.Errorf("wait for other processes to migrate: %w", orCanceled(ctx, err))
	}
	if err := db.createSchema(ctx); err != nil {
		return fmt.Errorf("create the schema %s: %w", postgresSchema, orCanceled(ctx, err))
	}
	if err := s.migrate(ctx, goose.DialectPostgres, db.db, db.place); err != nil {
		return err
	}
	return s.ensureInstance(ctx, db.place)
}

// createSchema looks first: the right to create a schema is required only if it does not exist.
func (d *postgresDB) createSchema(ctx context.Context) error {
	var exists bool
	err := d.db.QueryRowContext(ctx, `SELECT to_regnamespace($1) IS NOT NULL`, postgresSchema).Scan(&exists)
	if err != nil || exists {
		return err
	}
	_, err = d.db.ExecContext(ctx, `CREATE SCHEMA `+postgresSchema)
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
