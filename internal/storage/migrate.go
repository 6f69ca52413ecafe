package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
)

// Migrated is what [Migrate] did.
type Migrated struct {
	// Database names the database by host, port and name.
	Database string
	// From and To are versions of the schema. From is 0 if the database had no tables of this program. They are equal if nothing
	// was changed.
	From, To int64
	// Grants are the statements that give a role the rights to use the database, and no more. The role is called [RunRole].
	Grants []string
	// Warnings are sentences about unsafe places.
	Warnings []string
}

// RunRole is the name of the role in [Migrated.Grants].
const RunRole = store.RunRole

// Migrate creates the tables of a PostgreSQL database, or upgrades them to the newest schema. The keyset must exist. Several
// processes may call it at the same time.
func Migrate(ctx context.Context, o Options) (Migrated, error) {
	place, keys, err := checkDatabase(ctx, o)
	if err != nil {
		return Migrated{}, err
	}
	opened, err := store.OpenPostgres(ctx, o.DatabaseURL, keys.keyset, o.Systems, store.PostgresOptions{
		Connections: 1, CACertificate: o.CACertificate, Version: o.Version, Migrate: true,
	})
	if err != nil {
		return Migrated{}, describeDatabaseError(place, err)
	}
	done := opened.Migration()
	result := Migrated{Database: place, From: done.From, To: done.To, Grants: store.Grants(), Warnings: keys.warnings}
	return result, opened.Close()
}

// CreateKeyset creates a keyset in a file that does not exist, and returns its path and warnings about its place. The file must
// not be where it could be committed to git.
func CreateKeyset(ctx context.Context, file string) (path string, warnings []string, err error) {
	if path, err = filepath.Abs(file); err != nil {
		return "", nil, fmt.Errorf("keyset %q: %w", file, err)
	}
	if warnings, err = checkSharedKeysetPlace(ctx, path); err != nil {
		return "", nil, err
	}
	err = store.CreateKeyset(path)
	if errors.Is(err, fs.ErrExist) {
		return "", nil, &KeysetPlaceError{Path: path, Reason: "something is there already, and it was not changed: without a keyset, " +
			"the credentials that it sealed are lost. Specify another file"}
	}
	return path, withoutEmpty(warnings), describeError(path, err)
}
