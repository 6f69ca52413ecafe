package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

const (
	// maxReaders bounds the connections that read at the same time.
	maxReaders = 8
	// busyTimeout is how long SQLite itself waits for a lock before the context is looked at again.
	busyTimeout = 100 * time.Millisecond
	// busyRetryDelay is short, so that the gap between two transactions of another process is found.
	busyRetryDelay = 2 * time.Millisecond
)

// sqliteDB is a database in a file. All writes go through one connection, so that goroutines take turns without
// polling; only other processes are waited for by trying again.
type sqliteDB struct {
	writer, reader *sql.DB

	closing sync.Once
	closed  error
}

func openSQLiteFile(path string) (*sqliteDB, error) {
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
	return &sqliteDB{writer: writer, reader: reader}, nil
}

// sqliteAddress names the file and how every connection to it is set up. The journal mode is not part of it: it is a
// property of the file, and switching to it is done once (see prepare).
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

// beginRead also takes the snapshot: once it is there, no reader can be told that the database is busy.
func (d *sqliteDB) beginRead(ctx context.Context) (*sql.Tx, error) {
	var began *sql.Tx
	err := retryWhileBusy(ctx, func() (err error) {
		if began, err = d.reader.BeginTx(ctx, &sql.TxOptions{ReadOnly: true}); err != nil {
			return err
		}
		var tables int
		if err = began.QueryRowContext(ctx, `SELECT COUNT(*) FROM sqlite_master`).Scan(&tables); err != nil {
			return errors.Join(err, began.Rollback())
		}
		return nil
	})
	return began, err
}

// beginWrite takes the write lock at once: a transaction that reads first and writes later could be refused then.
func (d *sqliteDB) beginWrite(ctx context.Context) (*sql.Tx, error) {
	var began *sql.Tx
	err := retryWhileBusy(ctx, func() (err error) {
		began, err = d.writer.BeginTx(ctx, nil)
		return err
	})
	return began, err
}

func (d *sqliteDB) missingReference(err error) bool {
	return sqliteCode(err) == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY
}

// close empties the write-ahead log into the database, unless another process still reads from it.
func (d *sqliteDB) close(ctx context.Context) error {
	d.closing.Do(func() {
		d.closed = d.reader.Close()
		_, err := d.writer.ExecContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`)
		if isBusy(err) {
			err = nil
		}
		d.closed = errors.Join(d.closed, err, d.writer.Close())
	})
	return d.closed
}

// retryWhileBusy repeats what another process's lock keeps from being done, until it is done or the context is cancelled.
// SQLite's own waiting knows no context and gives up at some point; and the longer it waits, the rarer it asks.
func retryWhileBusy(ctx context.Context, do func() error) error {
	for {
		err := do()
		if !isBusy(err) {
			return err
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

// sqliteCode is the extended result code in the error, 0 if it is none of SQLite's.
func sqliteCode(err error) int {
	var failure *sqlite.Error
	if !errors.As(err, &failure) {
		return 0
	}
	return failure.Code()
}
