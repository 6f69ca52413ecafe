//go:build unix

package store_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
)

func init() { //nolint:gochecknoinits // TestMain is in a file for all systems
	processes[limitedVariable] = runLimited
}

// With this variable set, the test binary is a process that may write small files only, see runLimited.
const limitedVariable = "RIVA_TEST_STORE_LIMITED"

// Opening one of these would wait for ever, or have an effect.
func TestSpecialFilesInPlaceOfFilesAreErrors(t *testing.T) {
	t.Parallel()
	for _, suffix := range []string{"", ".lock", "-wal", "-shm", "-journal"} {
		for what, create := range map[string]func(path string) error{
			"named pipe": func(path string) error { return syscall.Mkfifo(path, 0o600) },
			"socket":     createSocket,
		} {
			t.Run("riva.db"+suffix+" "+what, func(t *testing.T) {
				t.Parallel()
				path := filepath.Join(t.TempDir(), "riva.db")
				if err := create(path + suffix); err != nil {
					t.Fatal(err)
				}
				_, err := store.OpenSQLite(t.Context(), path, newKeyset(t), nil)
				if err == nil || !strings.Contains(err.Error(), path+suffix+" is a "+what+", not a file") {
					t.Errorf("error %v", err)
				}
			})
		}
	}
}

func TestSpecialFilesAreNoKeysets(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "keyset.json")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	for at, what := range map[string]string{path: "a named pipe", "/dev/null": "a device"} {
		_, _, err := store.OpenKeyset(at)
		if !errors.Is(err, store.ErrKeysetFile) || !strings.Contains(err.Error(), at+" is "+what) {
			t.Errorf("error %v, want that %s is %s", err, at, what)
		}
	}
}

// createSocket creates a socket by a short name: the length of the addresses of sockets is limited.
func createSocket(path string) error {
	dir, err := os.MkdirTemp("/tmp", "riva")
	if err != nil {
		return err
	}
	listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(dir, "s"), Net: "unix"})
	if err != nil {
		return err
	}
	listener.SetUnlinkOnClose(false)
	return errors.Join(listener.Close(), os.Rename(filepath.Join(dir, "s"), path), os.Remove(dir))
}

func TestFileErrorsOfTheSystemAreNamed(t *testing.T) {
	t.Parallel()
	for number, want := range map[syscall.Errno]model.StorageKind{
		syscall.ENOSPC: model.StorageFull, syscall.EDQUOT: model.StorageQuota, syscall.EFBIG: model.StorageSizeLimit,
		syscall.EROFS: model.StorageReadOnly, syscall.EACCES: model.StorageDenied, syscall.EPERM: model.StorageDenied,
	} {
		err := store.DescribeFileError("/x/riva.db", fmt.Errorf("write: %w", &fs.PathError{Op: "write", Path: "/x", Err: number}))
		wantStorageError(t, err, want, "/x/riva.db")
		if !errors.Is(err, number) {
			t.Errorf("%v does not have its cause", err)
		}
	}
	other := errors.New("another error")
	if err := store.DescribeFileError("/x/riva.db", other); err != other { //nolint:errorlint // it must be the same one
		t.Errorf("another error became %v", err)
	}
}

func TestReadOnlyPlaceIsNamedAtOpen(t *testing.T) {
	t.Parallel()
	path := filepath.Join(unwritable(t), "riva.db")
	_, err := store.OpenSQLite(t.Context(), path, newKeyset(t), nil)
	var storage *model.StorageError
	if !errors.As(err, &storage) || storage.Kind != model.StorageDenied && storage.Kind != model.StorageReadOnly ||
		!strings.Contains(err.Error(), path) {
		t.Errorf("error %v", err)
	}
}

// Another process has the limit, since it would fail all other tests.
func TestSizeLimitIsNamedAndUndone(t *testing.T) {
	t.Parallel()
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	command := exec.CommandContext(t.Context(), binary)
	command.Env = append(os.Environ(), limitedVariable+"="+dir)
	if out, err := command.CombinedOutput(); err != nil || len(out) > 0 {
		t.Fatalf("%v\n%s", err, out)
	}
	keyset, err := store.ReadKeyset(filepath.Join(dir, "keyset.json"))
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "users", len(allUsers(t, openAt(t, filepath.Join(dir, "riva.db"), keyset))), 1)
}

func allUsers(t *testing.T, s *store.Store) []model.User {
	t.Helper()
	return view(t, s, func(tx model.Tx) ([]model.User, error) {
		return tx.Users(t.Context(), model.UserFilter{}, model.Page{Limit: 1000})
	})
}

// runLimited stores a user. Then it fails to store many of them, and to create a keyset.
func runLimited(dir string) (err error) {
	ctx := context.Background()
	keyset, _, err := store.OpenKeyset(filepath.Join(dir, "keyset.json"))
	if err != nil {
		return err
	}
	path := filepath.Join(dir, "riva.db")
	s, err := store.OpenSQLite(ctx, path, keyset, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := incrementShared(ctx, s); err != nil {
		return err
	}
	return errors.Join(
		withLimit(func(l *syscall.Rlimit) { l.Cur = 1 << 20 }, func() error {
			return wantSizeLimit("a large transaction", path, insertLargeUsers(ctx, s))
		}),
		withLimit(func(l *syscall.Rlimit) { l.Cur = 10 }, func() error {
			_, _, err := store.OpenKeyset(filepath.Join(dir, "new", "keyset.json"))
			return wantSizeLimit("a new keyset", "keyset.json", err)
		}),
		wantEmpty(filepath.Join(dir, "new")))
}

// withLimit calls a function while this process can write files up to a size only. The type of the size differs between systems.
func withLimit(set func(*syscall.Rlimit), do func() error) error {
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &before); err != nil {
		return err
	}
	limit := before
	set(&limit)
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	return errors.Join(do(), syscall.Setrlimit(syscall.RLIMIT_FSIZE, &before))
}

func insertLargeUsers(ctx context.Context, s *store.Store) error {
	return s.Update(ctx, func(tx model.Tx) error {
		for i := range 500 {
			u := model.User{ID: strconv.Itoa(i), Email: fmt.Sprintf("%d@example.com", i), DisplayName: strings.Repeat("x", 1<<16)}
			if err := tx.InsertUser(ctx, u); err != nil {
				return err
			}
		}
		return nil
	})
}

func wantSizeLimit(what, path string, err error) error {
	var storage *model.StorageError
	if !errors.As(err, &storage) || storage.Kind != model.StorageSizeLimit || !strings.Contains(err.Error(), path) {
		return fmt.Errorf("the error of %s is %w", what, err)
	}
	return nil
}

func wantEmpty(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) > 0 {
		return fmt.Errorf("left in %s: %v, error %w", dir, entries, err)
	}
	return nil
}
