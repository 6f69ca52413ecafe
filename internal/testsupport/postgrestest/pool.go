package postgrestest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Pool lends databases with tables to tests, one after the other: to create one takes ten times as long as to empty one.
type Pool struct {
	mu   sync.Mutex
	free []string
}

// Lend returns the address of a database with empty tables. Fill gives a new database its tables. After a test that passed, all
// rows are deleted, except those of the tables that are named, and the next test gets the database. In a cluster that does
// not end with this process, each test gets a new one.
func (p *Pool) Lend(tb testing.TB, fill func(tb testing.TB, address string), keep ...string) string {
	tb.Helper()
	if os.Getenv(addressVariable) != "" {
		address := New(tb)
		fill(tb, address)
		return address
	}
	address := p.take()
	if address == "" {
		_, created := create(tb)
		address = created.String()
		fill(tb, address)
	}
	tb.Cleanup(func() {
		if tb.Failed() {
			return // whatever still uses the database must not disturb the next test
		}
		if err := deleteRows(context.WithoutCancel(tb.Context()), address, keep); err != nil {
			tb.Errorf("empty the database of the test: %v", err)
			return
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		p.free = append(p.free, address)
	})
	return address
}

func (p *Pool) take() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.free) == 0 {
		return ""
	}
	last := p.free[len(p.free)-1]
	p.free = p.free[:len(p.free)-1]
	return last
}

// deleteRows deletes from all tables in one statement, so that references between them do not matter. TRUNCATE takes longer.
func deleteRows(ctx context.Context, address string, keep []string) error {
	parsed, err := url.Parse(address)
	if err != nil {
		return err
	}
	return connected(ctx, parsed, func(connection *pgx.Conn) error {
		rows, err := connection.Query(ctx, `SELECT format('d%s AS (DELETE FROM %I.%I)', row_number() OVER (), schemaname, tablename)
			FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND tablename <> ALL ($1)`, keep)
		if err != nil {
			return fmt.Errorf("list the tables: %w", err)
		}
		deletions, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return fmt.Errorf("list the tables: %w", err)
		}
		_, err = connection.Exec(ctx, `WITH `+strings.Join(deletions, ", ")+` SELECT 1`)
		return err
	})
}
