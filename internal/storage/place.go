package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// KeysetPlaceError means that the file of the keyset must not be where it is, because others could get it.
type KeysetPlaceError struct {
	// Path is the file.
	Path string
	// Reason is the reason, and what to do about it.
	Reason string
}

func (e *KeysetPlaceError) Error() string { return fmt.Sprintf("keyset %s: %s", e.Path, e.Reason) }

// resolve returns the path without symbolic links. The end of the path need not exist.
func resolve(path string) (string, error) {
	resolved, err := filepath.EvalSymlinks(path)
	if err == nil || !errors.Is(err, fs.ErrNotExist) || filepath.Dir(path) == path {
		return resolved, err
	}
	parent, err := resolve(filepath.Dir(path))
	return filepath.Join(parent, filepath.Base(path)), err
}

// parents calls a function with the directories that a path is in, from the nearest to the root, until it returns true.
func parents(path string, found func(dir string) bool) (string, bool) {
	for dir := filepath.Dir(path); ; dir = filepath.Dir(dir) {
		if found(dir) {
			return dir, true
		}
		if dir == filepath.Dir(dir) {
			return "", false
		}
	}
}

// checkOutside returns an error if the file, without symbolic links, is in the data directory or is the data directory itself.
// Directories are compared by their identity: names can differ in case, and a directory can be mounted twice.
func checkOutside(dataDir, path, resolved string) error {
	dir, err := os.Stat(dataDir)
	missing := errors.Is(err, fs.ErrNotExist) // only a name can be compared then
	if err != nil && !missing {
		return fmt.Errorf("data directory: %w", err)
	}
	resolvedDir, err := resolve(dataDir)
	if err != nil {
		return fmt.Errorf("data directory: %w", err)
	}
	_, inside := parents(filepath.Join(resolved, "file"), func(parent string) bool {
		info, err := os.Stat(parent)
		return missing && parent == resolvedDir || err == nil && os.SameFile(info, dir)
	})
	if !inside {
		return nil
	}
	return &KeysetPlaceError{Path: path, Reason: "it must not be in the data directory, because a copy of the directory would " +
		"reveal the credentials: configure another path"}
}

// writableByOthers returns a warning for a directory in which other users can replace files; it is empty for every other one.
// What begins the sentence.
func writableByOthers(what, dir string) string {
	info, err := os.Stat(dir)
	if err != nil || runtime.GOOS == "windows" || info.Mode().Perm()&0o022 == 0 { // Windows has access rules instead
		return ""
	}
	next := fmt.Sprintf("run chmod go-w %q", dir)
	if info.Mode()&fs.ModeSticky != 0 { // a directory for everyone, such as /tmp
		next = "use a directory that only this user can write"
	}
	return fmt.Sprintf("%s, %s, can be written by other users than its owner (mode %04o): they can replace the files in it; %s.",
		what, dir, info.Mode().Perm(), next)
}

// CheckPlaces checks that a data directory can be created: it or the nearest directory above it is writable,
// and the keyset can be where it is configured.
func CheckPlaces(ctx context.Context, o Options) error {
	dir, err := filepath.Abs(o.DataDir)
	if err != nil {
		return &DataDirError{Path: o.DataDir, Reason: "its path is not valid", Err: err}
	}
	above, _ := parents(filepath.Join(dir, "file"), func(dir string) bool {
		_, err := os.Stat(dir)
		return err == nil
	})
	info, err := os.Stat(above)
	switch {
	case err != nil:
		return &DataDirError{Path: dir, Reason: "its parent directory cannot be read", Err: err}
	case !info.IsDir():
		return &DataDirError{Path: dir, Reason: above + " is a file: move it, or configure another data_dir"}
	case !writable(above):
		return &DataDirError{Path: dir, Reason: "this user cannot write " + above + ": create the data directory for this user, or " +
			"configure another data_dir"}
	}
	return checkNewKeyset(ctx, dir, o)
}
