// Package storetest opens the databases of tests: SQLite and PostgreSQL, so that the same tests run on both.
package storetest

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/postgrestest"
)

// Database is a database without rows. It can be opened several times, as several processes do, and sent to them as JSON.
type Database struct {
	// File is the file of a SQLite database.
	File string `json:",omitempty"`
	// Address is the address of a PostgreSQL database.
	Address string `json:",omitempty"`
	// Keyset is the content of the keyset.
	Keyset []byte
}

// Type is the name of the type, as a control plane shows it: "sqlite" or "postgresql".
func (d Database) Type() string {
	if d.Address != "" {
		return "postgresql"
	}
	return "sqlite"
}

// Connect opens the database. The caller closes it.
func (d Database) Connect(ctx context.Context, systems target.Catalog) (*store.Store, error) {
	keyset, err := store.ParseKeyset(d.Keyset)
	if err != nil {
		return nil, err
	}
	if d.Address != "" {
		return store.OpenPostgres(ctx, d.Address, keyset, systems, store.PostgresOptions{Connections: 4, Migrate: true})
	}
	return store.OpenSQLite(ctx, d.File, keyset, systems)
}

// Open opens the database until the end of the test.
func (d Database) Open(tb testing.TB, systems target.Catalog) *store.Store {
	tb.Helper()
	opened, err := d.Connect(tb.Context(), systems)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := opened.Close(); err != nil {
			tb.Errorf("close the store: %v", err)
		}
	})
	return opened
}

// Each runs a test on a database of each type, in parallel.
func Each(t *testing.T, run func(*testing.T, Database)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) { t.Parallel(); run(t, SQLite(t)) })
	t.Run("PostgreSQL", func(t *testing.T) { t.Parallel(); run(t, PostgreSQL(t)) })
}

// SQLite returns a new SQLite database.
func SQLite(tb testing.TB) Database {
	tb.Helper()
	return Database{File: filepath.Join(tb.TempDir(), "riva.db"), Keyset: keyset(tb)}
}

// PostgreSQL returns a PostgreSQL database that other tests of this process have used before. Tests that do more than a store
// does, such as to change its tables, need one of [postgrestest.New].
func PostgreSQL(tb testing.TB) Database {
	tb.Helper()
	return At(tb, used.Lend(tb, migrate, "schema_versions", "schema_compatibility", "instance", "river_migration"))
}

// At is a PostgreSQL database at an address, with the keyset that all databases of this process have.
func At(tb testing.TB, address string) Database {
	tb.Helper()
	return Database{Address: address, Keyset: keyset(tb)}
}

var used postgrestest.Pool

// migrate creates the tables.
func migrate(tb testing.TB, address string) {
	tb.Helper()
	opened, err := At(tb, address).Connect(tb.Context(), nil)
	if err != nil {
		tb.Fatal(err)
	}
	if err := opened.Close(); err != nil {
		tb.Fatal(err)
	}
}

var keys struct {
	mu      sync.Mutex
	content []byte
}

// keyset returns the keyset that all databases of this process have.
func keyset(tb testing.TB) []byte {
	tb.Helper()
	keys.mu.Lock()
	defer keys.mu.Unlock()
	if keys.content == nil {
		path := filepath.Join(tb.TempDir(), "keyset.json")
		if _, _, err := store.OpenKeyset(path); err != nil {
			tb.Fatal(err)
		}
		content, err := os.ReadFile(path)
		if err != nil {
			tb.Fatal(err)
		}
		keys.content = content
	}
	return keys.content
}
