package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"regexp"
	"slices"
	"strconv"
	"sync"

	"github.com/jackc/pgx/v5/pgxpool"

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
	db   *sql.DB
	pool *pgxpool.Pool
	// place names the database in errors, see placeOf.
	place string

	closing sync.Once
	closed  error
}

// beginRead starts a transaction whose first statement takes the snapshot.
func (d *postgresDB) beginRead(ctx context.Context) (transaction, error) {
	return d.begin(ctx, `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY`)
}

// beginStatement leaves the beginning and the end of the transaction to the server.
func (d *postgresDB) beginStatement(context.Context) (transaction, error) {
	return postgresStatement{d.db}, nil
}

// beginWrite takes the locks at once. Each later statement sees what was committed before it: with another isolation level, the
// snapshot would be older than the wait for the locks, and the transaction would fail.
func (d *postgresDB) beginWrite(ctx context.Context, keys ...model.WriteKey) (transaction, error) {
	return d.begin(ctx, `BEGIN ISOLATION LEVEL READ COMMITTED; `+lockStatement(keys))
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
	statement := lockCall("pg_advisory_xact_lock_shared", lockWrite)
	for _, number := range slices.Compact(numbers) {
		statement += "; " + lockCall("pg_advisory_xact_lock", number)
	}
	return statement
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
		d.closed = d.db.Close()
		d.pool.Close()
	})
	return d.closed
}
