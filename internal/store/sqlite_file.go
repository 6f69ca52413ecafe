package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// foldTimeout limits the wait for the last transaction when the database is closed.
const foldTimeout = 5 * time.Second

// statFile returns what identifies the file at the path. The file is not opened, see [OpenSQLite].
func statFile(path string) (os.FileInfo, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	// Windows reads the identity of a file when it is compared for the first time: it must not be that of a later file.
	os.SameFile(info, info)
	return info, nil
}

// intact returns a *[model.FileReplacedError] if the file at the path is not the open one. The operating system lets a process
// write to a file that was deleted or moved, and SQLite does not notice it: everything would be lost without an error.
func (d *sqliteDB) intact() error {
	if info, err := statFile(d.path); err != nil || !os.SameFile(info, d.file) {
		return &model.FileReplacedError{Path: d.path}
	}
	return nil
}

// close folds the write-ahead log into the database, so that a copy of the one file is complete.
func (d *sqliteDB) close(ctx context.Context) error {
	d.closing.Do(func() {
		ctx, cancel := context.WithTimeout(ctx, foldTimeout)
		defer cancel()
		d.closed = d.describe(errors.Join(d.reader.Close(), d.fold(ctx), d.writer.Close()))
		openDatabases.remove(d)
	})
	return d.closed
}

// fold writes the content of the write-ahead log into the database. While another process reads or writes, a part can be left:
// the last process that closes the database folds the rest. SQLite deletes the empty log, unless the database was moved: another
// file at the path can have a log of that name.
func (d *sqliteDB) fold(ctx context.Context) error {
	_, err := d.writer.ExecContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`)
	if err != nil && !isBusy(err) {
		return fmt.Errorf("fold the write-ahead log: %w", err)
	}
	return nil
}
