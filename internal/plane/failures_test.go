package plane_test

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/plane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/postgrestest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
)

// serveOn serves a control plane on a database until the test ends, and returns its address.
func serveOn(t *testing.T, d storetest.Database) string {
	t.Helper()
	p := newPlane(d.Open(t, catalog.All()), plane.Options{StoreName: d.Type()})
	t.Cleanup(func() { closePlane(t, p) })
	server := httptest.NewServer(p.Handler())
	t.Cleanup(server.Close)
	return server.URL
}

// execute runs a statement as an administrator.
func execute(t *testing.T, address, statement string) {
	t.Helper()
	db, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.ExecContext(t.Context(), statement)
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// readText reads one value as an administrator.
func readText(t *testing.T, address, statement string) (text string) {
	t.Helper()
	db, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	err = db.QueryRowContext(t.Context(), statement).Scan(&text)
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	return text
}

// observer expects that each response is a success, or a problem after which the same request can be sent again. It leaves out
// Retry-After, so that the clients that share it do not wait longer than the server is away.
type observer struct {
	t    *testing.T
	next http.RoundTripper

	mu          sync.Mutex
	unavailable int
}

func (o *observer) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := o.next.RoundTrip(r)
	if err != nil || resp.StatusCode < 300 {
		return resp, err
	}
	body, err := io.ReadAll(resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		return nil, err
	}
	var p api.Problem
	if err := json.Unmarshal(body, &p); err != nil || resp.StatusCode != http.StatusServiceUnavailable ||
		!api.IsProblem(&p, api.ProblemUnavailable) || resp.Header.Get("Retry-After") == "" {
		o.t.Errorf("%s %s: %d %v %s", r.Method, r.URL.Path, resp.StatusCode, resp.Header, body)
	}
	o.mu.Lock()
	o.unavailable++
	o.mu.Unlock()
	resp.Header.Del("Retry-After")
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

func (o *observer) count() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.unavailable
}

func TestFailuresOfPostgresLoseNothing(t *testing.T) {
	t.Parallel()
	cluster := postgrestest.Start(t)
	d := storetest.At(t, cluster.Address("postgres"))
	network, err := api.NewTransport("")
	if err != nil {
		t.Fatal(err)
	}
	observed := &observer{t: t, next: network}
	client, err := api.NewClient(api.Options{BaseURL: serveOn(t, d), Transport: observed, MaxRetries: 20})
	if err != nil {
		t.Fatal(err)
	}
	w := startWriters(t, client)
	terminate := func() {
		execute(t, d.Address, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
			WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`)
	}
	restart := func(mode string) func() {
		return func() {
			if err := cluster.Restart(mode); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, failure := range []struct {
		name string
		does func()
	}{
		{"sessions terminated", terminate}, {"stopped and started", restart("fast")}, {"crashed", restart("immediate")},
		{"sessions terminated again", terminate},
	} {
		w.await(t, 20)
		before := observed.count()
		failure.does()
		returned := time.Now()
		w.await(t, 1)
		t.Logf("%s: the next user was created after %s", failure.name, time.Since(returned).Round(time.Millisecond))
		w.await(t, 20)
		if observed.count() == before {
			t.Errorf("%s: no request noticed it", failure.name)
		}
	}
	w.stop()
	w.verify(t, client)
}

// The dump has neither the keyset nor a secret that can be read without it.
func TestRestoredDumpHasEverything(t *testing.T) {
	t.Parallel()
	mail := sandboxtest.Start(t, exchange.Start, exchange.Options{})
	from, to := storetest.PostgreSQL(t), storetest.At(t, postgrestest.New(t))
	first := newClient(t, serveOn(t, from))
	connection, err := first.CreateConnection(t.Context(), mailConnection(mail, "Exchange", mail.Service().Password))
	if err != nil {
		t.Fatal(err)
	}
	crm, id := rotatingCRM(t, first) // its token was rotated when the connection was created
	dump := filepath.Join(t.TempDir(), "dump")
	run(t, "pg_dump", "--format=custom", "--file="+dump, from.Address)
	run(t, "pg_restore", "--exit-on-error", "--dbname="+to.Address, dump)

	restored := newClient(t, serveOn(t, to))
	before, err := first.Instance(t.Context())
	after, restoredErr := restored.Instance(t.Context())
	if err := errors.Join(err, restoredErr); err != nil || before.ID != after.ID {
		t.Errorf("instance %s became %s, %v", before.ID, after.ID, err)
	}
	for _, id := range []string{connection.ID, id} {
		result, err := restored.RunTest(t.Context(), id, api.RunTest{Test: string(target.General)})
		if err != nil || !result.Passed {
			t.Errorf("test of %s: %+v, %v", id, result, err)
		}
	}
	expectTokensOnce(t, crm, 2)
	other, _, err := store.OpenKeyset(filepath.Join(t.TempDir(), "keyset.json"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = store.OpenPostgres(t.Context(), to.Address, other, nil, store.PostgresOptions{Connections: 1})
	if !errors.Is(err, store.ErrKeyset) {
		t.Errorf("with another keyset: %v", err)
	}
}

func newClient(t *testing.T, address string) *api.Client {
	t.Helper()
	client, err := api.NewClient(api.Options{BaseURL: address})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// run runs a program of PostgreSQL.
func run(t *testing.T, program string, args ...string) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), postgrestest.Program(t, program), args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", program, err, out)
	}
}
