// Package storage opens what a control plane stores everything in: the SQLite database of a data directory, or a PostgreSQL
// database that several machines use, and the keyset that seals the credentials in it. It decides where files may be, who may
// create them, and what the errors and warnings about places say. All fronts of a control plane open their store with it.
//
// All data is in one data directory, except the keyset: it is in the user's configuration directory, so that a copy of the data
// directory does not reveal secrets. A PostgreSQL database is made beforehand, by [Migrate], and each machine has the same
// keyset.
package storage

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// Options say what to open.
type Options struct {
	// DataDir is the directory of the database. Open creates it if it does not exist.
	DataDir string
	// RequireExisting makes Open return a *[DataDirError] for a data directory without a control plane, instead of creating one.
	RequireExisting bool
	// DatabaseURL is the address of a PostgreSQL database, instead of a data directory. It has a password. The keyset must exist.
	DatabaseURL string
	// CACertificate has certificate authorities (PEM) to trust for the server of the database.
	CACertificate string
	// Connections is the largest number of connections to a PostgreSQL database; zero means 4.
	Connections int
	// Migrate creates or upgrades the tables of a PostgreSQL database. Without it, they must be those of this version.
	Migrate bool
	// Keyset is the file of the keyset; empty means a file for this data directory in the user's configuration directory.
	Keyset string
	// KeysetJSON is the content of the keyset, instead of a file. It is never written to a file.
	KeysetJSON string
	// RequireKeyset makes Open return an error if the keyset of a new data directory does not exist, instead of creating one.
	RequireKeyset bool
	// Version is the version of this program. A migration leaves it in a PostgreSQL database.
	Version string
	// Systems is the catalog of target systems.
	Systems target.Catalog
}

// Opened is an open store.
type Opened struct {
	// Store belongs to the caller, who closes it.
	Store *store.Store
	// Type is "sqlite" or "postgresql".
	Type string
	// DataDir is the absolute path of the data directory; empty for a PostgreSQL database.
	DataDir string
	// Place names the database: the data directory, or host, port and name, without the user and the password.
	Place string
	// Created is true if the data directory had no database.
	Created bool
	// Keyset is the file of the keyset; empty if the keyset is configured as text.
	Keyset string
	// Warnings are sentences about what is unsafe: others can write a directory, or the keyset may be committed.
	Warnings []string
}

// Open opens the store, or creates one in the data directory. Several processes may have it open at the same time.
// Errors name the file or directory and what to do. If the keyset does not exist, the error is a *[KeysetNotFoundError]; if it is
// where others could get it, a *[KeysetPlaceError]; if a PostgreSQL database cannot be used, an *[api.DatabaseError].
func Open(ctx context.Context, o Options) (Opened, error) {
	if o.DatabaseURL != "" {
		return openDatabase(ctx, o)
	}
	return openDataDir(ctx, o)
}

func openDataDir(ctx context.Context, o Options) (Opened, error) {
	if o.DataDir == "" { // it would mean the working directory
		return Opened{}, &DataDirError{Path: `""`, Reason: "the name is empty: configure data_dir"}
	}
	dir, err := filepath.Abs(o.DataDir)
	if err != nil {
		return Opened{}, fmt.Errorf("data directory %q: %w", o.DataDir, err)
	}
	database := filepath.Join(dir, databaseFile)
	if o.RequireExisting {
		if err := checkDatabaseExists(dir, database); err != nil {
			return Opened{}, err
		}
	}
	if exists, err := Exists(dir); err == nil && !exists && o.RequireKeyset {
		if _, err := readKeyset(ctx, o, "a new data directory"); err != nil {
			return Opened{}, err
		}
	}
	if err := makeDataDir(dir); err != nil {
		return Opened{}, err
	}
	if err := store.CheckSQLite(database); err != nil { // otherwise the keyset of a foreign file would be missing
		return Opened{}, fmt.Errorf("open the control plane: %w", err)
	}
	exists, err := Exists(dir)
	if err != nil {
		return Opened{}, fmt.Errorf("data directory: %w", err)
	}
	keys, err := openKeyset(ctx, dir, o, exists)
	if err != nil {
		return Opened{}, err
	}
	opened, err := store.OpenSQLite(ctx, database, keys.keyset, o.Systems)
	if err != nil {
		return Opened{}, fmt.Errorf("open the control plane: %w", err)
	}
	return Opened{
		Store: opened, Type: "sqlite", DataDir: dir, Place: dir, Created: !exists, Keyset: keys.path,
		Warnings: withoutEmpty(append(keys.warnings, DirWarning(dir))),
	}, nil
}

// openDatabase opens a PostgreSQL database.
func openDatabase(ctx context.Context, o Options) (Opened, error) {
	place, keys, err := checkDatabase(ctx, o)
	if err != nil {
		return Opened{}, err
	}
	opened, err := store.OpenPostgres(ctx, o.DatabaseURL, keys.keyset, o.Systems, store.PostgresOptions{
		Connections: cmp.Or(o.Connections, defaultConnections), CACertificate: o.CACertificate, Version: o.Version, Migrate: o.Migrate,
	})
	if err != nil {
		return Opened{}, describeDatabaseError(place, err)
	}
	return Opened{Store: opened, Type: "postgresql", Place: place, Keyset: keys.path, Warnings: keys.warnings}, nil
}

// Exists reports whether a data directory has a database.
func Exists(dataDir string) (bool, error) { return fileExists(filepath.Join(dataDir, databaseFile)) }

// DirWarning is a warning about a data directory that other users can write; empty without one.
func DirWarning(dataDir string) string { return writableByOthers("The data directory", dataDir) }

func withoutEmpty(warnings []string) []string {
	return slices.DeleteFunc(warnings, func(warning string) bool { return warning == "" })
}
