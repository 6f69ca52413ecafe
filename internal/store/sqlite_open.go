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

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

const (
	lockSuffix = ".lock"
	// sqliteApplication marks the files of this program in SQLite's header ("Riva" in ASCII).
	sqliteApplication = 0x52697661

	notSQLite = "is not a SQLite database"
)

// OpenSQLite opens the database in the file. If the file does not exist, it creates it with mode 0600; its directory must
// exist. The tables are upgraded to the newest schema; for that, it needs to know what the credentials of each target system are
// bound to. Any number of processes can open and use the file at the same time.
//
// The errors that callers can distinguish are [ErrKeyset], [ErrNewer], [ErrNotDatabase], [NotFileError], [model.LockedError] and
// [model.StorageError]. In each of these cases nothing was changed. While the database is open, the process must not open the
// file in another way: closing it would release SQLite's locks.
func OpenSQLite(ctx context.Context, path string, keyset Keyset, systems target.Catalog) (*Store, error) {
	if !keyset.valid() {
		return nil, errors.New("open store: the keyset is empty")
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	s, err := openSQLite(ctx, path, keyset, systems)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", describe(path, err))
	}
	return s, nil
}

func openSQLite(ctx context.Context, path string, keyset Keyset, systems target.Catalog) (_ *Store, err error) {
	if err := CheckSQLite(path); err != nil { // before a lock file is created beside a foreign file
		return nil, err
	}
	unlock, err := lockFile(ctx, path+lockSuffix)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	if err := ensureFile(path); err != nil {
		return nil, err
	}
	file, err := statFile(path)
	if err != nil {
		return nil, err
	}
	db, err := openSQLiteFile(path, file)
	if err != nil {
		return nil, err
	}
	s := &Store{db: db, keyset: keyset, systems: systems}
	err = db.retryWhileBusy(ctx, func() error { return db.prepare(ctx, path) })
	if err == nil {
		err = db.retryWhileBusy(ctx, func() error { return s.migrate(ctx, goose.DialectSQLite3, db.writer, path) })
	}
	if err == nil {
		err = s.ensureInstance(ctx, path)
	}
	if err == nil {
		err = s.readCollisions(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, db.close(context.WithoutCancel(ctx)))
	}
	return s, nil
}

// lockFile prevents other processes from opening the database at the same time: only one may set the journal mode or change
// the tables. The file of the lock is not removed, since other processes may be waiting for it.
func lockFile(ctx context.Context, path string) (unlock func() error, err error) {
	lock := flock.New(path, flock.SetFlag(os.O_CREATE|os.O_RDWR|openNonBlocking))
	waiting, cancel := context.WithTimeout(ctx, maxLockWait)
	defer cancel()
	_, err = lock.TryLockContext(waiting, 5*time.Millisecond)
	if err != nil && waiting.Err() != nil && ctx.Err() == nil {
		return nil, &model.LockedError{Path: path, Holder: lockHolder(path), Waited: maxLockWait}
	}
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", path, DescribeFileError(path, err))
	}
	return lock.Unlock, nil
}

// ensureFile creates the file before SQLite does: SQLite gives its write-ahead log the same mode. An existing file is never
// opened here, see [OpenSQLite]. Its mode is corrected only if it is a database of this program.
func ensureFile(path string) error {
	if err := CheckSQLite(path); err != nil {
		return err
	}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
		if err != nil {
			return DescribeFileError(path, err)
		}
		return file.Close()
	}
	if err != nil {
		return err
	}
	if info.Mode().Perm()&0o077 != 0 && runtime.GOOS != "windows" {
		return DescribeFileError(path, os.Chmod(path, 0o600))
	}
	return nil
}

// prepare checks that the file belongs to this program and sets the journal mode.
func (d *sqliteDB) prepare(ctx context.Context, path string) error {
	if err := d.checkApplicationID(ctx, path); err != nil {
		return err
	}
	if err := d.checkPages(ctx); err != nil {
		return err
	}
	var mode string
	// With a write-ahead log, readers and the writer do not wait for each other.
	if err := d.writer.QueryRowContext(ctx, `PRAGMA journal_mode = WAL`).Scan(&mode); err != nil {
		return fmt.Errorf("set journal mode: %w", orCanceled(ctx, err))
	}
	if mode != "wal" {
		return fmt.Errorf("set journal mode: the file system of %s does not support write-ahead logs", path)
	}
	return nil
}

// checkApplicationID marks an empty database as one of this program. A database of another program is an error.
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
		return fmt.Errorf("write header: %w", orCanceled(ctx, err))
	}
	return nil
}

// describe replaces SQLite's codes by messages, and checks the usual reasons why a file cannot be opened.
func describe(path string, err error) error {
	if sqliteCode(err)&0xff == sqlite3.SQLITE_NOTADB {
		return &NotDatabaseError{Path: path, Reason: notSQLite}
	}
	if _, missing := os.Stat(filepath.Dir(path)); errors.Is(missing, fs.ErrNotExist) {
		return fmt.Errorf("the directory %s does not exist: %w", filepath.Dir(path), err)
	}
	return describeSQLiteError(path, err)
}
