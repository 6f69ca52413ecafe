package store

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/rivermigrate"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/postgrestest"
)

func openMigrated(t *testing.T) *Store {
	t.Helper()
	keyset, _, err := OpenKeyset(filepath.Join(t.TempDir(), "keyset.json"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := OpenPostgres(t.Context(), postgrestest.New(t), keyset, nil, PostgresOptions{Connections: 2, Migrate: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// If this fails after an upgrade of River, it needs other tables: add a migration that makes them, and raise queueVersion.
func TestQueueHasTheTablesOfRiver(t *testing.T) {
	t.Parallel()
	s := openMigrated(t)
	db, schema := s.QueueDB()
	migrator, err := rivermigrate.New(riverdatabasesql.New(db), &rivermigrate.Config{Schema: schema})
	if err != nil {
		t.Fatal(err)
	}
	valid, err := migrator.Validate(t.Context(), nil)
	if err != nil || !valid.OK {
		t.Errorf("%v, %+v", err, valid)
	}
	if all := migrator.AllVersions(); all[len(all)-1].Version != queueVersion {
		t.Errorf("the newest version is %d, and migrations make %d", all[len(all)-1].Version, queueVersion)
	}
}

func TestSQLTxIsThatOfTheStore(t *testing.T) {
	t.Parallel()
	s := openMigrated(t)
	errRolledBack := errors.New("rolled back")
	insert := func(key string, then error) error {
		return s.Update(t.Context(), func(tx model.Tx) error {
			err := s.InSQLTx(t.Context(), tx, func(own *sql.Tx) error {
				_, err := own.ExecContext(t.Context(), `INSERT INTO leases (key, holder, epoch, expires_at) VALUES ($1, 'me', 1, '')`, key)
				return err
			})
			if err != nil {
				return err
			}
			l := model.Lease{Key: key, Holder: "me", Epoch: 1, ExpiresAt: time.Now().Add(time.Hour)}
			if ok, err := tx.RenewLease(t.Context(), l); err != nil || !ok {
				t.Errorf("the transaction does not see its own row: %v", err)
			}
			return then
		})
	}
	if err := insert("kept", nil); err != nil {
		t.Fatal(err)
	}
	if err := insert("dropped", errRolledBack); !errors.Is(err, errRolledBack) {
		t.Fatal(err)
	}
	db, _ := s.QueueDB()
	var keys string
	if err := db.QueryRowContext(t.Context(), `SELECT string_agg(key, ' ') FROM leases`).Scan(&keys); err != nil || keys != "kept" {
		t.Errorf("stored %q, %v", keys, err)
	}
	// An error of f leaves the transaction to its owner.
	err := s.Update(t.Context(), func(tx model.Tx) error {
		if err := s.InSQLTx(t.Context(), tx, func(*sql.Tx) error { return errRolledBack }); !errors.Is(err, errRolledBack) {
			t.Errorf("got %v", err)
		}
		_, err := tx.Now(t.Context(), time.Now())
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestFileHasNoQueue(t *testing.T) {
	t.Parallel()
	keyset, _, err := OpenKeyset(filepath.Join(t.TempDir(), "keyset.json"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := OpenSQLite(t.Context(), filepath.Join(t.TempDir(), "riva.db"), keyset, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if db, _ := s.QueueDB(); db != nil {
		t.Error("got connections")
	}
	err = s.Update(context.Background(), func(tx model.Tx) error {
		return s.InSQLTx(t.Context(), tx, func(*sql.Tx) error { return nil })
	})
	if err == nil {
		t.Error("a file gave a transaction of the queue")
	}
}
