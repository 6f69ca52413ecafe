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
// database of a newer version, or one that was created with another keyset, is not changed: the error is a [NewerError] or a
// [KeysetError] with the path.
func (s *Store) migrate(ctx context.Context, dialect goose.Dialect, db *sql.DB, path string) error {
	provider, err := s.migrationProvider(dialect, db)
	if err != nil {
		return err
	}
	found, known, err := provider.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read schema version: %w", orCanceled(ctx, err))
	}
	if found > known {
		return &NewerError{Path: path, Found: found, Known: known}
	}
	if found > 0 {
		if err := s.readInstance(ctx, path); err != nil && !errors.Is(err, model.ErrNotFound) {
			return err
		}
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", orCanceled(ctx, err))
	}
	return nil
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
	}
}
