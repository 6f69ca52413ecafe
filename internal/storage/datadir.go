package storage

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
)

const (
	databaseFile = "riva.db"
	// keysetIDFile has the id of the database's keyset, so that the keyset is found after the directory was moved.
	keysetIDFile  = "keyset-id"
	gitignoreFile = ".gitignore"
)

// DataDirError means that a data directory cannot be used.
type DataDirError struct {
	Path string
	// Reason is the reason, and what to do about it.
	Reason string
	Err    error
}

func (e *DataDirError) Error() string { return fmt.Sprintf("data directory %s: %s", e.Path, e.Reason) }

// Unwrap returns the error of the operating system, if there is one.
func (e *DataDirError) Unwrap() error { return e.Err }

// makeDataDir creates the directory if it does not exist. In an empty directory it creates a .gitignore, so that the database
// is not committed by mistake. A directory with other files is the user's own and is not changed.
func makeDataDir(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		if info, statErr := os.Stat(dir); statErr == nil && !info.IsDir() {
			return &DataDirError{Path: dir, Reason: "it is a file: move it, or configure another data_dir", Err: err}
		}
		if described := store.DescribeFileError(dir, err); described != err { //nolint:errorlint // the same one
			return described
		}
		return &DataDirError{Path: dir, Err: err, Reason: fmt.Sprintf(
			"it cannot be created (%v): create it for this user, or configure another data_dir", withoutPath(err))}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return &DataDirError{Path: dir, Err: err, Reason: fmt.Sprintf(
			"it cannot be read (%v): give this user access, or configure another data_dir", withoutPath(err))}
	}
	if len(entries) > 0 {
		return nil
	}
	return createFile(dir, gitignoreFile, "*\n")
}

// createFile creates a file, unless it exists. The file is complete as soon as it has its name.
func createFile(dir, name, content string) (err error) {
	defer func() { err = describeWriteError(dir, name, err) }()
	// CreateTemp creates files with mode 0600.
	draft, err := os.CreateTemp(dir, "."+name+"-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Remove(draft.Name())) }()
	_, err = draft.WriteString(content)
	if err := errors.Join(err, draft.Sync(), draft.Close()); err != nil {
		return err
	}
	if err := os.Link(draft.Name(), filepath.Join(dir, name)); !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// describeWriteError says why a file of the data directory cannot be created.
func describeWriteError(dir, name string, err error) error {
	if err == nil {
		return nil
	}
	if described := store.DescribeFileError(filepath.Join(dir, name), err); described != err { //nolint:errorlint // the same one
		return described
	}
	return &DataDirError{Path: dir, Err: err, Reason: fmt.Sprintf(
		"%s cannot be written (%v): check the disk, or configure another data_dir", name, withoutPath(err))}
}

// checkDatabaseExists returns an error for a directory without a database, before anything is created in it.
func checkDatabaseExists(dir, database string) error {
	exists, err := fileExists(database)
	switch {
	case err != nil:
		return &DataDirError{Path: dir, Err: err, Reason: fmt.Sprintf(
			"it cannot be read (%v): give this user access, or specify another directory", withoutPath(err))}
	case !exists:
		return &DataDirError{Path: dir, Err: fs.ErrNotExist, Reason: "it has no control plane: specify the data " +
			"directory that the provider uses"}
	}
	return nil
}

func fileExists(path string) (bool, error) {
	_, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// withoutPath returns the error of the operating system without the path: the message has it already.
func withoutPath(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		return path.Err
	case errors.As(err, &link):
		return link.Err
	}
	return err
}
