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
func (d *postgresDB) beginRead(ctx context.Context) (*sql.Tx, error) {
	return d.db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
}

// beginWrite takes the locks in the first statement. Each later one sees what was committed before it: with another isolation
// level, the snapshot would be older than the wait for the locks, and the transaction would fail.
func (d *postgresDB) beginWrite(ctx context.Context, keys ...model.WriteKey) (*sql.Tx, error) {
	sqlTx, err := d.db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelReadCommitted})
	if err != nil {
		return nil, err
	}
	statement, locks := lockStatement(keys)
	if _, err := sqlTx.ExecContext(ctx, statement, locks...); err != nil {
		return nil, errors.Join(err, ignoreDone(sqlTx.Rollback()))
	}
	return sqlTx, nil
}

// lockStatement takes the root lock alone, or shares it and takes the locks of the keys. All transactions take them in the same
// order, so that none waits for another one that waits for it.
func lockStatement(keys []model.WriteKey) (statement string, locks []any) {
	if len(keys) == 0 {
		return `SELECT pg_advisory_xact_lock($1)`, []any{lockWrite}
	}
	statement, locks = `SELECT pg_advisory_xact_lock_shared($1)`, []any{lockWrite}
	numbers := make([]int64, len(keys))
	for i, key := range keys {
		digest := sha256.Sum256([]byte(key))
		numbers[i] = int64(binary.BigEndian.Uint64(digest[:]))
	}
	slices.Sort(numbers)
	for _, number := range slices.Compact(numbers) {
		locks = append(locks, number)
		statement += `, pg_advisory_xact_lock($` + strconv.Itoa(len(locks)) + `)`
	}
	return statement, locks
}

// ignoreDone ignores that a transaction has ended already, as it does when its context is canceled.
func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}

// intact returns nil: after a commit, the server has what was committed.
func (*postgresDB) intact() error { return nil }

func (d *postgresDB) name() string { return d.place }

func (*postgresDB) missingReference(err error) bool { return pgCode(err) == pgForeignKeyViolation }

// clock does not use now(), which is the start of the transaction: it may have waited for a lock since.
func (*postgresDB) clock() string { return `SELECT clock_timestamp()` }

// textType is the type of a column. No other word of the migrations is in upper case and equal to it.
var textType = regexp.MustCompile(`\bTEXT\b`)

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
