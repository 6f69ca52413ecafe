package server_test

import (
	"bytes"
	"context"
	"encoding/pem"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/console"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/embedded"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/jobs"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/server"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
)

// The passwords of the stand-in system. Each is a canary: no response and no log may contain one.
const (
	goodPassword   = "canary-good-4f1a"
	otherPassword  = "canary-other-83bd"
	wrongPassword  = "canary-wrong-c07e"
	panicPassword  = "canary-panic-55d2"
	adminPassword  = "canary-admin-19ab"
	brokenAddress  = "https://down.example.com/api"
	workingAddress = "https://mail.example.com/api"
)

// deprecatedValues has the deprecated value of a setting, and why it is deprecated.
var deprecatedValues = map[string]string{"fancy": "mode fancy is out of fashion."}

// standIn is a target system without a network. The password and the address determine the result of a sign-in.
func standIn(name string, kind target.Kind) *target.System {
	return &target.System{
		Name: name, Title: "Stand-in " + name, Kind: kind,
		Fields: []target.Field{
			{Name: "address", Type: target.URL, Required: true, Binds: true, Help: "Where it is."},
			{Name: "username", Required: true, Binds: true, Help: "Who signs in."},
			{Name: "mode", Default: "plain", Allowed: []string{"plain", "fancy"}, Help: "How.", Deprecated: deprecatedValues},
			{Name: "password", Secret: true, Fixes: []target.Code{target.GivenCredentials}, Help: "The secret."},
			target.CACertificateField("for a test"),
		},
		Grants:   []target.Grant{{Name: "password", Secrets: []string{"password"}}},
		Tests:    []target.Test{target.General, target.Calendar},
		UserTest: target.Calendar,
		Help:     map[target.Code][]string{target.GivenCredentials: {"Check the password."}},
		SignIn: func(_ context.Context, a target.Account) (target.Session, error) {
			switch password := a.Credentials["password"]; {
			case a.Settings["address"] == brokenAddress:
				return nil, &target.Fault{Code: target.SystemNotAvailable, Message: target.Say("%s", "no route to host")}
			case password == panicPassword:
				panic(errors.New("the stand-in failed with " + password)) //nolint:forbidigo // as a bug would
			case password == wrongPassword:
				message := target.Say("rejected %s", password)
				return nil, &target.Fault{Code: target.GivenCredentials, Message: message, Certain: true}
			case password == adminPassword:
				return session{username: "admin@example.com"}, nil
			}
			return session{username: a.Settings["username"]}, nil
		},
	}
}

type session struct{ username string }

func (s session) Identity() target.Identity { return target.Identity{Username: s.username} }
func (session) Run(_ context.Context, test target.Test, user string) (target.Text, error) {
	if user == "unknown@example.com" {
		return target.Text{}, &target.Fault{Code: target.UserNotFound, Message: target.Say("%s", "no such user")}
	}
	return target.Say("checked %s", test), nil
}
func (session) Metadata(context.Context) (target.Snapshot, error) {
	return target.Snapshot{Objects: []string{"Account"}, Digest: "d1"}, nil
}
func (session) Scheme() string              { return "" }
func (session) Close(context.Context) error { return nil }

// cloud is a stand-in whose connections are re-validated.
func cloud() *target.System {
	s := standIn("cloud", target.CRM)
	s.Revalidates, s.Tests = true, append(s.Tests, target.Metadata)
	s.Metadata = target.NewMetadataReader("objects", session.Metadata)
	s.Expected = func(a target.Account) target.Expected { return target.Expected{Username: a.Setting("username")} }
	return s
}

func systems() []*target.System {
	return []*target.System{standIn("mail", target.Email), standIn("sales", target.CRM), cloud()}
}

// testServer is a control plane behind one of the two transports.
type testServer struct {
	base      string
	transport http.RoundTripper
	// store is the type of the store.
	store string
	// token is sent with every request, unless it is empty.
	token      string
	log        *lockedBuffer
	client     *api.Client
	closeStore func() error
}

// forEachTransport runs a test against an embedded control plane, which has a SQLite database, and against one over TLS, which
// has a PostgreSQL database.
func forEachTransport(t *testing.T, test func(t *testing.T, s *testServer)) {
	t.Helper()
	t.Run("embedded with SQLite", func(t *testing.T) { t.Parallel(); test(t, newEmbeddedServer(t)) })
	t.Run("TLS with PostgreSQL", func(t *testing.T) { t.Parallel(); test(t, newTLSServer(t)) })
}

