package postgrestest_test

import (
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/postgrestest"
)

func connect(t *testing.T, address string) *pgx.Conn {
	t.Helper()
	connection, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	return connection
}

func TestDatabasesAreSeparate(t *testing.T) {
	t.Parallel()
	first, second := connect(t, postgrestest.New(t)), connect(t, postgrestest.New(t))
	if _, err := first.Exec(t.Context(), `CREATE TABLE things (name TEXT)`); err != nil {
		t.Fatal(err)
	}
	var tables int
	err := second.QueryRow(t.Context(), `SELECT COUNT(*) FROM pg_tables WHERE tablename = 'things'`).Scan(&tables)
	if err != nil || tables != 0 {
		t.Errorf("the other database has %d tables of this one, %v", tables, err)
	}
}

func TestDatabaseIsDroppedAfterTest(t *testing.T) {
	t.Parallel()
	var address string
	t.Run("test", func(t *testing.T) {
		address = postgrestest.New(t)
		connect(t, address) // and leaves the connection open
	})
	if _, err := pgx.Connect(t.Context(), address); err == nil {
		t.Error("the database still exists")
	}
}

func TestTextSortsAsInAmericanEnglish(t *testing.T) {
	t.Parallel()
	var first string
	err := connect(t, postgrestest.New(t)).QueryRow(t.Context(),
		`SELECT word FROM (VALUES ('B'), ('a')) AS words (word) ORDER BY word LIMIT 1`).Scan(&first)
	if err != nil || first != "a" {
		t.Errorf("first is %q, %v", first, err)
	}
}

func TestPoolLendsEmptyTables(t *testing.T) {
	t.Parallel()
	var pool postgrestest.Pool
	fill := func(_ testing.TB, address string) {
		_, err := connect(t, address).Exec(t.Context(), `CREATE TABLE parents (id TEXT PRIMARY KEY);
			CREATE TABLE children (parent TEXT REFERENCES parents); CREATE TABLE versions (number INTEGER);
			INSERT INTO versions VALUES (7)`)
		if err != nil {
			t.Fatal(err)
		}
	}
	for range 3 {
		t.Run("test", func(t *testing.T) {
			connection := connect(t, pool.Lend(t, fill, "versions"))
			var rows, versions int
			err := connection.QueryRow(t.Context(),
				`SELECT (SELECT COUNT(*) FROM parents) + (SELECT COUNT(*) FROM children), (SELECT COUNT(*) FROM versions)`,
			).Scan(&rows, &versions)
			if err != nil || rows != 0 || versions != 1 {
				t.Errorf("%d rows of another test, %d versions, %v", rows, versions, err)
			}
			_, err = connection.Exec(t.Context(), `INSERT INTO parents VALUES ('a'); INSERT INTO children VALUES ('a')`)
			if err := errors.Join(err, connection.Close(t.Context())); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestClusterCanBeRestarted(t *testing.T) {
	t.Parallel()
	cluster := postgrestest.Start(t, "log_statement=all")
	for _, mode := range []string{"fast", "immediate"} {
		before := connect(t, cluster.Address("postgres"))
		if err := cluster.Restart(mode); err != nil {
			t.Fatal(err)
		}
		if err := before.Ping(t.Context()); err == nil {
			t.Errorf("%s: a session survived", mode)
		}
		var setting string
		err := connect(t, cluster.Address("postgres")).QueryRow(t.Context(), `SHOW log_statement`).Scan(&setting)
		if err != nil || setting != "all" {
			t.Errorf("%s: log_statement is %q, %v", mode, setting, err)
		}
	}
}
