package serve_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/serve"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/storage"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
)

// logBuffer is a log.
type logBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// replica is a running server.
type replica struct {
	*serve.Server
	url string
	log *logBuffer
	// signal begins the stop, as a signal to the process does, and ended is its result.
	signal func()
	ended  chan error
}

// start starts a server on a loopback port, with metrics, which stops at the end of the test.
func start(t *testing.T, o serve.Options) *replica {
	t.Helper()
	r := &replica{log: &logBuffer{}, ended: make(chan error, 1)}
	o.Logger = slog.New(slog.NewJSONHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	o.Listen, o.MetricsListen, o.Version = "127.0.0.1:0", "127.0.0.1:0", "0.0.0-test"
	o.Storage.Systems = catalog.All()
	if o.Storage.DataDir == "" && o.Storage.DatabaseURL == "" {
		o.Storage = newDataDir(t)
	}
	var err error
	if r.Server, err = serve.Start(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	r.url = "http://" + r.Address()
	if o.TLSCertificate != "" {
		r.url = "https://" + r.Address()
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	r.signal = cancel
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.ended <- r.Run(ctx)
	}()
	t.Cleanup(func() {
		cancel()
		<-done
		select {
		case err := <-r.ended:
			if err != nil {
				t.Errorf("stop: %v", err)
			}
		default: // the test has looked at it
		}
	})
	return r
}

// newDataDir is a new data directory, with a keyset.
func newDataDir(t *testing.T) storage.Options {
	t.Helper()
	dir := t.TempDir()
	o := storage.Options{DataDir: filepath.Join(dir, "data"), Keyset: filepath.Join(dir, "keyset.json"), Systems: catalog.All()}
	if _, _, err := storage.CreateKeyset(t.Context(), o.Keyset); err != nil {
		t.Fatal(err)
	}
	return o
}

// on is the storage of a database.
func on(d storetest.Database) storage.Options {
	return storage.Options{DatabaseURL: d.Address, KeysetJSON: string(d.Keyset), Systems: catalog.All(), Connections: 4}
}

// client is a client that trusts a certificate (PEM) and shares no connections.
func client(t *testing.T, authority string) *http.Client {
	t.Helper()
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM([]byte(authority))
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, ForceAttemptHTTP2: true}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: time.Minute}
}

type answer struct {
	*http.Response
	body string
}

// get sends a request with headers, as pairs of names and values.
func get(t *testing.T, c *http.Client, url string, headers ...string) answer {
	t.Helper()
	a, err := try(t.Context(), c, http.MethodGet, url, nil, headers...)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func try(ctx context.Context, c *http.Client, method, url string, body io.Reader, headers ...string) (answer, error) {
	r, err := http.NewRequestWithContext(ctx, method, url, body)
	if err != nil {
		return answer{}, err
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	resp, err := c.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close() //nolint:errcheck // only read from
	text, err := io.ReadAll(resp.Body)
	return answer{resp, string(text)}, err
}

func write(t *testing.T, path, text string) {
	t.Helper()
	// Renamed into place, as tools that renew certificates do.
	draft := path + ".new"
	if err := os.WriteFile(draft, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(draft, path); err != nil {
		t.Fatal(err)
	}
}

// metrics returns the lines of the metrics that begin with a name.
func (r *replica) metrics(t *testing.T, name string) []string {
	t.Helper()
	var found []string
	for line := range strings.Lines(get(t, client(t, ""), "http://"+r.MetricsAddress()+"/metrics").body) {
		if strings.HasPrefix(line, name) {
			found = append(found, strings.TrimSpace(line))
		}
	}
	return found
}
