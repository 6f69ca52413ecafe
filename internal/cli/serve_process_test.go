//go:build unix

package cli_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/storage"
)

// serveProcess is a process that runs the subcommand serve.
type serveProcess struct {
	*exec.Cmd
	url string
	// log has the lines that follow the first one.
	log <-chan string
}

func startServe(t *testing.T, args ...string) serveProcess {
	t.Helper()
	return startServeWith(t, nil, args...)
}

// startServeWith adds variables to the environment.
func startServeWith(t *testing.T, environment []string, args ...string) serveProcess {
	t.Helper()
	p := serveProcess{Cmd: exec.CommandContext(t.Context(), os.Args[0],
		append([]string{"serve", "--listen", "127.0.0.1:0", "--log-format", "json"}, args...)...)}
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "RIVA_") {
			p.Env = append(p.Env, variable)
		}
	}
	p.Env = append(append(p.Env, asCommand+"=1"), environment...)
	stderr, err := p.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(stderr)
	first, err := lines.ReadString('\n')
	if err != nil {
		t.Fatalf("the process printed %q: %v", first, err)
	}
	var serving struct{ Msg, Address string }
	if err := json.Unmarshal([]byte(first), &serving); err != nil || serving.Msg != "serving" {
		t.Fatalf("the first line is %s (%v)", first, err)
	}
	p.url = "http://" + serving.Address
	rest := make(chan string, 1)
	go func() {
		text, _ := io.ReadAll(lines)
		rest <- string(text)
	}()
	p.log = rest
	return p
}

// get sends a request without credentials, and returns the status.
func (p serveProcess) get(t *testing.T, path string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.url+path, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Error(err)
	}
	return resp.StatusCode
}

func TestServeStopsOnSignal(t *testing.T) {
	t.Parallel()
	for name, sent := range map[string]os.Signal{"terminate": syscall.SIGTERM, "interrupt": os.Interrupt} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			data, keyset := filepath.Join(dir, "data"), filepath.Join(dir, "keyset.json")
			mustExecute(t, "keys", "create", keyset)
			p := startServe(t, "--data-dir", data, "--keyset", keyset)
			if status := p.get(t, "/readyz"); status != http.StatusOK {
				t.Errorf("/readyz: status %d", status)
			}
			if status := p.get(t, "/v1/connections"); status != http.StatusUnauthorized {
				t.Errorf("without a token: status %d", status)
			}
			if err := p.Process.Signal(sent); err != nil {
				t.Fatal(err)
			}
			log := <-p.log
			if err := p.Wait(); err != nil || !strings.Contains(log, `"msg":"stopped"`) {
				t.Errorf("%v:\n%s", err, log)
			}
			if _, err := os.Stat(filepath.Join(data, "riva.db-wal")); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("the write-ahead log was left: %v", err)
			}
		})
	}
}

// Two replicas run with a role that has the rights that the subcommand migrate prints, and no others.
func TestServeRunsWithLeastRights(t *testing.T) { //nolint:paralleltest // it sets environment variables
	d := newDatabase(t)
	var done struct{ Grants []string }
	if err := json.Unmarshal([]byte(mustExecute(t, "migrate", "--json")), &done); err != nil {
		t.Fatal(err)
	}
	role, address := d.role(t)
	for _, statement := range done.Grants {
		d.run(t, strings.ReplaceAll(statement, storage.RunRole, role))
	}
	file := filepath.Join(t.TempDir(), "database-url")
	if err := os.WriteFile(file, []byte(address+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, p := range []serveProcess{
		startServeWith(t, []string{"RIVA_DATABASE_URL=" + address, "RIVA_KEYSET=" + d.keyset}),
		startServe(t, "--database-url-file", file, "--keyset", d.keyset, "--database-connections", "4"),
	} {
		if status := p.get(t, "/readyz"); status != http.StatusOK {
			t.Errorf("/readyz: status %d", status)
		}
		if status := p.get(t, "/oauth/keys"); status != http.StatusOK { // the first request makes a key
			t.Errorf("/oauth/keys: status %d", status)
		}
		if err := p.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		log := <-p.log
		if err := p.Wait(); err != nil || strings.Contains(log, "level\":\"ERROR") || strings.Contains(log, canary) {
			t.Errorf("%v:\n%s", err, log)
		}
	}
}

func TestServeEndsWithStatus2(t *testing.T) {
	t.Parallel()
	command := exec.CommandContext(t.Context(), os.Args[0], "serve", "--lissten", ":8443")
	command.Env = append(os.Environ(), asCommand+"=1")
	out, err := command.CombinedOutput()
	exit, ok := errors.AsType[*exec.ExitError](err)
	if !ok || exit.ExitCode() != 2 || strings.Count(string(out), "\n") != 1 {
		t.Errorf("%v:\n%s", err, out)
	}
}
