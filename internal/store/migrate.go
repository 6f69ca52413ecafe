package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate upgrades the tables to the newest schema. The caller ensures that no other process migrates at the same time. A
// database of a newer version is not changed: the error is a [NewerError] with the path.
func migrate(ctx context.Context, dialect goose.Dialect, db *sql.DB, path string) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	provider, err := goose.NewProvider(dialect, db, files, goose.WithTableName("schema_versions"),
		goose.WithGoMigrations(goMigrations()...), goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	found, known, err := provider.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read schema version: %w", orCanceled(ctx, err))
	}
	if found > known {
		return &NewerError{Path: path, Found: found, Known: known}
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", orCanceled(ctx, err))
	}
	return nil
}