func newEmbeddedServer(t *testing.T) *testServer {
	t.Helper()
	log := &lockedBuffer{}
	dir := t.TempDir()
	control, err := embedded.Open(t.Context(), embedded.Options{
		DataDir: filepath.Join(dir, "data"), Keyset: filepath.Join(dir, "keyset.json"), Version: "1.2.3", Systems: systems(),
		Logger: slog.New(slog.NewTextHandler(log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := control.Close(); err != nil {
			t.Error(err)
		}
	})
	return newTestServer(t, &testServer{
		base: embedded.BaseURL, transport: control, store: "sqlite", log: log, closeStore: control.Close,
	})
}

// tokens are the tokens that the TLS server accepts.
var tokens = map[string]server.Client{
	"all":     {Name: "pipeline", Scopes: []api.Scope{api.ScopeRead, api.ScopeCompare, api.ScopeTest, api.ScopeWrite}},
	"admin":   {Name: "admin", Scopes: []api.Scope{api.ScopeAdmin}},
	"nothing": {Name: "no scopes"},
	"read":    {Name: "reader", Scopes: []api.Scope{api.ScopeRead}},
	"compare": {Name: "comparer", Scopes: []api.Scope{api.ScopeCompare}},
	"test":    {Name: "tester", Scopes: []api.Scope{api.ScopeTest}},
	"write":   {Name: "writer", Scopes: []api.Scope{api.ScopeWrite}},
}

func authenticate(r *http.Request) (server.Client, error) {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if client, known := tokens[token]; known {
		return client, nil
	}
	return server.Client{}, server.ErrUnauthenticated
}

func newTLSServer(t *testing.T) *testServer {
	t.Helper()
	return newTLSServerOn(t, storetest.PostgreSQL(t))
}

func newTLSServerOn(t *testing.T, database storetest.Database) *testServer {
	t.Helper()
	log := &lockedBuffer{}
	logger := slog.New(slog.NewTextHandler(log, nil))
	opened := database.Open(t, systems())
	worker := jobs.NewWorker(logger)
	e := engine.New(opened, engine.Options{
		Systems: systems(), Logger: logger, Enqueue: worker.Enqueue, RunEnded: func(string) bool { return true },
	})
	worker.Start(e)
	s := server.New(e, server.Options{
		Version: "1.2.3", Store: database.Type(), Authenticate: authenticate, Logger: logger, Pages: console.New(time.Now),
	})
	listening := httptest.NewTLSServer(s.Handler())
	t.Cleanup(func() {
		listening.Close()
		if err := worker.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	authority := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: listening.Certificate().Raw})
	transport, err := api.NewTransport(string(authority))
	if err != nil {
		t.Fatal(err)
	}
	return newTestServer(t, &testServer{
		base: listening.URL, transport: transport, store: database.Type(), token: "all", log: log, closeStore: opened.Close,
	})
}

func newTestServer(t *testing.T, s *testServer) *testServer {
	t.Helper()
	s.transport = &secretCheckingTransport{t: t, next: s.transport}
	s.client = s.newClient(t, s.transport)
	t.Cleanup(func() { checkNoSecrets(t, "the log", s.log.String()) })
	return s
}

func (s *testServer) newClient(t *testing.T, transport http.RoundTripper, change ...func(*api.Options)) *api.Client {
	t.Helper()
	o := api.Options{BaseURL: s.base, Transport: transport, MaxRetries: 2}
	if s.token != "" {
		o.TokenSource = oauth2.StaticTokenSource(&oauth2.Token{AccessToken: s.token})
	}
	for _, c := range change {
		c(&o)
	}
	client, err := api.NewClient(o)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// send sends a request that package api would not send.
func (s *testServer) send(t *testing.T, method, path, body string, headers ...string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.base+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if s.token != "" {
		req.Header.Set("Authorization", "Bearer "+s.token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := s.transport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		t.Fatal(err)
	}
	return resp, string(text)
}

// secretCheckingTransport searches every response for secrets.
type secretCheckingTransport struct {
	t    *testing.T
	next http.RoundTripper
}

func (w *secretCheckingTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := w.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		return nil, err
	}
	checkNoSecrets(w.t, r.Method+" "+r.URL.Path, string(body))
	for _, values := range resp.Header {
		checkNoSecrets(w.t, "a header", strings.Join(values, ""))
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

func checkNoSecrets(t *testing.T, where, text string) {
	t.Helper()
	if i := strings.Index(text, "canary"); i >= 0 {
		t.Errorf("%s contains a secret: …%s", where, text[max(0, i-80):min(len(text), i+20)])
	}
}

type lockedBuffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.String()
}

// newConnection is a request for a connection that works.
func newConnection(name, system string) api.CreateConnection {
	return api.CreateConnection{
		Name: name, System: system,
		Settings:    map[string]string{"address": workingAddress, "username": "svc@example.com"},
		Credentials: map[string]string{"password": goodPassword},
	}
}

func (s *testServer) connect(t *testing.T, name, system string) api.Connection {
	t.Helper()
	c, err := s.client.CreateConnection(t.Context(), newConnection(name, system))
	if err != nil {
		t.Fatal(err)
	}
	return c
}
