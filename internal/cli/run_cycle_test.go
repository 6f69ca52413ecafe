package cli_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/embedded"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
)

// fixture is a data directory with an enabled policy "Mail", its connections and three users, one of them disabled.
type fixture struct {
	exchange        *exchange.Server
	salesforce      *salesforce.Server
	dataDir, keyset string
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	server, err := exchange.Start(exchange.Options{})
	if err != nil {
		t.Fatalf("start the stand-in for Exchange: %v", err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Errorf("stop the stand-in for Exchange: %v", err)
		}
	})
	crm, err := salesforce.Start(salesforce.Options{})
	if err != nil {
		t.Fatalf("start the stand-in for Salesforce: %v", err)
	}
	t.Cleanup(func() {
		if err := crm.Close(); err != nil {
			t.Errorf("stop the stand-in for Salesforce: %v", err)
		}
	})
	dir := t.TempDir()
	f := &fixture{
		exchange: server, salesforce: crm, dataDir: filepath.Join(dir, "data"), keyset: filepath.Join(dir, "keys", "keyset.json"),
	}
	control, err := embedded.Open(t.Context(), embedded.Options{DataDir: f.dataDir, Keyset: f.keyset, Systems: catalog.All()})
	if err != nil {
		t.Fatalf("open the control plane: %v", err)
	}
	client, err := api.NewClient(api.Options{BaseURL: embedded.BaseURL, Transport: control})
	if err == nil {
		err = f.fill(t.Context(), client)
	}
	if err := errors.Join(err, control.Close()); err != nil {
		t.Fatalf("prepare the control plane: %v", err)
	}
	return f
}

func (f *fixture) fill(ctx context.Context, client *api.Client) error {
	mail, err := client.CreateConnection(ctx, api.CreateConnection{
		Name: "Exchange", System: "exchange",
		Settings:    map[string]string{"ews_url": f.exchange.URL(), "username": f.exchange.Service().Email},
		Credentials: map[string]string{"password": f.exchange.Service().Password},
	})
	if err != nil {
		return err
	}
	app := f.salesforce.App()
	crm, err := client.CreateConnection(ctx, api.CreateConnection{
		Name: "Salesforce", System: "salesforce",
		Settings: map[string]string{
			"login_url": f.salesforce.LoginURL(), "username": f.salesforce.Service().Username, "client_id": app.ConsumerKey,
		},
		Credentials: map[string]string{"private_key": app.PrivateKey},
	})
	if err != nil {
		return err
	}
	for email, enabled := range map[string]bool{"ada@example.com": true, "grace@example.com": true, "alan@example.com": false} {
		if _, err := client.CreateUser(ctx, api.CreateUser{Email: email, Enabled: enabled}); err != nil {
			return err
		}
	}
	_, err = client.CreatePolicy(ctx, api.CreatePolicy{
		Name: "Mail", CRMConnectionID: &crm.ID, EmailConnectionID: &mail.ID, Enabled: true, IntervalSeconds: 1800,
	})
	return err
}

// run runs the command as a shell would and returns its output.
func (f *fixture) run(ctx context.Context, args ...string) (out string, err error) {
	var output strings.Builder
	err = f.runTo(ctx, &output, args...)
	return output.String(), err
}

func (f *fixture) runTo(ctx context.Context, out io.Writer, args ...string) error {
	command := newCommand(append([]string{"run-cycle", "--data-dir", f.dataDir, "--keyset", f.keyset}, args...)...)
	command.SetOut(out)
	command.SetErr(io.Discard)
	return command.ExecuteContext(ctx)
}

func TestRunCycleDuringAndAfterOutage(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	out, err := f.run(t.Context(), "mail")
	if err != nil {
		t.Fatalf("the first cycle failed: %v\n%s", err, out)
	}
	for _, want := range []string{"ada@example.com", "grace@example.com", "moves no calendars", "2 users, 0 with a fault"} {
		if !strings.Contains(out, want) {
			t.Errorf("want %q in:\n%s", want, out)
		}
	}
	if strings.Contains(out, "alan@example.com") {
		t.Errorf("a disabled user was checked:\n%s", out)
	}

	if err := f.exchange.Down(); err != nil {
		t.Fatal(err)
	}
	out, err = f.run(t.Context(), "Mail")
	if err == nil || !strings.Contains(err.Error(), target.SystemNotAvailable.Title()) {
		t.Errorf("during the outage, the error is %v", err)
	}
	if strings.Count(out, "Exchange: "+target.SystemNotAvailable.Title()) != 3 || !strings.Contains(out, "  1. ") {
		t.Errorf("want the fault for each of two users, and its help once:\n%s", out)
	}

	if err := f.exchange.Up(); err != nil {
		t.Fatal(err)
	}
	if out, err = f.run(t.Context(), "Mail"); err != nil {
		t.Errorf("the cycle after the outage failed: %v\n%s", err, out)
	}
}

