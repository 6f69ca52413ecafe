package serve_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/serve"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/postgrestest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/waittest"
)

// newDatabase is an empty database of this test alone.
func newDatabase(t *testing.T) storetest.Database {
	t.Helper()
	return storetest.At(t, postgrestest.New(t))
}

func execute(t *testing.T, d storetest.Database, statement string) {
	t.Helper()
	connection, err := pgx.Connect(t.Context(), d.Address)
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close(t.Context()) //nolint:errcheck // the test is over then
	if _, err := connection.Exec(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// wantReady waits until /readyz answers so. The result of a look at the database is used again for a second.
func (r *replica) wantReady(t *testing.T, status int, body string) {
	t.Helper()
	var last answer
	waittest.Until(t, body, func() bool {
		last = get(t, client(t, ""), r.url+"/readyz")
		return last.StatusCode == status && strings.TrimSpace(last.body) == body
	})
	if healthy := get(t, client(t, ""), r.url+"/healthz"); healthy.StatusCode != http.StatusOK {
		t.Errorf("/healthz: status %d", healthy.StatusCode)
	}
}

const ready = `{"status":"ready"}`

func TestReadyFollowsDatabase(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	front := postgrestest.NewFront(t, d.Address)
	o := on(d)
	address, err := url.Parse(d.Address)
	if err != nil {
		t.Fatal(err)
	}
	const password = "canary-55d0"
	o.DatabaseURL = front.Address(url.UserPassword(address.Query().Get("user"), password), url.Values{"sslmode": {"disable"}})
	o.Migrate = true
	r := start(t, serve.Options{Storage: o})
	r.wantReady(t, http.StatusOK, ready)
	front.Away(true)
	r.wantReady(t, http.StatusServiceUnavailable, `{"reasons":["database"],"status":"not ready"}`)
	front.Away(false)
	r.wantReady(t, http.StatusOK, ready)
	if log := r.log.String(); strings.Contains(log, password) || strings.Count(log, `"not ready"`) != 1 ||
		strings.Count(log, `"ready again"`) != 1 {
		t.Errorf("the log: %s", log)
	}
}

func TestReadyFollowsSchemaAndKeyset(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	o := on(d)
	o.Migrate = true
	r := start(t, serve.Options{Storage: o})
	r.wantReady(t, http.StatusOK, ready)
	// A newer version has migrated it, and this one cannot use it.
	execute(t, d, `UPDATE riva.schema_compatibility SET oldest_version = oldest_version + 1000`)
	r.wantReady(t, http.StatusServiceUnavailable, `{"reasons":["schema"],"status":"not ready"}`)
	execute(t, d, `UPDATE riva.schema_compatibility SET oldest_version = oldest_version - 1000`)
	r.wantReady(t, http.StatusOK, ready)
	// Another database was restored over it.
	execute(t, d, `UPDATE riva.instance SET key_check = 'AAAA'`)
	r.wantReady(t, http.StatusServiceUnavailable, `{"reasons":["keyset"],"status":"not ready"}`)
}

func TestHealthIsReadOnly(t *testing.T) {
	t.Parallel()
	r := start(t, serve.Options{})
	for _, path := range []string{"/healthz", "/readyz"} {
		resp, err := try(t.Context(), client(t, ""), http.MethodPost, r.url+path, strings.NewReader("{}"))
		if err != nil || resp.StatusCode != http.StatusMethodNotAllowed || resp.Header.Get("Allow") != "GET, HEAD" {
			t.Errorf("POST %s: %v, %v", path, resp.Response, err)
		}
	}
}

func TestStartWarnsOfScarceConnections(t *testing.T) {
	t.Parallel()
	o := on(newDatabase(t))
	o.Migrate, o.Connections = true, 500
	if log := start(t, serve.Options{Storage: o}).log.String(); !strings.Contains(log, "fewer free connections") {
		t.Errorf("the log does not warn: %s", log)
	}
}
