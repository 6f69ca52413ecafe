package server_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/server"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
)

// failingStore fails to read and write.
type failingStore struct {
	model.Store
	err error
}

func (f failingStore) View(context.Context, func(model.Tx) error) error { return f.err }
func (f failingStore) Read(context.Context, func(model.Tx) error) error { return f.err }
func (f failingStore) Update(context.Context, func(model.Tx) error, ...model.WriteKey) error {
	return f.err
}

// serverWithStore returns a server whose store fails with the error, and its log.
func serverWithStore(t *testing.T, failure error, embedded bool) (*server.Server, *lockedBuffer) {
	t.Helper()
	opened := storetest.SQLite(t).Open(t, nil)
	log := &lockedBuffer{}
	logger := slog.New(slog.NewTextHandler(log, nil))
	e := engine.New(failingStore{Store: opened, err: failure}, engine.Options{Systems: systems(), Logger: logger})
	return server.New(e, server.Options{Embedded: embedded, Authenticate: server.Local(""), Logger: logger}), log
}

// usersProblem returns the problem for a list of users with this error of the store.
func usersProblem(t *testing.T, failure error, embedded bool) (*api.Problem, string) {
	t.Helper()
	s, log := serverWithStore(t, failure, embedded)
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
		"database": {
			&model.DatabaseError{Place: "db.example.com:5432/riva.db", Reason: "does not allow it: check its rights"},
			api.ProblemStorage, []string{"db.example.com:5432/riva.db does not allow it"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, log := usersProblem(t, fmt.Errorf("begin transaction: %w", c.err), true)
			if !api.IsProblem(p, c.problem) || p.Status != http.StatusInternalServerError || strings.Contains(log, "level=ERROR") {
				t.Errorf("problem %+v, log\n%s", p, log)
			}
			shared, sharedLog := usersProblem(t, c.err, false)
			if !api.IsProblem(shared, c.problem) || shared.Status != p.Status || strings.Contains(shared.Error(), "riva.db") {
				t.Errorf("behind a network: %+v", shared)
			}
			for _, says := range c.says {
				if !strings.Contains(p.Detail, says) || !strings.Contains(sharedLog, says) {
					t.Errorf("%q is not in %q, or behind a network, it is not in the log\n%s", says, p.Detail, sharedLog)
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

func TestUnavailableDatabaseIsReportedWithRetryAfter(t *testing.T) {
	t.Parallel()
	failure := &model.UnavailableError{
		Place: "postgres://db.example.com:5432/riva", Reason: "is restarting", Err: errors.New("FATAL: canary"),
	}
	s, _ := serverWithStore(t, failure, false)
	create := post("/v1/users", `{"email":"a@example.com","enabled":true}`).with("Idempotency-Key", "k")
	for name, c := range map[string]struct {
		request    invalidRequest
		retryAfter string
	}{
		"a read":                      {newRequest(http.MethodGet, "/v1/users", ""), "2"},
		"an idempotent change":        {create, "2"},
		"a test, which must run once": {post("/v1/connections/"+uuid.NewString()+"/tests", `{}`), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			recorder := httptest.NewRecorder()
			request := httptest.NewRequestWithContext(t.Context(), c.request.method, c.request.path, strings.NewReader(c.request.body))
			for i := 0; i+1 < len(c.request.headers); i += 2 {
				request.Header.Set(c.request.headers[i], c.request.headers[i+1])
			}
			s.Handler().ServeHTTP(recorder, request)
			var p api.Problem
			if err := json.Unmarshal(recorder.Body.Bytes(), &p); err != nil {
				t.Fatal(err)
			}
			if recorder.Code != http.StatusServiceUnavailable || !api.IsProblem(&p, api.ProblemUnavailable) ||
				p.Detail != "The database is restarting. Try again later." || recorder.Header().Get("Retry-After") != c.retryAfter {
				t.Errorf("%d %v %s", recorder.Code, recorder.Header(), recorder.Body)
			}
		})
	}
}
