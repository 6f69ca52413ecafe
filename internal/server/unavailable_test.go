package server_test

import (
	"database/sql"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
)

// wantTryAgain sends a request that must be answered with a problem that clients retry, and returns its detail.
func (s *testServer) wantTryAgain(t *testing.T, method, path, body string) string {
	t.Helper()
	resp, text := s.send(t, method, path, body, "Content-Type", "application/json", "Idempotency-Key", uuid.NewString())
	var p api.Problem
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		t.Fatalf("%d %s: %v", resp.StatusCode, text, err)
	}
	if resp.StatusCode != http.StatusServiceUnavailable || !api.IsProblem(&p, api.ProblemUnavailable) ||
		resp.Header.Get("Retry-After") == "" || resp.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("%d %v %s", resp.StatusCode, resp.Header, text)
	}
	return p.Detail
}

func TestBusyDatabaseIsReportedWithRetryAfter(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ settings, says string }{
		"lock_timeout":      {"&lock_timeout=20", "busy with other writes"},
		"statement_timeout": {"&lock_timeout=0&statement_timeout=1000", "did not answer in time"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := storetest.PostgreSQL(t)
			other := d.Open(t, nil)
			d.Address += c.settings
			s := newTLSServerOn(t, d)
			const user = `{"email":"ann@example.com","enabled":true}`
			err := other.Update(t.Context(), func(model.Tx) error {
				if detail := s.wantTryAgain(t, http.MethodPost, "/v1/users", user); !strings.Contains(detail, c.says) {
					t.Errorf("detail %q", detail)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			resp, text := s.send(t, http.MethodPost, "/v1/users", user, "Content-Type", "application/json")
			if resp.StatusCode != http.StatusCreated {
				t.Errorf("afterwards: %d %s", resp.StatusCode, text)
			}
		})
	}
}

// The sessions of the server end, and it may not start others.
func TestDatabaseWithoutConnectionsIsReportedWithRetryAfter(t *testing.T) {
	t.Parallel()
	d := storetest.PostgreSQL(t)
	admin, err := sql.Open("pgx", d.Address)
	if err != nil {
		t.Fatal(err)
	}
	execute := func(statements ...string) {
		for _, statement := range statements {
			if _, err := admin.Exec(statement); err != nil {
				t.Errorf("%s: %v", statement, err)
			}
		}
	}
	var owner string
	if err := admin.QueryRowContext(t.Context(), `SELECT current_user`).Scan(&owner); err != nil {
		t.Fatal(err)
	}
	role := "riva_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	execute(`CREATE ROLE ` + role + ` LOGIN IN ROLE ` + owner)
	t.Cleanup(func() {
		execute(`DROP ROLE ` + role)
		if err := admin.Close(); err != nil {
			t.Error(err)
		}
	})
	d.Address = strings.Replace(d.Address, "user="+owner, "user="+role, 1)
	s := newTLSServerOn(t, d)
	limit := func(connections string) {
		execute(`ALTER ROLE `+role+` CONNECTION LIMIT `+connections,
			`SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = '`+role+`'`)
	}
	limit("0")
	detail := ""
	for range 10 { // some requests find that their session has ended
		if detail = s.wantTryAgain(t, http.MethodGet, "/v1/users", ""); strings.Contains(detail, "has no free connections") {
			break
		}
	}
	if !strings.Contains(detail, "has no free connections") {
		t.Errorf("detail %q", detail)
	}
	limit("-1")
	if resp, text := s.send(t, http.MethodGet, "/v1/users", ""); resp.StatusCode != http.StatusOK {
		t.Errorf("afterwards: %d %s", resp.StatusCode, text)
	}
}
