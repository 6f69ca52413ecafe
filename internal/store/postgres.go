package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// The keys of the transaction-level advisory locks. They are per database, and the first half says "Riva" in ASCII, so that
// other programs hardly use them.
const (
	lockWrite   int64 = 0x52697661<<32 + iota // the root: held by transactions that write
	lockMigrate                               // held while the tables are upgraded
)

// postgresDB is a database of a PostgreSQL server. It uses transaction-level locks only, and no state of a session that another
// session of a pooler could inherit.
type postgresDB struct {
	// db has the connections of requests, and leases those of what must not wait for requests. They can be the same.
	db, leases *sql.DB
	pool       *pgxpool.Pool
	// settings are statements at the beginning of each transaction, with a semicolon before each; empty without a pooler.
	settings string
	// place names the database in errors, see placeOf.
	place string

	closing sync.Once
	closed  error
}

// newPostgresDB divides the connections of a pool.
func newPostgresDB(pool *pgxpool.Pool, connections int, place string) *postgresDB {
	// What the pool lends stays with database/sql, so that a transaction does not have to ask two pools.
	part := func(connections int) *sql.DB {
		db := stdlib.OpenDBFromPool(pool)
		db.SetMaxOpenConns(connections)
		db.SetMaxIdleConns(connections)
		return db
	}
	d := &postgresDB{pool: pool, place: place}
	if connections == 1 {
		d.db = part(1)
		d.leases = d.db
		return d
	}
	reserved := max(1, connections/6)
	d.db, d.leases = part(connections-reserved), part(reserved)
	return d
}

// beginRead starts a transaction whose first statement takes the snapshot.
func (d *postgresDB) beginRead(ctx context.Context) (transaction, error) {
	return begin(ctx, d.db, `BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY`+d.settings)
}

// beginStatement leaves the beginning and the end of the transaction to the server.
func (d *postgresDB) beginStatement(ctx context.Context) (transaction, error) {
	if d.settings != "" {
		return d.beginRead(ctx)
	}
	return postgresStatement{d.db}, nil
}

// beginWrite takes the locks at once. Each later statement sees what was committed before it: with another isolation level, the
// snapshot would be older than the wait for the locks, and the transaction would fail.
func (d *postgresDB) beginWrite(ctx context.Context, keys ...model.WriteKey) (transaction, error) {
	db := d.db
	if slices.ContainsFunc(keys, model.WriteKey.OfLease) {
		db = d.leases
	}
	return begin(ctx, db, `BEGIN ISOLATION LEVEL READ COMMITTED`+d.settings+`; `+lockStatement(keys))
}

// lockStatement takes the root lock alone, or shares it and takes the locks of the keys. All transactions take them in the same
// order, so that none waits for another one that waits for it.
func lockStatement(keys []model.WriteKey) string {
	if len(keys) == 0 {
		return lockCall("pg_advisory_xact_lock", lockWrite)
	}
	numbers := make([]int64, 0, len(keys))
	for _, key := range keys {
		if key == model.AppendKey {
			continue // the shared root lock is enough
		}
		digest := sha256.Sum256([]byte(key))
		numbers = append(numbers, int64(binary.BigEndian.Uint64(digest[:])))
	}
	slices.Sort(numbers)
	calls := []string{lockCall("pg_advisory_xact_lock_shared", lockWrite)}
	for _, number := range slices.Compact(numbers) {
		calls = append(calls, lockCall("pg_advisory_xact_lock", number))
	}
	return strings.Join(calls, "; ")
}

func lockCall(function string, number int64) string {
	return "SELECT " + function + "(" + strconv.FormatInt(number, 10) + ")"
}

// intact returns nil: after a commit, the server has what was committed.
func (*postgresDB) intact() error { return nil }

func (d *postgresDB) name() string { return d.place }

func (*postgresDB) missingReference(err error) bool { return pgCode(err) == pgForeignKeyViolation }

// clock does not use now(), which is the start of the transaction: it may have waited for a lock since.
func (*postgresDB) clock() string { return `SELECT clock_timestamp()` }

// textType is the type of a column. No other word of the migrations is in upper case and equal to it.
var textType = regexp.MustCompile(`\bTEXT\b`)

func (*postgresDB) jsonRows(columns string) string {
	return "CAST(json_agg(json_build_array(" + columns + ")) AS TEXT)"
}

func (*postgresDB) commitsInOrder() bool { return false }

func (*postgresDB) skipLocked() string { return " FOR UPDATE SKIP LOCKED" }

// convertDDL gives each column of text the collation "C", which compares bytes, as SQLite does: ids, times and digests must sort
// alike whatever the locale of the database. SQLite does not have a collation of that name.
func (*postgresDB) convertDDL(statements string) string {
	return textType.ReplaceAllString(statements, `TEXT COLLATE "C"`)
}

// close waits for the connections that are in use.
func (d *postgresDB) close(context.Context) error {
	d.closing.Do(func() {
		d.closed = errors.Join(d.db.Close(), d.leases.Close())
		d.pool.Close()
	})
	return d.closed
}
