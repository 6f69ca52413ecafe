package store

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	sqlite3 "modernc.org/sqlite/lib"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// probeSize is more than one write of the database, in bytes.
const probeSize = 64 << 10

// DescribeFileError returns a *[model.StorageError] with the path if the error is one of a full disk, a limit, a read-only place
// or a missing permission. It returns every other error as it is.
func DescribeFileError(path string, err error) error {
	if err == nil || isDescribed(err) {
		return err
	}
	if kind := fileErrorKind(err); kind != model.StorageFailed {
		return &model.StorageError{Kind: kind, Path: path, Err: err}
	}
	return err
}

func isDescribed(err error) bool {
	_, storage := errors.AsType[*model.StorageError](err)
	_, refused := errors.AsType[*model.DatabaseError](err)
	_, away := errors.AsType[*model.UnavailableError](err)
	return storage || refused || away
}

// describeSQLiteError does the same for the errors of SQLite, which have codes instead of causes: the cause is found by trying.
func describeSQLiteError(path string, err error) error {
	if err == nil || isDescribed(err) {
		return err
	}
	var kind model.StorageKind
	switch code := sqliteCode(err); code & 0xff {
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		kind = model.StorageDamaged
	case sqlite3.SQLITE_FULL:
		kind = writeErrorKind(path, model.StorageFull)
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		kind = accessErrorKind(path, model.StorageReadOnly)
	case sqlite3.SQLITE_CANTOPEN:
		kind = accessErrorKind(path, model.StorageFailed)
	case sqlite3.SQLITE_IOERR:
		if code == sqlite3.SQLITE_IOERR_SHORT_READ {
			kind = model.StorageDamaged
		} else {
			kind = writeErrorKind(path, model.StorageFailed)
		}
	default:
		return err
	}
	return &model.StorageError{Kind: kind, Path: path, Err: err}
}

// writeErrorKind finds out why the database could not be written, by writing another file beside it. The file itself must not
// be opened, see [OpenSQLite].
func writeErrorKind(path string, otherwise model.StorageKind) model.StorageKind {
	for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
		if info, err := os.Stat(path + suffix); err == nil && info.Size()+probeSize > maxFileSize() {
			return model.StorageSizeLimit
		}
	}
	if kind := fileErrorKind(probe(filepath.Dir(path))); kind != model.StorageFailed {
		return kind
	}
	return otherwise
}

// probe writes a file in the directory and removes it.
func probe(dir string) (err error) {
	file, err := os.CreateTemp(dir, ".probe-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close(), os.Remove(file.Name())) }()
	if _, err := file.Write(make([]byte, probeSize)); err != nil {
		return err
	}
	return file.Sync()
}

// accessErrorKind finds out why the database could not be opened for writing.
func accessErrorKind(path string, otherwise model.StorageKind) model.StorageKind {
	for _, at := range []string{path, filepath.Dir(path)} {
		if kind := fileErrorKind(checkWritable(at)); kind != model.StorageFailed {
			return kind
		}
	}
	return otherwise
}

// NotFileError means that something else is where a file should be.
type NotFileError struct {
	Path string
	// Reason says what it is instead.
	Reason string
}

func (e *NotFileError) Error() string {
	return fmt.Sprintf("%s %s: move it away or configure another path", e.Path, e.Reason)
}

// irregular says what is at a path instead of a file; it is empty for a file.
func irregular(mode fs.FileMode) string {
	switch {
	case mode.IsRegular():
		return ""
	case mode.IsDir():
		return "is a directory, not a file"
	case mode&fs.ModeNamedPipe != 0:
		return "is a named pipe, not a file"
	case mode&fs.ModeSocket != 0:
		return "is a socket, not a file"
	case mode&fs.ModeDevice != 0:
		return "is a device, not a file"
	}
	return "is not a regular file"
}

// checkRegular returns a *[NotFileError] if something else than a file is at the path. Opening a named pipe would wait forever.
func checkRegular(path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if what := irregular(info.Mode()); what != "" {
		return &NotFileError{Path: path, Reason: what}
	}
	return nil
}

// openFile opens a file for reading. It never waits: what is not a file is a *[NotFileError].
func openFile(path string) (*os.File, fs.FileInfo, error) {
	if err := checkRegular(path); err != nil { // opening a device can have an effect
		return nil, nil, err
	}
	file, err := os.OpenFile(path, os.O_RDONLY|openNonBlocking, 0)
	if err != nil {
		return nil, nil, err
	}
	info, err := file.Stat()
	if err == nil && irregular(info.Mode()) != "" {
		err = &NotFileError{Path: path, Reason: irregular(info.Mode())}
	}
	if err != nil {
		return nil, nil, errors.Join(err, file.Close())
	}
	return file, info, nil
}

// ReadFile returns the beginning of a file, at most limit bytes. It never waits: what is not a file is a *[NotFileError].
func ReadFile(path string, limit int64) (_ []byte, err error) {
	file, _, err := openFile(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	return io.ReadAll(io.LimitReader(file, limit))
}
