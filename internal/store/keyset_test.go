package store_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
)

func TestKeysetFileMode(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "riva", "keys")
	path := filepath.Join(dir, "keyset.json")
	if _, err := store.ReadKeyset(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("read before it exists: %v", err)
	}
	for i, want := range []bool{true, false} {
		if _, created, err := store.OpenKeyset(path); err != nil || created != want {
			t.Fatalf("open %d: created %v, %v", i, created, err)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Fatalf("left in the directory: %v, %v", entries, err)
	}
	if runtime.GOOS == "windows" {
		return
	}
	for path, want := range map[string]fs.FileMode{path: 0o600, dir: 0o700, filepath.Dir(dir): 0o700} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, path, info.Mode().Perm(), want)
	}
}

func TestConcurrentKeysetCreation(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "keys", "keyset.json")
	database := filepath.Join(t.TempDir(), "riva.db")
	var createdCount atomic.Int32
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			k, created, err := store.OpenKeyset(path)
			if err != nil {
				t.Error(err)
				return
			}
			if created {
				createdCount.Add(1)
			}
			s, err := store.OpenSQLite(t.Context(), database, k, nil)
			if err != nil {
				t.Errorf("the keysets differ: %v", err)
				return
			}
			closeStore(t, s)
		})
	}
	group.Wait()
	equal(t, "created keysets", createdCount.Load(), 1)
}

func TestKeysetFileReadableByOthersIsRejected(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		return
	}
	path := filepath.Join(t.TempDir(), "keyset.json")
	if _, _, err := store.OpenKeyset(path); err != nil {
		t.Fatal(err)
	}
	for _, mode := range []fs.FileMode{0o640, 0o604, 0o660, 0o601} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		_, _, err := store.OpenKeyset(path)
		if !errors.Is(err, store.ErrKeysetFile) || !strings.Contains(err.Error(), "chmod 600") ||
			!strings.Contains(err.Error(), path) {
			t.Errorf("mode %o: %v", mode, err)
		}
	}
}

func TestMalformedKeysetErrorHidesContent(t *testing.T) {
	t.Parallel()
	good := filepath.Join(t.TempDir(), "keyset.json")
	if _, _, err := store.OpenKeyset(good); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	var whole map[string]json.RawMessage
	if err := json.Unmarshal(content, &whole); err != nil {
		t.Fatal(err)
	}
	const canary = "canaryCANARYcanary"
	for name, content := range map[string]string{
		"empty":         "",
		"text":          canary,
		"other JSON":    `{"` + canary + `": "` + canary + `"}`,
		"other keys":    `{"seal": {"` + canary + `": 1}, "digest": "` + canary + `"}`,
		"no keys":       `{"seal": {}, "digest": {}}`,
		"cut off":       string(content[:len(content)/2]),
		"half of it":    fmt.Sprintf(`{"seal": %s}`, whole["seal"]),
		"exchanged":     fmt.Sprintf(`{"seal": %s, "digest": %s}`, whole["digest"], whole["seal"]),
		"key too short": strings.Replace(string(content), `"value": "`, `"value": "GgEB`+canary, 1),
	} {
		path := filepath.Join(t.TempDir(), "keyset.json")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		_, created, err := store.OpenKeyset(path)
		if !errors.Is(err, store.ErrKeysetFile) || created {
			t.Fatalf("%s: %v", name, err)
		}
		if strings.Contains(err.Error(), canary) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", name, err)
		}
		if after, err := os.ReadFile(path); err != nil || string(after) != content {
			t.Errorf("%s: the file was changed", name)
		}
	}
	if _, _, err := store.OpenKeyset(t.TempDir()); !errors.Is(err, store.ErrKeysetFile) {
		t.Errorf("a directory: %v", err)
	}
}

func TestKeysetHidesKeysWhenPrinted(t *testing.T) {
	t.Parallel()
	k := newKeyset(t)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		if got := fmt.Sprintf(verb, k); got != "[keyset]" {
			t.Errorf("%s prints %q", verb, got)
		}
	}
}
