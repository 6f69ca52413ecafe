//go:build unix

package cli_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/cli"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/embedded"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/servetest"
)

func TestMain(m *testing.M) {
	if os.Getenv(servetest.AsCommand) == "" {
		// Commands that these tests start handle SIGHUP by default, even if the tests run under nohup.
		signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP)
		m.Run()
		return
	}
	os.Exit(cli.Report(os.Stderr, newCommand(os.Args[1:]...).Execute())) //nolint:forbidigo // this process is the command
}

// A cycle of a process that has ended must not block the next one, and the database file must be complete.
func TestRunCycleSavesEverythingOnSignal(t *testing.T) {
	t.Parallel()
	for name, sent := range map[string]os.Signal{
		"terminate": syscall.SIGTERM, "interrupt": os.Interrupt, "terminal closed": syscall.SIGHUP,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			if err := f.exchange.Fail(sandbox.Slow(), sandbox.UntilCleared); err != nil {
				t.Fatal(err)
			}
			before := len(f.exchange.Requests())
			var out bytes.Buffer
			command := exec.CommandContext(t.Context(), os.Args[0], "run-cycle", "--data-dir", f.dataDir, "--keyset", f.keyset, "Mail")
			command.Env = append(os.Environ(), servetest.AsCommand+"=1")
			command.Stdout, command.Stderr = &out, &out
			if err := command.Start(); err != nil {
				t.Fatal(err)
			}
			ticker, timeout := time.NewTicker(10*time.Millisecond), time.NewTimer(30*time.Second)
			defer ticker.Stop()
			for len(f.exchange.Requests()) == before {
				select {
				case <-ticker.C:
				case <-timeout.C:
					t.Fatal("the cycle does not sign in")
				}
			}
			began := time.Now()
			if err := command.Process.Signal(sent); err != nil {
				t.Fatal(err)
			}
			err := command.Wait()
			exit, failed := errors.AsType[*exec.ExitError](err)
			if !failed || exit.ExitCode() != 1 || !strings.Contains(out.String(), "Error: interrupted") ||
				time.Since(began) > 25*time.Second {
				t.Errorf("%v after %s:\n%s", err, time.Since(began), out.String())
			}
			if _, err := os.Stat(filepath.Join(f.dataDir, "riva.db-wal")); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("the write-ahead log was left: %v", err)
			}
			f.wantInterrupted(t)
		})
	}
}

// wantInterrupted checks that the last cycle of the policy is saved as interrupted.
func (f *fixture) wantInterrupted(t *testing.T) {
	t.Helper()
	control, err := embedded.Open(t.Context(), embedded.Options{DataDir: f.dataDir, Keyset: f.keyset, Systems: catalog.All()})
	if err != nil {
		t.Fatal(err)
	}
	defer control.Close() //nolint:errcheck // only read from
	client, err := api.NewClient(api.Options{BaseURL: embedded.BaseURL, Transport: control})
	if err != nil {
		t.Fatal(err)
	}
	policy, err := client.PolicyByName(t.Context(), "Mail")
	if err != nil || policy.LastCycle == nil || policy.LastCycle.State != api.CycleInterrupted {
		t.Errorf("the policy is %+v (error %v), want its last cycle interrupted", policy, err)
	}
}
