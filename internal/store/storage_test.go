package store_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
)

func wantStorageError(t *testing.T, err error, kind model.StorageKind, path string) {
	t.Helper()
	var storage *model.StorageError
	if !errors.As(err, &storage) || storage.Kind != kind || storage.Path != path || !strings.Contains(err.Error(), path) {
		t.Errorf("error %v, want one of kind %d that names %s", err, kind, path)
	}
}

// insertMany inserts connections in one transaction until it fails, at most so many.
func insertMany(t *testing.T, s *store.Store, n int) error {
	t.Helper()
	return s.Update(t.Context(), func(tx model.Tx) error {
		for i := range n {
			if err := tx.InsertConnection(t.Context(), plainConnection(t, strconv.Itoa(i))); err != nil {
				return err
			}
		}
		return nil
	})
}

func TestForeignFilesAreNotTouched(t *testing.T) {
	t.Parallel()
	for name, create := range map[string]func(t *testing.T, path string){
		"text": func(t *testing.T, path string) {
			t.Helper()
			if err := os.WriteFile(path, []byte(strings.Repeat("not a database\n", 100)), 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"short text": func(t *testing.T, path string) {
			t.Helper()
			if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"database of another program": func(t *testing.T, path string) {
			t.Helper()
			tamper(t, path, `CREATE TABLE songs (title TEXT)`)
		},
		"marked database of another program": func(t *testing.T, path string) {
			t.Helper()
			tamper(t, path, `PRAGMA application_id = 7; PRAGMA journal_mode = WAL`)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path := filepath.Join(dir, "riva.db")
			create(t, path)
			if err := os.Chmod(path, 0o644); err != nil {
				t.Fatal(err)
			}
			before, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := store.OpenSQLite(t.Context(), path, newKeyset(t), nil); !errors.Is(err, store.ErrNotDatabase) {
				t.Errorf("error %v", err)
			}
			if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
				t.Errorf("the content was changed, or error %v", err)
			}
			info, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			if runtime.GOOS != "windows" {
				equal(t, "mode", info.Mode().Perm(), fs.FileMode(0o644))
			}
			if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
				t.Errorf("files beside it: %v, %v", entries, err)
			}
		})
	}
}

// A file that this process has open must not be opened in another way: SQLite's locks would be lost.
func TestOpenDatabaseKeepsItsLocks(t *testing.T) {
	t.Parallel()
	path, keyset := filepath.Join(t.TempDir(), "riva.db"), newKeyset(t)
	first := openAt(t, path, keyset)
	change(t, first, func(model.Tx) error {
		second := openAt(t, path, keyset)
		closeStore(t, second)
		return store.CheckSQLite(path)
	})
	if _, err := os.Stat(path + "-wal"); err != nil {
		t.Errorf("the write-ahead log was removed although the database is open: %v", err)
	}
	insertConnections(t, first, plainConnection(t, "mail"))
}

func TestDirectoriesInPlaceOfFilesAreErrors(t *testing.T) {
	t.Parallel()
	for _, suffix := range []string{"", ".lock", "-wal", "-shm", "-journal"} {
		t.Run("riva.db"+suffix, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "riva.db")
			if err := os.Mkdir(path+suffix, 0o700); err != nil {
				t.Fatal(err)
			}
			_, err := store.OpenSQLite(t.Context(), path, newKeyset(t), nil)
			if err == nil || !strings.Contains(err.Error(), path+suffix+" is a directory, not a file") {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestDamagedPageIsFoundAtOpen(t *testing.T) {
	t.Parallel()
	path, keyset := filepath.Join(t.TempDir(), "riva.db"), newKeyset(t)
	s := openAt(t, path, keyset)
	if err := insertMany(t, s, 200); err != nil {
		t.Fatal(err)
	}
	closeStore(t, s)
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const pageSize = 4096
	last := content[len(content)-pageSize:] // a page of the connections, which opening does not read
	for i := range last {
		last[i] = 0xaa
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = store.OpenSQLite(t.Context(), path, keyset, nil)
	wantStorageError(t, err, model.StorageDamaged, path)
	if err == nil || !strings.Contains(err.Error(), "restore it from a backup") {
		t.Errorf("the error does not say what to do: %v", err)
	}
}

func TestFailedWritesAreNamedAndUndone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fail, mend string
		kind       model.StorageKind
	}{
		"full":      {`PRAGMA max_page_count = 1`, `PRAGMA max_page_count = 1000000`, model.StorageFull},
		"read-only": {`PRAGMA query_only = 1`, `PRAGMA query_only = 0`, model.StorageReadOnly},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "riva.db")
			s := openAt(t, path, newKeyset(t))
			if err := s.Exec(t.Context(), c.fail); err != nil {
				t.Fatal(err)
			}
			wantStorageError(t, insertMany(t, s, 500), c.kind, path)
			equal(t, "connections after the failure", countConnections(t, s), 0)
			if err := s.Exec(t.Context(), c.mend); err != nil {
				t.Fatal(err)
			}
			if err := insertMany(t, s, 500); err != nil {
				t.Errorf("after it was mended: %v", err)
			}
		})
	}
}
