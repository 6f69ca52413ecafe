//go:build unix

package cli_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/storage"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/servetest"
)

// get sends a request without credentials, and returns the status.
func get(t *testing.T, url string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
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
			p := servetest.Start(t, nil, "--data-dir", data, "--keyset", keyset)
			if status := get(t, p.URL+"/readyz"); status != http.StatusOK {
				t.Errorf("/readyz: status %d", status)
			}
			if status := get(t, p.URL+"/v1/connections"); status != http.StatusUnauthorized {
				t.Errorf("without a token: status %d", status)
			}
			if err := p.Process.Signal(sent); err != nil {
				t.Fatal(err)
			}
			log, err := p.End()
			if err != nil || !strings.Contains(log, `"msg":"stopped"`) {
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
	for _, p := range []*servetest.Process{
		servetest.Start(t, []string{"RIVA_DATABASE_URL=" + address, "RIVA_KEYSET=" + d.keyset}),
		servetest.Start(t, nil, "--database-url-file", file, "--keyset", d.keyset, "--database-connections", "4"),
	} {
		if status := get(t, p.URL+"/readyz"); status != http.StatusOK {
			t.Errorf("/readyz: status %d", status)
		}
		if status := get(t, p.URL+"/oauth/keys"); status != http.StatusOK { // the first request makes a key
			t.Errorf("/oauth/keys: status %d", status)
		}
		if err := p.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		log, err := p.End()
		if err != nil || strings.Contains(log, "level\":\"ERROR") || strings.Contains(log, canary) {
			t.Errorf("%v:\n%s", err, log)
		}
	}
}

func TestServeEndsWithStatus2(t *testing.T) {
	t.Parallel()
	command := exec.CommandContext(t.Context(), os.Args[0], "serve", "--lissten", ":8443")
	command.Env = append(os.Environ(), servetest.AsCommand+"=1")
	out, err := command.CombinedOutput()
	exit, ok := errors.AsType[*exec.ExitError](err)
	if !ok || exit.ExitCode() != 2 || strings.Count(string(out), "\n") != 1 {
		t.Errorf("%v:\n%s", err, out)
	}
}
