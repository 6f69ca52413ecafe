package store

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// maxKeysetFile is far more than hundreds of rotated keys need.
const maxKeysetFile = 1 << 20

// OpenKeyset reads the keyset from the file. If the file does not exist, it creates one with mode 0600; missing directories
// are created with mode 0700. If several processes find no file at the same time, one of them creates it and all use it. A
// file that group or others can access, or that does not contain keys, is a [KeysetFileError].
//
// To open a database that exists, use [ReadKeyset]: a new keyset cannot open it.
func OpenKeyset(path string) (k Keyset, created bool, err error) {
	k, err = ReadKeyset(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return k, false, err
	}
	created, err = createKeysetFile(path)
	if err != nil {
		return Keyset{}, false, fmt.Errorf("create keyset: %w", DescribeFileError(path, err))
	}
	k, err = ReadKeyset(path)
	return k, created, err
}

// CreateKeyset creates a keyset in the file, as [OpenKeyset] does. If the file exists, it is not changed, and the error is an
// [fs.ErrExist].
func CreateKeyset(path string) error {
	created, err := createKeysetFile(path)
	switch {
	case err != nil:
		return fmt.Errorf("create keyset: %w", DescribeFileError(path, err))
	case !created:
		return fs.ErrExist
	}
	return nil
}

// ReadKeyset reads the keyset from the file, as [OpenKeyset] does, but never creates it: a missing file is an
// [fs.ErrNotExist].
func ReadKeyset(path string) (_ Keyset, err error) {
	file, info, err := openFile(path)
	if other, ok := errors.AsType[*NotFileError](err); ok {
		return Keyset{}, &KeysetFileError{Path: path, Reason: other.Reason + ": configure the path of a file"}
	}
	if err != nil {
		return Keyset{}, fmt.Errorf("read keyset: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	// Windows does not have these bits; its files inherit the access rules of the user's directory.
	if open := info.Mode().Perm() & 0o077; open != 0 && runtime.GOOS != "windows" {
		return Keyset{}, &KeysetFileError{Path: path, Reason: fmt.Sprintf(
			"can be used by other users than its owner (mode %04o): run chmod 600 %q", info.Mode().Perm(), path)}
	}
	content, err := io.ReadAll(io.LimitReader(file, maxKeysetFile))
	if err != nil {
		return Keyset{}, fmt.Errorf("read keyset: %w", err)
	}
	k, err := parseKeysetFile(content)
	if err != nil {
		return Keyset{}, &KeysetFileError{Path: path, Reason: err.Error()}
	}
	return k, nil
}

// createKeysetFile reports whether this call created the file. A link never replaces a file: the first of several processes
// wins, and the file is complete as soon as it has its name.
func createKeysetFile(path string) (created bool, err error) {
	content, err := newKeysetFile()
	if err != nil {
		return false, err
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return false, err
	}
	temp, err := writeTempFile(dir, content)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, os.Remove(temp)) }()
	switch err := os.Link(temp, path); {
	case errors.Is(err, fs.ErrExist):
		return false, nil
	case err != nil:
		return false, err
	}
	return true, syncDirectory(dir)
}

func writeTempFile(dir string, content []byte) (path string, err error) {
	// CreateTemp creates files with mode 0600.
	file, err := os.CreateTemp(dir, ".keyset-*")
	if err != nil {
		return "", err
	}
	_, err = file.Write(content)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return "", errors.Join(err, os.Remove(file.Name()))
	}
	return file.Name(), nil
}

// syncDirectory makes the new name durable: after a power failure there must be no database without its keyset.
func syncDirectory(path string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}
