package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/pressly/goose/v3"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// versionsTable has the applied migrations.
const versionsTable = "schema_versions"

// migrate upgrades the tables to the newest schema. The caller ensures that no other process migrates at the same time. A
// database with a newer schema is not changed; if this program cannot use that schema, the error is a [NewerError] with the
// path. A database that was created with another keyset is not changed either: the error is a [KeysetError].
func (s *Store) migrate(ctx context.Context, dialect goose.Dialect, db *sql.DB, path string) error {
	provider, err := s.migrationProvider(dialect, db)
	if err != nil {
		return err
	}
	found, known, err := provider.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read schema version: %w", orCanceled(ctx, err))
	}
	s.known = known
	if found > known {
		if err := s.checkNewer(ctx, NewerError{Path: path, Found: found, Known: known}); err != nil {
			return err
		}
	}
	if found > 0 {
		if err := s.readInstance(ctx, path); err != nil && !errors.Is(err, model.ErrNotFound) {
			return err
		}
	}
	if found > known {
		return nil
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", orCanceled(ctx, err))
	}
	return nil
}

// checkNewer returns the error unless programs that know only an older schema can use the one of the database.
func (s *Store) checkNewer(ctx context.Context, refusal NewerError) error {
	return s.run(ctx, s.db.beginRead, func(t *tx) error {
		oldest, err := one(ctx, t, "read the compatibility of the schema", func(r row) (version int64, err error) {
			err = r.Scan(&version)
			return version, err
		}, `SELECT oldest_version FROM schema_compatibility`)
		if err == nil && refusal.Known < oldest {
			return &refusal
		}
		return err
	})
}

func (s *Store) migrationProvider(dialect goose.Dialect, db *sql.DB) (*goose.Provider, error) {
	files := migrationFiles{s.db.convertDDL}
	provider, err := goose.NewProvider(dialect, db, files, goose.WithTableName(versionsTable),
		goose.WithGoMigrations(s.goMigrations()...), goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	return provider, nil
}

// newestVersion is the newest schema version that this program supports.
func newestVersion(provider *goose.Provider) int64 {
	sources := provider.ListSources()
	return sources[len(sources)-1].Version
}

// goMigrations are the migrations that SQL alone cannot do. Their versions continue those of the SQL files.
func (s *Store) goMigrations() []*goose.Migration {
	return []*goose.Migration{
		goose.NewGoMigration(4, &goose.GoFunc{RunTx: migrateNames}, nil),
		goose.NewGoMigration(6, &goose.GoFunc{RunTx: s.migrateSeals}, nil),
		goose.NewGoMigration(7, &goose.GoFunc{RunTx: s.migrateSchemes}, nil),
		goose.NewGoMigration(14, s.db.queueMigration(), nil),
	}
}
