package store_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
)

// replacements are what can happen to the file of an open database.
var replacements = map[string]func(t *testing.T, path string, keyset store.Keyset) error{
	"directory deleted": func(_ *testing.T, path string, _ store.Keyset) error { return os.RemoveAll(filepath.Dir(path)) },
	"file deleted":      func(_ *testing.T, path string, _ store.Keyset) error { return os.Remove(path) },
	"file moved":        func(_ *testing.T, path string, _ store.Keyset) error { return os.Rename(path, path+".bak") },
	"directory moved": func(_ *testing.T, path string, _ store.Keyset) error {
		return os.Rename(filepath.Dir(path), filepath.Dir(path)+"-moved")
	},
	"replaced by another database": func(t *testing.T, path string, keyset store.Keyset) error {
		t.Helper()
		other := filepath.Join(t.TempDir(), "other.db")
		closeStore(t, openAt(t, other, keyset))
		return os.Rename(other, path)
	},
}

func wantReplaced(t *testing.T, what string, err error, path string) {
	t.Helper()
	var replaced *model.FileReplacedError
	if !errors.As(err, &replaced) || replaced.Path != path || !strings.Contains(err.Error(), path) ||
		!strings.Contains(err.Error(), "put the file back") {
		t.Errorf("%s: %v", what, err)
	}
}

func TestReplacedFileFailsTransactions(t *testing.T) {
	t.Parallel()
	for name, replace := range replacements {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path, keyset := filepath.Join(t.TempDir(), "data", "riva.db"), newKeyset(t)
			if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			s := openAt(t, path, keyset)
			insertConnections(t, s, plainConnection(t, "first"))
			if err := replace(t, path, keyset); err != nil {
				t.Fatal(err)
			}
			nothing := func(model.Tx) error { t.Error("the transaction ran"); return nil }
			wantReplaced(t, "write", s.Update(t.Context(), nothing), path)
			wantReplaced(t, "read", s.View(t.Context(), nothing), path)
		})
	}
}

func TestFileReplacedDuringWriteFailsIt(t *testing.T) {
	t.Parallel()
	for name, replace := range replacements {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path, keyset := filepath.Join(t.TempDir(), "data", "riva.db"), newKeyset(t)
			if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			s := openAt(t, path, keyset)
			var committed []bool
			err := s.Update(t.Context(), func(tx model.Tx) error {
				tx.OnEnd(func(c bool) { committed = append(committed, c) })
				return errors.Join(tx.InsertConnection(t.Context(), plainConnection(t, "mail")), replace(t, path, keyset))
			})
			wantReplaced(t, "write", err, path)
			equal(t, "reported as committed", committed, []bool{false})
		})
	}
}

func TestFilePutBackCanBeUsed(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "riva.db")
	s := openAt(t, path, newKeyset(t))
	if err := os.Rename(path, path+".bak"); err != nil {
		t.Fatal(err)
	}
	wantReplaced(t, "write", s.Update(t.Context(), func(model.Tx) error { return nil }), path)
	if err := os.Rename(path+".bak", path); err != nil {
		t.Fatal(err)
	}
	insertConnections(t, s, plainConnection(t, "mail"))
}

// The write-ahead log is deleted by its name: it must not be that of another database.
func TestCloseKeepsLogOfReplacement(t *testing.T) {
	t.Parallel()
	path, keyset := filepath.Join(t.TempDir(), "data", "riva.db"), newKeyset(t)
	dir := filepath.Dir(path)
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	first := openAt(t, path, keyset)
	insertConnections(t, first, plainConnection(t, "mail"))
	if err := errors.Join(os.RemoveAll(dir), os.Mkdir(dir, 0o700)); err != nil {
		t.Fatal(err)
	}
	second := openAt(t, path, keyset)
	insertConnections(t, second, plainConnection(t, "mail"))
	before, err := os.Stat(path + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	closeStore(t, first)
	if after, err := os.Stat(path + "-wal"); err != nil || !os.SameFile(before, after) {
		t.Errorf("the log of the new database: %v", err)
	}
	insertConnections(t, second, plainConnection(t, "other"))
}

// wantComplete checks that a copy of the database file alone has so many connections.
func wantComplete(t *testing.T, path string, keyset store.Keyset, want int) {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	alone := filepath.Join(t.TempDir(), "riva.db")
	if err := os.WriteFile(alone, content, 0o600); err != nil {
		t.Fatal(err)
	}
	equal(t, "connections in the copy", countConnections(t, openAt(t, alone, keyset)), want)
}

func TestCloseFoldsLogIntoFile(t *testing.T) {
	t.Parallel()
	path, keyset := filepath.Join(t.TempDir(), "riva.db"), newKeyset(t)
	first, second := openAt(t, path, keyset), openAt(t, path, keyset)
	insertConnections(t, first, plainConnection(t, "one"))
	insertConnections(t, second, plainConnection(t, "two"))
	reading := second.View(t.Context(), func(model.Tx) error {
		insertConnections(t, first, plainConnection(t, "three"))
		return first.Close() // not an error, although a part of the log is still in use
	})
	if reading != nil {
		t.Fatal(reading)
	}
	closeStore(t, second)
	if _, err := os.Stat(path + "-wal"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the last one left the log: %v", err)
	}
	wantComplete(t, path, keyset, 3)
}

func TestCloseFoldsLogWhileOthersAreIdle(t *testing.T) {
	t.Parallel()
	path, keyset := filepath.Join(t.TempDir(), "riva.db"), newKeyset(t)
	first, idle := openAt(t, path, keyset), openAt(t, path, keyset)
	insertConnections(t, first, plainConnection(t, "one"))
	equal(t, "connections", countConnections(t, idle), 1)
	closeStore(t, first)
	if info, err := os.Stat(path + "-wal"); err != nil || info.Size() != 0 {
		t.Errorf("the log: %v, %v", info, err)
	}
}
