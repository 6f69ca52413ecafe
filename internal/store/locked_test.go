package store_test

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gofrs/flock"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
)

// wantLocked checks the error of a wait that began at the time. This process holds the lock itself.
func wantLocked(t *testing.T, err error, path string, began time.Time, atMost time.Duration) {
	t.Helper()
	if took := time.Since(began); took > atMost {
		t.Errorf("waited for %s, want at most %s", took, atMost)
	}
	holder := "another process"
	if runtime.GOOS == "linux" {
		holder = fmt.Sprintf("process %d", os.Getpid())
	}
	var locked *model.LockedError
	if !errors.As(err, &locked) || !strings.Contains(err.Error(), path+" is locked by "+holder) {
		t.Errorf("error %v, want that %s is locked by %s", err, path, holder)
	}
}

func TestLockOfAnotherProcessEndsOpening(t *testing.T) {
	t.Parallel()
	path, keyset := filepath.Join(t.TempDir(), "riva.db"), newKeyset(t)
	held := flock.New(path + ".lock")
	if err := held.Lock(); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		_, err := store.OpenSQLite(t.Context(), path, keyset, nil)
		wantLocked(t, err, path+".lock", began, 31*time.Second)
	})
	if err := held.Unlock(); err != nil {
		t.Fatal(err)
	}
	openAt(t, path, keyset)
}

func TestWriteLockOfAnotherProcessEndsWrites(t *testing.T) {
	t.Parallel()
	path, keyset := filepath.Join(t.TempDir(), "riva.db"), newKeyset(t)
	closeStore(t, openAt(t, path, keyset))
	synctest.Test(t, func(t *testing.T) {
		s := openAt(t, path, keyset)
		if err := s.Exec(t.Context(), `PRAGMA busy_timeout = 0`); err != nil { // SQLite does not wait by the clock of the test
			t.Fatal(err)
		}
		other, err := sql.Open("sqlite", path+"?_txlock=immediate")
		if err != nil {
			t.Fatal(err)
		}
		transaction, err := other.BeginTx(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		nothing := func(model.Tx) error { return nil }
		for i, atMost := range []time.Duration{31 * time.Second, 3 * time.Second, 3 * time.Second} {
			began := time.Now()
			err := s.Update(t.Context(), func(model.Tx) error { t.Errorf("transaction %d ran", i); return nil })
			wantLocked(t, err, path, began, atMost)
		}
		if err := s.View(t.Context(), nothing); err != nil {
			t.Errorf("read: %v", err)
		}
		if err := errors.Join(transaction.Rollback(), s.Update(t.Context(), nothing), other.Close()); err != nil {
			t.Errorf("afterwards: %v", err)
		}
	})
}
