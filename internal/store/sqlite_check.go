package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

const (
	// minDatabaseSize is the size of the smallest database that is not empty, in bytes.
	minDatabaseSize = 512
	// headerSize and applicationOffset are those of SQLite's file format, in bytes.
	headerSize        = 100
	applicationOffset = 68
	// maxPageCheck limits the check of the pages. It checks about 500 MiB a second.
	maxPageCheck = time.Second
)

var sqliteMagic = []byte("SQLite format 3\x00")

// openDatabases are the databases that this process has open. Closing a file releases all locks that the process has on it, so
// the files of these must not be opened and closed by anything but SQLite.
var openDatabases = &databaseSet{all: map[*sqliteDB]bool{}}

type databaseSet struct {
	mu  sync.Mutex
	all map[*sqliteDB]bool
}

func (s *databaseSet) add(d *sqliteDB) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all[d] = true
}

func (s *databaseSet) remove(d *sqliteDB) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.all, d)
}

// ifClosed calls a function while no database is opened, unless the file is open.
func (s *databaseSet) ifClosed(file fs.FileInfo, do func() error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for d := range s.all {
		if os.SameFile(d.file, file) {
			return nil
		}
	}
	return do()
}

// CheckSQLite looks at the files of a database before anything is created or changed. If a file at the path is not a database of
// this program, the error is an [ErrNotDatabase]. If something else than a file is where SQLite or this program has its files,
// the error is a *[NotFileError]. A missing or empty file is not an error.
func CheckSQLite(path string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return DescribeFileError(path, err)
	case irregular(info.Mode()) != "":
		return &NotDatabaseError{Path: path, Reason: irregular(info.Mode())}
	case info.Size() > 0:
		err = openDatabases.ifClosed(info, func() error { return checkHeader(path) })
		if err != nil {
			return err
		}
	}
	for _, suffix := range []string{lockSuffix, "-wal", "-shm", "-journal"} {
		if err := checkRegular(path + suffix); err != nil {
			return err
		}
	}
	return nil
}

// checkHeader reads the header of SQLite's file format. SQLite itself would treat a file that is shorter than its smallest page
// as empty, and would overwrite it.
func checkHeader(path string) (err error) {
	file, info, err := openFile(path)
	if err != nil {
		return DescribeFileError(path, err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	header := make([]byte, headerSize)
	if _, err := io.ReadFull(file, header); err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("read the header of %s: %w", path, err)
	}
	switch {
	case info.Size() < minDatabaseSize, !bytes.HasPrefix(header, sqliteMagic):
		return &NotDatabaseError{Path: path, Reason: notSQLite}
	case binary.BigEndian.Uint32(header[applicationOffset:]) != sqliteApplication:
		return &NotDatabaseError{Path: path, Reason: "is a database of another program"}
	}
	return nil
}

// checkPages finds damaged pages before the first of them is used. A database is checked as a whole if that takes less than a
// second; a damaged page that is not found then is an error of the transaction that reads it.
func (d *sqliteDB) checkPages(ctx context.Context) error {
	limited, cancel := context.WithTimeout(ctx, maxPageCheck)
	defer cancel()
	var found string
	err := d.writer.QueryRowContext(limited, `PRAGMA quick_check(1)`).Scan(&found)
	switch {
	case err != nil && limited.Err() != nil && ctx.Err() == nil:
		return nil
	case err != nil:
		return fmt.Errorf("check the pages: %w", orCanceled(ctx, err))
	case found != "ok":
		return &model.StorageError{Kind: model.StorageDamaged, Path: d.path, Err: errors.New(found)}
	}
	return nil
}
