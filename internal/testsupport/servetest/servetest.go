// Package servetest runs the subcommand serve in processes of its own, which tests use over the network and can kill. Its own
// tests are those of several replicas: killed ones, cycles, Terraform's applies, and secrets.
package servetest

import (
	"bufio"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/embedded"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
)

const (
	// AsCommand is the environment variable with which the main function of a test binary runs its arguments as the command line.
	AsCommand = "RIVA_TEST_COMMAND"
	// PublicURL is the address of a control plane with several replicas. Nothing listens there: see [Balancer].
	PublicURL = "http://127.0.0.1:1"
)

// Process is a process that runs the subcommand serve.
type Process struct {
	*exec.Cmd
	// URL is the address of the control plane, and MetricsURL that of the metrics; empty without them.
	URL, MetricsURL string

	mu   sync.Mutex
	log  strings.Builder
	read chan struct{} // closed when the whole log is read
	wait func() error
}

// Environment has the variables for the storage of a database.
func Environment(d storetest.Database) []string {
	storage := "RIVA_DATABASE_URL=" + d.Address
	if d.File != "" {
		storage = "RIVA_DATA_DIR=" + filepath.Dir(d.File)
	}
	return []string{storage, "RIVA_KEYSET_JSON=" + string(d.Keyset)}
}

// Start starts a process on a free port of this machine, and waits until it serves. The environment of this process is passed on
// without the variables of the program. The process is killed at the end of the test.
func Start(t *testing.T, environment []string, args ...string) *Process {
	t.Helper()
	p := &Process{read: make(chan struct{})}
	args = append([]string{"serve", "--listen", "127.0.0.1:0", "--log-format", "json"}, args...)
	p.Cmd = exec.CommandContext(t.Context(), os.Args[0], args...) //nolint:gosec // it is this binary, and tests choose the arguments
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "RIVA_") {
			p.Env = append(p.Env, variable)
		}
	}
	p.Env = append(append(p.Env, AsCommand+"=1"), environment...)
	stderr, err := p.StderrPipe()
	if err == nil {
		err = p.Cmd.Start()
	}
	if err != nil {
		t.Fatalf("start serve: %v", err)
	}
	p.wait = sync.OnceValue(func() error {
		<-p.read
		return p.Cmd.Wait()
	})
	t.Cleanup(func() {
		_ = p.Process.Kill() // it may have ended
		_ = p.wait()
	})
	serving := make(chan struct{})
	go p.readLog(bufio.NewReader(stderr), serving)
	select {
	case <-serving:
	case <-p.read:
		t.Fatalf("serve %q ended: %v\n%s", args, p.wait(), p.Log())
	}
	return p
}

// readLog reads the log, and closes serving when the process listens.
func (p *Process) readLog(from *bufio.Reader, serving chan<- struct{}) {
	defer close(p.read)
	for {
		line, err := from.ReadString('\n')
		p.mu.Lock()
		p.log.WriteString(line)
		p.mu.Unlock()
		var entry struct{ Msg, Address, Metrics string }
		if p.URL == "" && json.Unmarshal([]byte(line), &entry) == nil && entry.Msg == "serving" {
			p.URL = "http://" + entry.Address
			if entry.Metrics != "" {
				p.MetricsURL = "http://" + entry.Metrics + "/metrics"
			}
			close(serving)
		}
		if err != nil {
			return
		}
	}
}

// Log returns what the process has written so far.
func (p *Process) Log() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.String()
}

// End waits for the end of the process, and returns its whole log.
func (p *Process) End() (log string, err error) {
	err = p.wait()
	return p.Log(), err
}

// Kill ends the process as kill -9 does.
func (p *Process) Kill(t *testing.T) {
	t.Helper()
	if err := p.Process.Kill(); err != nil {
		t.Errorf("kill serve: %v", err)
	}
	_ = p.wait() // it reports that the process was killed
}

// Client is a client of the process.
func (p *Process) Client(t *testing.T, as api.IssuedClient) *api.Client {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return client(t, p.URL, transport, as)
}

func client(t *testing.T, url string, transport http.RoundTripper, as api.IssuedClient) *api.Client {
	t.Helper()
	tokens := api.Credentials{ClientID: as.Client.ID, ClientSecret: string(as.Secret)}.TokenSource(url, transport)
	c, err := api.NewClient(api.Options{
		BaseURL: url, Transport: transport, TokenSource: tokens, MaxRetries: 2 * api.DefaultMaxRetries, // replicas start slowly here
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// AsOwner calls a function with a client that has all rights, as the owner of the database has with a process of its own.
func AsOwner(t *testing.T, d storetest.Database, do func(*api.Client)) {
	t.Helper()
	o := embedded.Options{DatabaseURL: d.Address, KeysetJSON: string(d.Keyset), Systems: catalog.All()}
	if d.File != "" {
		o.DataDir = filepath.Dir(d.File)
	}
	control, err := embedded.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := control.Close(); err != nil {
			t.Error(err)
		}
	}()
	owner, err := api.NewClient(api.Options{BaseURL: embedded.BaseURL, Transport: control})
	if err != nil {
		t.Fatal(err)
	}
	do(owner)
}

// Register creates a client of the control plane, with scopes.
func Register(t *testing.T, d storetest.Database, scopes ...api.Scope) (issued api.IssuedClient) {
	t.Helper()
	AsOwner(t, d, func(owner *api.Client) {
		var err error
		if issued, err = owner.CreateClient(t.Context(), api.CreateRegisteredClient{Name: "pipeline", Scopes: scopes}); err != nil {
			t.Fatal(err)
		}
	})
	return issued
}
