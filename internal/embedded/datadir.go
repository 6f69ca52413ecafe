package embedded

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

const (
	databaseFile = "riva.db"
	// keysetIDFile names the keyset that belongs to the database, so that the two find each other again when the directory
	// moves.
	keysetIDFile  = "keyset-id"
	gitignoreFile = ".gitignore"
)

// DataDirError says why a data directory cannot be used.
type DataDirError struct {
	Path string
	// Reason is what is wrong and what to do about it.
	Reason string
	Err    error
}

func (e *DataDirError) Error() string { return fmt.Sprintf("data directory %s: %s", e.Path, e.Reason) }

// Unwrap gives the reason, if the operating system gave one.
func (e *DataDirError) Unwrap() error { return e.Err }

// makeDataDir makes the directory if it is not there. One that has nothing in it gets a .gitignore, so that nobody commits
// a database; one with other things in it is somebody's own and is left as it is.
func makeDataDir(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		problem := fmt.Sprintf("it cannot be made (%v): create it for this user, or configure another data_dir", withoutPath(err))
		if info, statErr := os.Stat(dir); statErr == nil && !info.IsDir() {
			problem = "it is a file: move it away, or configure another data_dir"
		}
		return &DataDirError{Path: dir, Reason: problem, Err: err}
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

// createFile makes a file that is complete as soon as it has its name, unless somebody made one before.
func createFile(dir, name, content string) (err error) {
	defer func() {
		if err != nil {
			err = &DataDirError{Path: dir, Err: err, Reason: fmt.Sprintf(
				"%s cannot be written (%v): make it writable for this user, or configure another data_dir", name, withoutPath(err))}
		}
	}()
	// CreateTemp makes files with mode 0600.
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

// checkDatabaseExists refuses a directory without a database, before anything is made in it.
func checkDatabaseExists(dir, database string) error {
	exists, err := fileExists(database)
	switch {
	case err != nil:
		return &DataDirError{Path: dir, Err: err, Reason: fmt.Sprintf(
			"it cannot be read (%v): give this user access, or name another one", withoutPath(err))}
	case !exists:
		return &DataDirError{Path: dir, Err: fs.ErrNotExist, Reason: "there is no control plane in it: name the data " +
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

// withoutPath is what the operating system said, without the path that the message has already.
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
