// Package postgrestest gives each test an empty PostgreSQL database.
//
// The first test of a process starts a cluster from the installed binaries: in a directory for temporary files, reachable over
// a Unix socket only, as an unprivileged user even if the tests run as root. It ends with the process, however that ends. With
// RIVA_TEST_POSTGRES_URL, the databases are created in another cluster instead: PostgreSQL 15 or newer with ICU, with a
// role that may create databases. If PostgreSQL cannot be had, the tests fail.
package postgrestest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// addressVariable has the address of the cluster to use, in the form postgres://user:password@host/database.
const addressVariable = "RIVA_TEST_POSTGRES_URL"

// cluster is the address of a database of the cluster in which this process creates others.
var cluster = sync.OnceValues(func() (*url.URL, error) {
	given := os.Getenv(addressVariable)
	if given == "" {
		c, err := startCluster()
		if err != nil {
			return nil, err
		}
		shared = c
		return c.address("postgres"), nil
	}
	address, err := url.Parse(given)
	if err != nil || address.Scheme != "postgres" && address.Scheme != "postgresql" {
		return nil, errors.New(addressVariable + " is not an address of the form postgres://user@host/database")
	}
	return address, nil
})

// shared is the cluster that this process has started for all its tests. It is referred to here, and never closed: the garbage
// collector would close its standard input otherwise.
var shared *Cluster //nolint:unused // being referred to is its use

// New creates an empty database and returns its address. It is dropped after the test, with all connections to it. Its
// collation is that of American English, in which text sorts in another order than in SQLite.
func New(tb testing.TB) string {
	tb.Helper()
	server, created := create(tb)
	tb.Cleanup(func() {
		drop := "DROP DATABASE " + strings.TrimPrefix(created.Path, "/") + " WITH (FORCE)"
		if err := execute(context.WithoutCancel(tb.Context()), server, drop); err != nil {
			tb.Errorf("drop the database of the test: %v", err)
		}
	})
	return created.String()
}

func create(tb testing.TB) (server, created *url.URL) {
	tb.Helper()
	server, err := cluster()
	if err != nil {
		tb.Fatalf("PostgreSQL for tests: %v\nInstall it (Debian: apt-get install postgresql; make test does that as root), or "+
			"set %s.", err, addressVariable)
	}
	name := "riva_test_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	create := "CREATE DATABASE " + name + " TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'en-US'"
	if err := execute(tb.Context(), server, create); err != nil {
		tb.Fatalf("create a database for the test: %v", err)
	}
	address := *server
	address.Path = "/" + name
	return server, &address
}

func execute(ctx context.Context, address *url.URL, statement string) error {
	return connected(ctx, address, func(connection *pgx.Conn) error {
		_, err := connection.Exec(ctx, statement)
		return err
	})
}

func connected(ctx context.Context, address *url.URL, do func(*pgx.Conn) error) (err error) {
	connection, err := pgx.Connect(ctx, address.String())
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer func() { err = errors.Join(err, connection.Close(ctx)) }()
	return do(connection)
}