func TestRunCycleRejectsInvalidInput(t *testing.T) {
	t.Parallel()
	empty := t.TempDir()
	for name, dir := range map[string]string{"absent": filepath.Join(empty, "absent"), "empty": empty} {
		f := fixture{dataDir: dir, keyset: filepath.Join(t.TempDir(), "keyset.json")}
		_, err := f.run(t.Context(), "Mail")
		if err == nil || !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), "RIVA_DATA_DIR") {
			t.Errorf("%s: the error is %v, want one with the directory and what to set", name, err)
		}
	}
	entries, err := os.ReadDir(empty)
	if err != nil || len(entries) != 0 {
		t.Errorf("files were created: %v (error %v)", entries, err)
	}
}

func TestRunCycleWarnsOfDataDirectoryOfOthers(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		return
	}
	f := newFixture(t)
	if err := os.Chmod(f.dataDir, 0o777); err != nil {
		t.Fatal(err)
	}
	if out, err := f.run(t.Context(), "Mail"); err != nil || !strings.HasPrefix(out, "Warning: The data directory, "+f.dataDir) {
		t.Errorf("error %v, output\n%s", err, out)
	}
}

func TestRunCycleNeedsOnePolicy(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for wanted, args := range map[string][]string{
		"specify one sync policy": nil,
		"by id or name":           {"Mail", "Calendars"},
		`"Calendars"`:             {"Calendars"},
	} {
		if out, err := f.run(t.Context(), args...); err == nil || !strings.Contains(err.Error(), wanted) || out != "" {
			t.Errorf("%v: error %v, want %q in it, and no output, but got\n%s", args, err, wanted, out)
		}
	}
}

func TestRunCycleReadsTheEnvironment(t *testing.T) {
	f := newFixture(t)
	t.Setenv("RIVA_DATA_DIR", f.dataDir)
	t.Setenv("RIVA_KEYSET", f.keyset)
	t.Setenv("RIVA_ENDPOINT", "")
	withoutFlags := func() error {
		command := newCommand("run-cycle", "Mail")
		command.SetOut(io.Discard)
		return command.ExecuteContext(t.Context())
	}
	if err := withoutFlags(); err != nil {
		t.Error(err)
	}

	// With this variable, the provider uses the endpoint. So an existing data directory is probably not the one that is meant.
	t.Setenv("RIVA_ENDPOINT", "https://riva.example.com")
	if err := withoutFlags(); err == nil || !strings.Contains(err.Error(), "shared control plane") ||
		!strings.Contains(err.Error(), "cycles run there") || !strings.Contains(err.Error(), "--data-dir") {
		t.Errorf("with an endpoint, the error is %v", err)
	}
	if out, err := f.run(t.Context(), "Mail"); err != nil {
		t.Errorf("with --data-dir: %v\n%s", err, out)
	}
}

// onWrite is a writer that calls a function for each write.
type onWrite func()

func (f onWrite) Write(p []byte) (int, error) {
	f()
	return len(p), nil
}

// A canceled cycle must not continue, and must not block the next one.
func TestRunCycleEndsCycleIfCanceled(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	if err := f.exchange.Fail(sandbox.Slow(), sandbox.UntilCleared); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	start := time.Now()
	err := f.runTo(ctx, onWrite(cancel), "Mail")
	if err == nil || !strings.Contains(err.Error(), "interrupted") || time.Since(start) > 25*time.Second {
		t.Errorf("after %s: the error is %v", time.Since(start), err)
	}
	f.exchange.Clear()
	if out, err := f.run(t.Context(), "Mail"); err != nil {
		t.Errorf("the next cycle failed: %v\n%s", err, out)
	}
}
