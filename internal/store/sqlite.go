package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

const (
	// maxReaders is how many connections can read at the same time.
	maxReaders = 8
	// busyTimeout is how long SQLite itself waits for a lock before the context is checked again.
	busyTimeout = 100 * time.Millisecond
	// busyRetryDelay is short, so that a gap between two transactions of another process is not missed.
	busyRetryDelay = 2 * time.Millisecond
	// maxLockWait is how long one operation waits for a lock of another process. Transactions take milliseconds, so a longer lock
	// is that of a stopped process or of another program.
	maxLockWait = 30 * time.Second
	// nextLockWait is how long the following operations wait: many operations in a row must not wait for 30 seconds each.
	nextLockWait = 2 * time.Second
)

// sqliteDB is a database in a file. All writes use one connection, so that goroutines of this process wait for each other
// without polling. Only waiting for other processes needs retries.
type sqliteDB struct {
	writer, reader *sql.DB
	// file is the file at path when it was opened.
	path string
	file os.FileInfo

	// gaveUp is true after an operation has waited too long, until a lock is acquired again.
	gaveUp atomic.Bool

	closing sync.Once
	closed  error
}

func openSQLiteFile(path string, file os.FileInfo) (*sqliteDB, error) {
	writer, err := sql.Open("sqlite", sqliteAddress(path, "_txlock=immediate"))
	if err != nil {
		return nil, err
	}
	writer.SetMaxOpenConns(1)
	reader, err := sql.Open("sqlite", sqliteAddress(path, "_query_only=1"))
	if err != nil {
		return nil, errors.Join(err, writer.Close())
	}
	reader.SetMaxOpenConns(maxReaders)
	reader.SetMaxIdleConns(maxReaders)
	db := &sqliteDB{writer: writer, reader: reader, path: path, file: file}
	openDatabases.add(db)
	return db, nil
}

// sqliteAddress is the name of the file with the settings of every connection to it. The journal mode is not one of them: it
// is a property of the file and is set once (see prepare).
func sqliteAddress(path string, more ...string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // a drive letter
	}
	parameters := append([]string{
		"mode=rw",
		fmt.Sprintf("_busy_timeout=%d", busyTimeout.Milliseconds()),
		"_foreign_keys=1",
		"_synchronous=FULL",
		"_pragma=secure_delete(1)",
		"_pragma=trusted_schema(0)",
		"_defensive=1",
		"_dqs=0",
		"_error_rc=1",
	}, more...)
	address := url.URL{Scheme: "file", Path: path, RawQuery: strings.Join(parameters, "&")}
	return address.String()
}

func (d *sqliteDB) name() string { return d.path }

// beginRead also takes the snapshot: after that, no read can fail because the database is busy.
func (d *sqliteDB) beginRead(ctx context.Context) (transaction, error) {
	var sqlTx *sql.Tx
	if err := d.intact(); err != nil { // the pool could open another file
		return nil, err
	}
	err := d.retryWhileBusy(ctx, func() (err error) {
		if sqlTx, err = d.reader.BeginTx(ctx, &sql.TxOptions{ReadOnly: true}); err != nil {
			return err
		}
		var tables int
		if err = sqlTx.QueryRowContext(ctx, `SELECT COUNT(*) FROM sqlite_master`).Scan(&tables); err != nil {
			return errors.Join(err, sqlTx.Rollback())
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return sqlTx, nil
}

// beginStatement does the same: a statement alone would have to be repeated while the database is busy.
func (d *sqliteDB) beginStatement(ctx context.Context) (transaction, error) { return d.beginRead(ctx) }

// beginWrite takes the write lock immediately: a transaction that reads first could fail when it starts to write. A file has only
// one lock, whatever the keys.
func (d *sqliteDB) beginWrite(ctx context.Context, _ ...model.WriteKey) (transaction, error) {
	var sqlTx *sql.Tx
	if err := d.intact(); err != nil {
		return nil, err
	}
	err := d.retryWhileBusy(ctx, func() (err error) {
		sqlTx, err = d.writer.BeginTx(ctx, nil)
		return err
	})
	if err != nil {
		return nil, err
	}
	return sqlTx, nil
}

func (d *sqliteDB) missingReference(err error) bool {
	return sqliteCode(err) == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY
}

func (*sqliteDB) conflicted(error) bool { return false }

func (*sqliteDB) jsonRows(columns string) string {
	return "json_group_array(json_array(" + columns + "))"
}

func (*sqliteDB) commitsInOrder() bool { return true }

// skipLocked returns nothing: no other transaction writes.
func (*sqliteDB) skipLocked() string { return "" }

func (*sqliteDB) clock() string { return "" }

func (*sqliteDB) convertDDL(statements string) string { return statements }

func (d *sqliteDB) describe(err error) error { return describeSQLiteError(d.path, err) }

// retryWhileBusy retries a function while another process holds a lock, until it succeeds, the context is canceled, or it has
// waited too long: then the error is a *[model.LockedError]. SQLite's own waiting ignores the context, stops at some point, and
// checks less often the longer it waits.
func (d *sqliteDB) retryWhileBusy(ctx context.Context, do func() error) error {
	began, limit := time.Now(), maxLockWait
	if d.gaveUp.Load() {
		limit = nextLockWait
	}
	for {
		err := do()
		if !isBusy(err) {
			if err == nil {
				d.gaveUp.Store(false)
			}
			return err
		}
		if waited := time.Since(began); waited >= limit {
			d.gaveUp.Store(true)
			return &model.LockedError{Path: d.path, Holder: lockHolder(d.path), Waited: waited}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for other processes to finish writing: %w", ctx.Err())
		case <-time.After(busyRetryDelay):
		}
	}
}

func isBusy(err error) bool {
	code := sqliteCode(err) & 0xff
	return code == sqlite3.SQLITE_BUSY || code == sqlite3.SQLITE_PROTOCOL
}

// sqliteCode returns the extended result code of the error, 0 if it is not an error of SQLite.
func sqliteCode(err error) int {
	var failure *sqlite.Error
	if !errors.As(err, &failure) {
		return 0
	}
	return failure.Code()
}
