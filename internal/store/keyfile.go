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

// OpenKeyset reads the keyset in the file, and makes a new one with mode 0600 if there is no such file; directories
// that are missing are made with mode 0700. Of several processes that find no file at the same time, one makes it and
// all use it. A file that group or others may read is refused, and so is one that does not hold keys: the error is a
// [KeysetFileError] then.
//
// Who opens a database that exists already uses [ReadKeyset]: a new keyset cannot open it.
func OpenKeyset(path string) (k Keyset, created bool, err error) {
	k, err = ReadKeyset(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return k, false, err
	}
	created, err = createKeysetFile(path)
	if err != nil {
		return Keyset{}, false, fmt.Errorf("create keyset: %w", err)
	}
	k, err = ReadKeyset(path)
	return k, created, err
}

// ReadKeyset reads the keyset in the file as [OpenKeyset] does, but makes none: the error is an [fs.ErrNotExist] then.
func ReadKeyset(path string) (_ Keyset, err error) {
	file, err := os.Open(path)
	if err != nil {
		return Keyset{}, fmt.Errorf("read keyset: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	info, err := file.Stat()
	if err != nil {
		return Keyset{}, fmt.Errorf("read keyset: %w", err)
	}
	if !info.Mode().IsRegular() {
		return Keyset{}, &KeysetFileError{Path: path, Reason: "is not a regular file: configure the path of a file"}
	}
	// Windows has no such bits; its files inherit the access rules of the user's directory.
	if open := info.Mode().Perm() & 0o077; open != 0 && runtime.GOOS != "windows" {
		return Keyset{}, &KeysetFileError{Path: path, Reason: fmt.Sprintf(
			"can be used by others than its owner (mode %04o): run chmod 600 %q", info.Mode().Perm(), path)}
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

// createKeysetFile tells whether it was this call that made the file. A link never replaces a file, so that the first
// of several processes wins, and the file is complete as soon as it has its name.
func createKeysetFile(path string) (created bool, err error) {
	content, err := newKeysetFile()
	if err != nil {
		return false, err
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return false, err
	}
	draft, err := writeTempFile(dir, content)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, os.Remove(draft)) }()
	switch err := os.Link(draft, path); {
	case errors.Is(err, fs.ErrExist):
		return false, nil
	case err != nil:
		return false, err
	}
	return true, syncDirectory(dir)
}

func writeTempFile(dir string, content []byte) (path string, err error) {
	// CreateTemp makes files with mode 0600.
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

// syncDirectory makes the new name durable: a database must not outlive its keyset in a power failure.
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
