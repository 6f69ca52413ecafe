// Package store reads and writes the rows of the database behind model.Store. A line of code belongs here if it is about a
// row: a table and its columns, a query, a transaction, a migration, or how credentials are sealed before they are stored.
// What may be stored, and when, is a rule of package engine.
//
// One set of queries works on every database: the SQL is the common part of SQLite and PostgreSQL. The differences (opening,
// waiting to write, collations, classifying errors) are behind the interface database. The package guarantees that the data stays
// consistent, bounded and sealed:
//
//   - Only one transaction writes at a time, over all processes that share the database, unless it says what it writes, see
//     [model.WriteKey]. Reading continues in the meantime.
//   - Credentials are stored only as ciphertext that is bound to the database, to the connection, to the submission, to
//     the settings that decide where and how they are sent, and to the authentication scheme that proved them. The keys are in a
//     [Keyset], in a file outside the data directory.
//     The secrets of a saved connection, also those that its target system rotated, are in the table credentials. The table
//     rotated_credentials has only submitted credentials that were rotated before they were saved, for 24 hours.
//   - Records that accumulate are pruned when new ones are written: tests, re-validations, rejected sign-ins, idempotency
//     records, unequal comparisons, used assertions, cycles and sync logs. Only audit events are kept permanently.
//   - Every list has a limit.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/pressly/goose/v3"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// Store is an open database. It is safe for concurrent use, and other processes can have the database open as well.
type Store struct {
	db         database
	keyset     Keyset
	systems    target.Catalog
	instanceID string
	collisions []Collision
	migration  Migration
	// known is the newest schema version that this program supports.
	known int64
}

var _ model.Store = (*Store)(nil)

// database has the operations that differ between databases.
type database interface {
	// beginRead starts a transaction that reads a snapshot and cannot write.
	beginRead(ctx context.Context) (transaction, error)
	// beginStatement is beginRead for one statement.
	beginStatement(ctx context.Context) (transaction, error)
	// beginWrite waits until no other transaction writes, and starts one that blocks other writers. With keys, it may do so only
	// for transactions without keys or with one of these.
	beginWrite(ctx context.Context, keys ...model.WriteKey) (transaction, error)
	// conflicted reports whether a transaction failed only because of another one that ran at the same time.
	conflicted(err error) bool
	// jsonRows aggregates the rows of a sub-query into one text of JSON, see rowsColumn. Columns are names, separated by commas.
	jsonRows(columns string) string
	// commitsInOrder reports whether transactions that write are committed in the order in which they began.
	commitsInOrder() bool
	// skipLocked ends a query for rows to prune: it leaves out those that another transaction changes, so that it never waits.
	skipLocked() string
	// intact returns an error if what was committed is not in the database that the next process opens. The beginning of a
	// transaction includes this check.
	intact() error
	// missingReference reports whether a statement failed because a row refers to one that does not exist.
	missingReference(err error) bool
	// clock returns the statement that reads the server's clock; empty if the database has no server.
	clock() string
	// convertDDL makes the common statements that create tables and columns those of this database.
	convertDDL(statements string) string
	// describe returns a *[model.StorageError] for an error of the disk, and every other error as it is.
	describe(err error) error
	// name names the database in messages.
	name() string
	// queueMigration makes the tables of the queue of cycles, if there is a server.
	queueMigration() *goose.GoFunc
	close(ctx context.Context) error
}

// transaction is what a [*sql.Tx] can do.
type transaction interface {
	ExecContext(ctx context.Context, statement string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, statement string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, statement string, args ...any) *sql.Row
	Commit() error
	Rollback() error
}

// InstanceID identifies the database. It is created with the database and never changes.
func (s *Store) InstanceID() string { return s.instanceID }

// View runs f in a read transaction: f reads one snapshot of the data.
func (s *Store) View(ctx context.Context, f func(model.Tx) error) error {
	return s.run(ctx, s.db.beginRead, func(t *tx) error { return f(t) })
}

