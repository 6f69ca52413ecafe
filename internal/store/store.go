// Package store keeps everything the engine knows in a database, with credentials sealed.
//
// One set of queries serves every database: the SQL is what SQLite and PostgreSQL have in common, and the little that
// differs (opening, waiting for one's turn to write, telling errors apart) is behind the interface database. The
// engine's rules are not here; what is here is that the data stays whole, bounded and sealed:
//
//   - Writers take turns, over all processes that share the database, and readers go on meanwhile.
//   - Credentials are stored only as ciphertext that is tied to the database, the connection and what they were given
//     for. The keys are in a [Keyset], in a file that belongs somewhere else.
//   - What grows by itself is pruned as it is written: tests, re-validations, refusals, answers, candidates, cycles and
//     sync logs. Only the audit trail is kept for good.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// Store is an open database. It is safe for use by many goroutines, and other processes may have it open as well.
type Store struct {
	db         database
	keyset     Keyset
	instanceID string
	collisions []Collision
}

var _ model.Store = (*Store)(nil)

// database is what differs between databases.
type database interface {
	// beginRead starts a transaction that sees one state of the data and cannot write.
	beginRead(ctx context.Context) (*sql.Tx, error)
	// beginWrite waits until nobody else writes and starts a transaction that keeps it so.
	beginWrite(ctx context.Context) (*sql.Tx, error)
	// missingReference reports whether a statement failed because a row refers to one that is not there.
	missingReference(err error) bool
	close(ctx context.Context) error
}

// InstanceID identifies the database; it was made with it and never changes.
func (s *Store) InstanceID() string { return s.instanceID }

// View runs f in a read transaction: everything f reads is of one moment.
func (s *Store) View(ctx context.Context, f func(model.Tx) error) error {
	return s.run(ctx, s.db.beginRead, func(t *tx) error { return f(t) })
}

// Update runs f in a write transaction, one at a time over all processes. It waits for its turn as long as the context
// allows. If f returns an error, panics, or the context is cancelled, nothing of it is stored. f must not call Update.
func (s *Store) Update(ctx context.Context, f func(model.Tx) error) error {
	return s.run(ctx, s.db.beginWrite, func(t *tx) error { return f(t) })
}

type beginFunc func(context.Context) (*sql.Tx, error)

func (s *Store) run(ctx context.Context, begin beginFunc, f func(*tx) error) (err error) {
	began, err := begin(ctx)
	if err != nil {
		return fmt.Errorf("begin transaction: %w", orCanceled(ctx, err))
	}
	defer func() {
		// After a commit, or once the context was cancelled, it is done already.
		if end := began.Rollback(); end != nil && !errors.Is(end, sql.ErrTxDone) && ctx.Err() == nil {
			err = errors.Join(err, fmt.Errorf("roll back transaction: %w", end))
		}
	}()
	if err := f(&tx{tx: began, store: s}); err != nil {
		return err
	}
	if err := began.Commit(); err != nil {
		return fmt.Errorf("commit transaction: %w", orCanceled(ctx, err))
	}
	return nil
}

// Digest is a keyed digest for looking up. It does not depend on how the texts could be joined: ("ab", "c") and
// ("a", "bc") differ.
func (s *Store) Digest(purpose string, parts ...string) ([]byte, error) {
	return s.keyset.sum(purpose, parts...)
}

// Matches reports, in constant time, whether the digest was made of purpose and parts, with any key of the keyset.
func (s *Store) Matches(digest []byte, purpose string, parts ...string) bool {
	return s.keyset.matches(digest, purpose, parts...)
}

// Ping reports whether the database can be read.
func (s *Store) Ping(ctx context.Context) error {
	return s.View(ctx, func(model.Tx) error { return nil })
}

// Close closes the database, after the transaction that is being written. It may be called more than once.
func (s *Store) Close() error {
	if err := s.db.close(context.Background()); err != nil {
		return fmt.Errorf("close store: %w", err)
	}
	return nil
}

// orCanceled names the cancelled context as the cause, where a driver says only that it was interrupted.
func orCanceled(ctx context.Context, err error) error {
	if cause := ctx.Err(); cause != nil && !errors.Is(err, cause) {
		return fmt.Errorf("%w (%w)", cause, err)
	}
	return err
}
