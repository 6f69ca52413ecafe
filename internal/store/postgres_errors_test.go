package store_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/postgrestest"
)

func wantUnavailable(t *testing.T, err error, says string) {
	t.Helper()
	var away *model.UnavailableError
	if !errors.As(err, &away) || !strings.Contains(err.Error(), says) {
		t.Errorf("error %v, want that the database %s", err, says)
	}
}

func TestPostgresWaitsForWritersOnlySoLong(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ settings, says string }{
		"for a lock":      {"&lock_timeout=20", "is busy with other writes"},
		"for a statement": {"&lock_timeout=0&statement_timeout=1000", "did not answer in time"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address, keyset := postgrestest.New(t), newKeyset(t)
			first := openPostgres(t, address, keyset)
			waiting, err := openWith(t, address+c.settings, keyset, false)
			if err != nil {
				t.Fatal(err)
			}
			change(t, first, func(model.Tx) error {
				err := waiting.Update(t.Context(), func(model.Tx) error { t.Error("two writers at once"); return nil })
				wantUnavailable(t, err, c.says)
				return nil
			})
			insertConnections(t, waiting, plainConnection(t, "afterwards"))
		})
	}
}

func TestPostgresWithoutFreeConnectionsIsUnavailable(t *testing.T) {
	t.Parallel()
	address := postgrestest.New(t)
	role := readText(t, address, `SELECT current_database()`)
	inDatabase(t, address, `CREATE ROLE `+role+` LOGIN`, `ALTER DATABASE `+role+` CONNECTION LIMIT 0`)
	t.Cleanup(func() { inDatabase(t, address, `DROP ROLE `+role) })
	_, err := openWith(t, strings.Replace(address, "user=riva", "user="+role, 1), newKeyset(t), false)
	wantUnavailable(t, err, "has no free connections")
}

func TestPostgresSessionsThatEndAreReplaced(t *testing.T) {
	t.Parallel()
	address := postgrestest.New(t)
	s := openPostgres(t, address, newKeyset(t))
	endOthers := func() {
		inDatabase(t, address, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
			WHERE datname = current_database() AND pid <> pg_backend_pid()`)
	}
	err := s.Update(t.Context(), func(tx model.Tx) error {
		if err := tx.InsertConnection(t.Context(), plainConnection(t, "lost")); err != nil {
			return err
		}
		endOthers()
		return nil
	})
	wantUnavailable(t, err, "again later")
	equal(t, "connections", countConnections(t, s), 0)

	endOthers()
	stored := 0
	for range 10 { // as many failures as there were idle sessions
		err := s.Update(t.Context(), func(tx model.Tx) error { return tx.InsertConnection(t.Context(), plainConnection(t, "kept")) })
		if err == nil {
			stored++
			break
		}
		wantUnavailable(t, err, "again later")
	}
	equal(t, "writes that succeeded", stored, 1)
	equal(t, "connections", countConnections(t, s), 1)
}

func TestUnreachablePostgresIsUnavailable(t *testing.T) {
	t.Parallel()
	address := "postgres://riva@127.0.0.1:1/riva?sslmode=disable"
	_, err := store.OpenPostgres(t.Context(), address, newKeyset(t), nil, store.PostgresOptions{Connections: 1})
	wantUnavailable(t, err, "postgres://127.0.0.1:1/riva cannot be reached")
}

func TestPostgresEndsTransactionOfStoppedProcess(t *testing.T) {
	t.Parallel()
	address, keyset := postgrestest.New(t), newKeyset(t)
	openPostgres(t, address, keyset)
	stopped, err := openWith(t, address+"&idle_in_transaction_session_timeout=1000", keyset, false)
	if err != nil {
		t.Fatal(err)
	}
	other, err := openWith(t, address, keyset, false)
	if err != nil {
		t.Fatal(err)
	}
	err = stopped.Update(t.Context(), func(tx model.Tx) error {
		insertConnections(t, other, plainConnection(t, "of the other")) // waits for the locks of the stopped one
		return tx.InsertConnection(t.Context(), plainConnection(t, "of the stopped one"))
	})
	wantUnavailable(t, err, "try again later")
	equal(t, "connections", countConnections(t, other), 1)
}
