package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/server"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
)

// failingStore fails to read and write.
type failingStore struct {
	model.Store
	err error
}

func (f failingStore) View(context.Context, func(model.Tx) error) error   { return f.err }
func (f failingStore) Update(context.Context, func(model.Tx) error) error { return f.err }

// usersProblem returns the problem for a list of users with this error of the store.
func usersProblem(t *testing.T, failure error, embedded bool) (*api.Problem, string) {
	t.Helper()
	dir := t.TempDir()
	keyset, _, err := store.OpenKeyset(filepath.Join(dir, "keyset.json"))
	if err != nil {
		t.Fatal(err)
	}
	opened, err := store.OpenSQLite(t.Context(), filepath.Join(dir, "riva.db"), keyset, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := opened.Close(); err != nil {
			t.Error(err)
		}
	})
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, nil))
	e := engine.New(failingStore{Store: opened, err: failure}, engine.Options{Systems: systems(), Logger: logger})
	s := server.New(e, server.Options{Embedded: embedded, Authenticate: server.Local(""), Logger: logger})
	recorder := httptest.NewRecorder()
	s.Handler().ServeHTTP(recorder, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/v1/users", nil))
	p := &api.Problem{}
	if err := json.Unmarshal(recorder.Body.Bytes(), p); err != nil {
		t.Fatalf("%d %s: %v", recorder.Code, recorder.Body, err)
	}
	return p, log.String()
}

func TestStorageErrorsAreProblems(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err     error
		problem string
		says    []string
	}{
		"full": {
			&model.StorageError{Kind: model.StorageFull, Path: "/x/riva.db", Err: errors.New("database or disk is full")},
			api.ProblemStorage, []string{"/x/riva.db cannot be written: the disk is full", "free some space"},
		},
		"size limit": {
			&model.StorageError{Kind: model.StorageSizeLimit, Path: "/x/riva.db", Err: errors.New("disk I/O error")},
			api.ProblemStorage, []string{"/x/riva.db", "limit of the size of files", "ulimit -f"},
		},
		"unknown failure": {
			&model.StorageError{Path: "/x/riva.db", Err: errors.New("disk I/O error")},
			api.ProblemStorage, []string{"/x/riva.db cannot be used: disk I/O error", "check the disk"},
		},
		"locked": {
			&model.LockedError{Path: "/x/riva.db", Holder: "process 4711 (sqlite3)", Waited: 30e9},
			api.ProblemLocked, []string{"/x/riva.db is locked by process 4711 (sqlite3)", "30s"},
		},
		"locked by an unknown process": {
			&model.LockedError{Path: "/x/riva.db", Waited: 30e9},
			api.ProblemLocked, []string{"/x/riva.db is locked by another process", "wait until that process has ended"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, log := usersProblem(t, fmt.Errorf("begin transaction: %w", c.err), true)
			if !api.IsProblem(p, c.problem) || p.Status != http.StatusInternalServerError || strings.Contains(log, "level=ERROR") {
				t.Errorf("problem %+v, log\n%s", p, log)
			}
			for _, says := range c.says {
				if !strings.Contains(p.Detail, says) {
					t.Errorf("%q is not in %q", says, p.Detail)
				}
			}
		})
	}
}

func TestUnknownErrorsAreNamedIfEmbedded(t *testing.T) {
	t.Parallel()
	failure := errors.New("read users: no such table: users")
	p, log := usersProblem(t, failure, true)
	if !api.IsProblem(p, api.ProblemInternal) || !strings.Contains(p.Detail, failure.Error()) || strings.Contains(p.Detail, "log") {
		t.Errorf("embedded: problem %+v", p)
	}
	if !strings.Contains(log, failure.Error()) {
		t.Errorf("the log is\n%s", log)
	}
	p, log = usersProblem(t, failure, false)
	if !api.IsProblem(p, api.ProblemInternal) || strings.Contains(p.Detail, "table") || !strings.Contains(log, failure.Error()) {
		t.Errorf("behind a network: problem %+v, log\n%s", p, log)
	}
}
