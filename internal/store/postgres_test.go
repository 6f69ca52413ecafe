package store_test

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/postgrestest"
)

// openWith opens a PostgreSQL database, and closes it at the end of the test.
func openWith(t *testing.T, address string, keyset store.Keyset, migrate bool) (*store.Store, error) {
	t.Helper()
	o := store.PostgresOptions{Connections: 2, Migrate: migrate}
	s, err := store.OpenPostgres(t.Context(), address, keyset, testSystems(), o)
	if err == nil {
		t.Cleanup(func() { closeStore(t, s) })
	}
	return s, err
}

// inDatabase runs statements as an administrator would.
func inDatabase(t *testing.T, address string, statements ...string) {
	t.Helper()
	db, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range statements {
		if _, err := db.ExecContext(context.WithoutCancel(t.Context()), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// readText reads one value as an administrator would.
func readText(t *testing.T, address, statement string) (text string) {
	t.Helper()
	db, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	err = db.QueryRowContext(t.Context(), statement).Scan(&text)
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	return text
}

func TestPostgresTextSortsByBytes(t *testing.T) {
	t.Parallel()
	address := postgrestest.New(t)
	openPostgres(t, address, newKeyset(t))
	others := readText(t, address, `SELECT COALESCE(string_agg(table_name || '.' || column_name, ', '), '')
		FROM information_schema.columns
		WHERE table_schema = 'riva' AND table_name NOT LIKE 'river%' AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'`)
	equal(t, "columns with the collation of the database", others, "")
}

func TestPostgresIsMigratedOnlyOnRequest(t *testing.T) {
	t.Parallel()
	address, keyset := postgrestest.New(t), newKeyset(t)
	_, err := openWith(t, address, keyset, false)
	if !errors.Is(err, store.ErrOlder) || !strings.Contains(err.Error(), "subcommand migrate") {
		t.Errorf("an empty database: %v", err)
	}
	equal(t, "schemas", readText(t, address, `SELECT COUNT(*)::TEXT FROM pg_namespace WHERE nspname = 'riva'`), "0")

	migrated, err := openWith(t, address, keyset, true)
	if err != nil {
		t.Fatal(err)
	}
	opened, err := openWith(t, address, keyset, false)
	if err != nil || opened.InstanceID() != migrated.InstanceID() {
		t.Errorf("a migrated database: %v", err)
	}

	inDatabase(t, address, `DELETE FROM riva.schema_versions WHERE version_id >= 8`)
	_, err = openWith(t, address, keyset, false)
	if !errors.Is(err, store.ErrOlder) || !strings.Contains(err.Error(), "version 7") {
		t.Errorf("an older database: %v", err)
	}
	inDatabase(t, address, `INSERT INTO riva.schema_versions (version_id, is_applied)
			VALUES (8, TRUE), (10, TRUE), (11, TRUE), (12, TRUE), (1000, TRUE)`,
		`UPDATE riva.schema_compatibility SET oldest_version = 1000`)
	for _, migrate := range []bool{true, false} {
		if _, err := openWith(t, address, keyset, migrate); !errors.Is(err, store.ErrNewer) || !strings.Contains(err.Error(), "1000") {
			t.Errorf("a newer database, migrate %t: %v", migrate, err)
		}
	}
}

func TestPostgresOfAnotherKeysetIsNotOpened(t *testing.T) {
	t.Parallel()
	address := postgrestest.New(t)
	openPostgres(t, address, newKeyset(t))
	for _, migrate := range []bool{true, false} {
		if _, err := openWith(t, address, newKeyset(t), migrate); !errors.Is(err, store.ErrKeyset) {
			t.Errorf("migrate %t: %v", migrate, err)
		}
	}
}

func TestPostgresIsMigratedByOneOfManyProcesses(t *testing.T) {
	t.Parallel()
	address, keyset := postgrestest.New(t), newKeyset(t)
	ids := make([]string, 4)
	var wg sync.WaitGroup
	for i := range ids {
		wg.Go(func() {
			s, err := openWith(t, address, keyset, true)
			if err != nil {
				t.Error(err)
				return
			}
			ids[i] = s.InstanceID()
		})
	}
	wg.Wait()
	for _, id := range ids {
		equal(t, "instance", id, ids[0])
	}
}

func TestPostgresWithoutDurableCommitsIsNotOpened(t *testing.T) {
	t.Parallel()
	address := postgrestest.New(t)
	inDatabase(t, address, `DO $$ BEGIN
		EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database());
	END $$`)
	if _, err := openWith(t, address, newKeyset(t), true); err == nil || !strings.Contains(err.Error(), "synchronous_commit") {
		t.Errorf("error %v", err)
	}
}

func TestPostgresErrorsContainNoPassword(t *testing.T) {
	t.Parallel()
	address, err := url.Parse(postgrestest.New(t))
	if err != nil {
		t.Fatal(err)
	}
	missing := *address
	missing.User, missing.Path = url.UserPassword("riva", "canary"), "/missing"
	for name, address := range map[string]string{
		"a missing database":    missing.String(),
		"an unreachable server": "postgres://riva:canary@127.0.0.1:1/riva?sslmode=disable",
		"a malformed address":   "postgres://riva:canary%zz@127.0.0.1/riva",
		"a malformed port":      "postgres://riva:canary@127.0.0.1:port/riva",
		"an unescaped password": "postgres://riva:canary#/?@127.0.0.1/riva",
		"an unknown TLS mode":   "host=127.0.0.1 password=canary sslmode=often",
	} {
		_, err := openWith(t, address, newKeyset(t), false)
		if err == nil || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v", name, err)
		}
		for ; err != nil; err = errors.Unwrap(err) {
			if strings.Contains(err.Error(), "canary") {
				t.Errorf("%s: a cause contains the password: %v", name, err)
			}
		}
	}
}