// Read runs f, which runs one statement: what it reads is one snapshot. A second statement is an error.
func (s *Store) Read(ctx context.Context, f func(model.Tx) error) error {
	return s.run(ctx, s.db.beginStatement, func(t *tx) error {
		t.single = true
		return f(t)
	})
}

// Update runs f in a write transaction, one at a time over all processes. It waits for other writers until the context is
// done, but for other processes at most 30 seconds: then the error is a *[model.LockedError]. If f returns an error or panics,
// or the context is canceled, nothing is stored. f must not call Update. If the file of the database is no longer at its path,
// the error is a *[model.FileReplacedError]; if the disk fails or is full, it is a *[model.StorageError]; if the server of the
// database does not answer in time, it is a *[model.UnavailableError].
//
// With keys, transactions with other keys may run at the same time, and f may be called again, at most three times.
func (s *Store) Update(ctx context.Context, f func(model.Tx) error, keys ...model.WriteKey) error {
	if len(s.collisions) > 0 {
		keys = nil // a change of one name can change others, see clearCollisions
	}
	for conflicts := 0; ; conflicts++ {
		err := s.run(ctx, s.beginWrite(keys...), func(t *tx) error { return f(t) })
		if len(keys) == 0 || conflicts == maxConflicts || !s.db.conflicted(err) {
			return err
		}
	}
}

// maxConflicts is how often a transaction is run again.
const maxConflicts = 3

func (s *Store) beginWrite(keys ...model.WriteKey) beginFunc {
	return func(ctx context.Context) (transaction, error) { return s.db.beginWrite(ctx, keys...) }
}

type beginFunc func(context.Context) (transaction, error)

func (s *Store) run(ctx context.Context, begin beginFunc, f func(*tx) error) (err error) {
	defer func() { err = s.db.describe(err) }()
	begun, err := begin(ctx)
	if err != nil {
		return fmt.Errorf("begin transaction: %w", orCanceled(ctx, err))
	}
	defer func() {
		// After a commit, and after the context was canceled, the transaction has already ended.
		if end := begun.Rollback(); end != nil && !errors.Is(end, sql.ErrTxDone) && ctx.Err() == nil {
			err = errors.Join(err, fmt.Errorf("roll back transaction: %w", end))
		}
	}()
	t := &tx{tx: begun, store: s}
	committed := false
	defer func() {
		for _, ended := range t.ended {
			ended(committed)
		}
	}()
	if err := f(t); err != nil {
		return err
	}
	if err := begun.Commit(); err != nil {
		return fmt.Errorf("commit transaction: %w", orCanceled(ctx, err))
	}
	if err := s.db.intact(); err != nil {
		return fmt.Errorf("check the database after the commit: %w", err)
	}
	committed = true
	return nil
}

// Digest returns a keyed digest for lookups. It includes where each text ends: ("ab", "c") and ("a", "bc") give different
// digests.
func (s *Store) Digest(purpose string, parts ...string) ([]byte, error) {
	return s.keyset.sum(purpose, parts...)
}

// Matches reports, in constant time, whether the digest was made from purpose and parts, with any key of the keyset.
func (s *Store) Matches(digest []byte, purpose string, parts ...string) bool {
	return s.keyset.matches(digest, purpose, parts...)
}

// Ping reports whether the database can be read.
func (s *Store) Ping(ctx context.Context) error {
	return s.run(ctx, s.db.beginStatement, func(t *tx) error {
		_, err := t.exec(ctx, "ping", `SELECT 1`)
		return err
	})
}

// Close closes the database after the current write transaction. It can be called more than once.
func (s *Store) Close() error {
	if err := s.db.close(context.Background()); err != nil {
		return fmt.Errorf("close store: %w", err)
	}
	return nil
}

// orCanceled reports the canceled context as the cause, where a driver reports only an interruption.
func orCanceled(ctx context.Context, err error) error {
	if cause := ctx.Err(); cause != nil && !errors.Is(err, cause) {
		return fmt.Errorf("%w (%w)", cause, err)
	}
	return err
}
