package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
)

// tamper runs SQL on a database without the store.
func tamper(t *testing.T, path, statement string, args ...any) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?_busy_timeout=10000")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), statement, args...); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestReopenedDatabaseKeepsItsData(t *testing.T) {
	t.Parallel()
	for name, file := range map[string]string{
		"plain": "riva.db", "awkward": "a b?c=d&e#f%20'g.db",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, keyset := t.TempDir(), newKeyset(t)
			first := openAt(t, filepath.Join(dir, file), keyset)
			c := fullConnection(t, "mail")
			insertConnections(t, first, c)
			closeStore(t, first)
			entries, err := os.ReadDir(dir)
			if err != nil || len(entries) != 2 || entries[0].Name() != file || entries[1].Name() != file+".lock" {
				t.Errorf("left after closing: %v, %v", entries, err)
			}
			second := openAt(t, filepath.Join(dir, file), keyset)
			equal(t, "instance id", second.InstanceID(), first.InstanceID())
			got := view(t, second, func(tx model.Tx) (model.Connection, error) { return tx.Connection(t.Context(), c.ID) })
			equal(t, "connection", got, c)
			if other := openNew(t); other.InstanceID() == first.InstanceID() {
				t.Error("two databases have the same instance id")
			}
			if id, err := uuid.Parse(first.InstanceID()); err != nil || id.Version() != 7 {
				t.Errorf("the instance id is not a UUIDv7: %s", first.InstanceID())
			}
		})
	}
}

func TestEmptyFileBecomesDatabase(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "riva.db")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	insertConnections(t, openAt(t, path, newKeyset(t)), plainConnection(t, "mail"))
}

func TestDatabaseFileModes(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		return
	}
	path := filepath.Join(t.TempDir(), "riva.db")
	// The mode of an older file that others can read is corrected.
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o666); err != nil {
		t.Fatal(err)
	}
	insertConnections(t, openAt(t, path, newKeyset(t)), plainConnection(t, "mail"))
	for _, suffix := range []string{"", "-wal", "-shm", ".lock"} {
		info, err := os.Stat(path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, suffix, info.Mode().Perm(), fs.FileMode(0o600))
	}
}

func TestInvalidDatabaseFiles(t *testing.T) {
	t.Parallel()
	dir, keyset := t.TempDir(), newKeyset(t)
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	foreign := filepath.Join(dir, "foreign.db")
	tamper(t, foreign, `CREATE TABLE songs (title TEXT)`)
	newer, plain := filepath.Join(dir, "newer.db"), filepath.Join(dir, "plain.db")
	closeStore(t, openAt(t, newer, keyset))
	tamper(t, newer, `INSERT INTO schema_versions (version_id, is_applied) VALUES (999, TRUE)`)
	tamper(t, newer, `UPDATE schema_compatibility SET oldest_version = 999`)
	closeStore(t, openAt(t, plain, keyset))
	for name, c := range map[string]struct {
		path   string
		keyset store.Keyset
		is     error
		says   string
	}{
		"directory missing":      {filepath.Join(dir, "none", "riva.db"), keyset, fs.ErrNotExist, filepath.Join(dir, "none")},
		"directory is a file":    {filepath.Join(write("file", ""), "riva.db"), keyset, nil, filepath.Join(dir, "file")},
		"directory not writable": {filepath.Join(unwritable(t), "riva.db"), keyset, nil, "riva.db"},
		"a directory":            {dir, keyset, store.ErrNotDatabase, dir},
		"text":                   {write("text.db", strings.Repeat("not a database\n", 100)), keyset, store.ErrNotDatabase, "text.db"},
		"short text":             {write("short.db", "x"), keyset, store.ErrNotDatabase, "short.db"},
		"of another program":     {foreign, keyset, store.ErrNotDatabase, "another program"},
		"of a newer version":     {newer, keyset, store.ErrNewer, "upgrade"},
		"made with another key":  {plain, newKeyset(t), store.ErrKeyset, "Restore the keyset"},
		"no keyset":              {plain, store.Keyset{}, nil, "keyset"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before, _ := os.ReadFile(c.path)
			s, err := store.OpenSQLite(t.Context(), c.path, c.keyset, nil)
			if err == nil {
				closeStore(t, s)
				t.Fatal("opened")
			}
			if c.is != nil && !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("error: %v", err)
			}
			if after, _ := os.ReadFile(c.path); !bytes.Equal(before, after) {
				t.Error("the file was changed")
			}
		})
	}
}

// unwritable returns a directory in which no user can create files, not even root.
func unwritable(t *testing.T) string {
	t.Helper()
	if os.Geteuid() == 0 {
		return "/sys"
	}
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestOpenEndsWithContext(t *testing.T) {
	t.Parallel()
	path, keyset := filepath.Join(t.TempDir(), "riva.db"), newKeyset(t)
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := store.OpenSQLite(canceled, path, keyset, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: %v", err)
	}
	// Opening an existing database does not wait for a writer.
	s := openAt(t, path, keyset)
	change(t, s, func(model.Tx) error {
		other := openAt(t, path, keyset)
		waiting, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		err := other.Update(waiting, func(model.Tx) error { t.Error("two writers at once"); return nil })
		if !errors.Is(err, context.DeadlineExceeded) || strings.Contains(err.Error(), "locked") {
			t.Errorf("writer beside another: %v", err)
		}
		return nil
	})
}
