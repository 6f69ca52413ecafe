package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/gofrs/flock"
	"github.com/pressly/goose/v3"
	sqlite3 "modernc.org/sqlite/lib"
)

const (
	// sqliteApplication marks the files of this program ("Riva" in ASCII) in SQLite's header.
	sqliteApplication = 0x52697661
	// minDatabaseSize is the size of the shortest database that is not empty, in bytes.
	minDatabaseSize = 512

	notSQLite = "is not a SQLite database"
)

// OpenSQLite opens the database in the file, and makes it with mode 0600 if there is no such file; its directory must
// exist. Tables are brought to the newest schema. Any number of processes may open and use the file at the same time.
//
// The errors to tell apart are [ErrKeyset], [ErrNewer] and [ErrNotDatabase]; in each case nothing was changed. While it
// is open, the process must not open the file in another way: closing it would drop SQLite's locks.
func OpenSQLite(ctx context.Context, path string, keyset Keyset) (*Store, error) {
	if !keyset.valid() {
		return nil, errors.New("open store: no keyset given")
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	s, err := openSQLite(ctx, path, keyset)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", describe(path, err))
	}
	return s, nil
}

func openSQLite(ctx context.Context, path string, keyset Keyset) (_ *Store, err error) {
	unlock, err := lockFile(ctx, path+".lock")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	if err := ensureFile(path); err != nil {
		return nil, err
	}
	db, err := openSQLiteFile(path)
	if err != nil {
		return nil, err
	}
	s := &Store{db: db, keyset: keyset}
	err = retryWhileBusy(ctx, func() error { return db.prepare(ctx, path) })
	if err == nil {
		err = s.checkInstance(ctx, path)
	}
	if err == nil {
		err = s.readCollisions(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, db.close(context.WithoutCancel(ctx)))
	}
	return s, nil
}

// lockFile keeps other processes from opening the database meanwhile: two must not switch its journal or change its
// tables at the same time. The lock's file stays, since removing it would race with those who wait for it.
func lockFile(ctx context.Context, path string) (unlock func() error, err error) {
	lock := flock.New(path)
	if _, err := lock.TryLockContext(ctx, 5*time.Millisecond); err != nil {
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	return lock.Unlock, nil
}

// ensureFile makes the file before SQLite does, which gives its write-ahead log the same mode as the file. A file that
// is there is never opened here, see [OpenSQLite].
func ensureFile(path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
		if err != nil {
			return err
		}
		return file.Close()
	}
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return &NotDatabaseError{Path: path, Reason: "is not a regular file"}
	}
	// SQLite would take what is shorter than its shortest page for an empty file and overwrite it.
	if size := info.Size(); size > 0 && size < minDatabaseSize {
		return &NotDatabaseError{Path: path, Reason: notSQLite}
	}
	if info.Mode().Perm()&0o077 != 0 && runtime.GOOS != "windows" {
		return os.Chmod(path, 0o600)
	}
	return nil
}

// prepare makes sure that the file is ours and brings journal and tables to what this version needs.
func (d *sqliteDB) prepare(ctx context.Context, path string) error {
	if err := d.checkApplicationID(ctx, path); err != nil {
		return err
	}
	var mode string
	// Readers of a write-ahead log do not wait for the writer, nor it for them.
	if err := d.writer.QueryRowContext(ctx, `PRAGMA journal_mode = WAL`).Scan(&mode); err != nil {
		return fmt.Errorf("switch journal mode: %w", orCanceled(ctx, err))
	}
	if mode != "wal" {
		return fmt.Errorf("switch journal mode: the file system of %s does not support write-ahead logs", path)
	}
	return migrate(ctx, goose.DialectSQLite3, d.writer, path)
}

// checkApplicationID marks an empty database as ours and refuses one that belongs to another program.
func (d *sqliteDB) checkApplicationID(ctx context.Context, path string) error {
	var application, tables int64
	if err := d.writer.QueryRowContext(ctx, `PRAGMA application_id`).Scan(&application); err != nil {
		return fmt.Errorf("read header: %w", orCanceled(ctx, err))
	}
	if application == sqliteApplication {
		return nil
	}
	if err := d.writer.QueryRowContext(ctx, `SELECT COUNT(*) FROM sqlite_master`).Scan(&tables); err != nil {
		return fmt.Errorf("read tables: %w", orCanceled(ctx, err))
	}
	if application != 0 || tables != 0 {
		return &NotDatabaseError{Path: path, Reason: "is a database of another program"}
	}
	if _, err := d.writer.ExecContext(ctx, fmt.Sprintf(`PRAGMA application_id = %d`, sqliteApplication)); err != nil {
		return fmt.Errorf("mark as ours: %w", orCanceled(ctx, err))
	}
	return nil
}

// describe says in words what SQLite says in codes, and looks for the usual reasons why a file cannot be opened.
func describe(path string, err error) error {
	switch sqliteCode(err) & 0xff {
	case sqlite3.SQLITE_NOTADB:
		return &NotDatabaseError{Path: path, Reason: notSQLite}
	case sqlite3.SQLITE_CORRUPT:
		return &NotDatabaseError{Path: path, Reason: "is damaged (restore it from a backup)"}
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
		return fmt.Errorf("%s cannot be written: %w", path, err)
	}
	if _, missing := os.Stat(filepath.Dir(path)); errors.Is(missing, fs.ErrNotExist) {
		return fmt.Errorf("the directory %s does not exist: %w", filepath.Dir(path), err)
	}
	return err
}
