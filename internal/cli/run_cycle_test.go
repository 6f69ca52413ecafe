package cli_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
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

// home is a data directory with an enabled policy "Mail", its connections and three users, one of them disabled.
type home struct {
	exchange        *exchange.Server
	salesforce      *salesforce.Server
	dataDir, keyset string
}

func newHome(t *testing.T) *home {
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
	h := &home{exchange: server, salesforce: crm, dataDir: filepath.Join(dir, "data"), keyset: filepath.Join(dir, "keyset.json")}
	plane, err := embedded.Open(t.Context(), embedded.Options{DataDir: h.dataDir, Keyset: h.keyset, Systems: catalog.All()})
	if err != nil {
		t.Fatalf("open the control plane: %v", err)
	}
	client, err := api.NewClient(api.Options{BaseURL: embedded.BaseURL, Transport: plane})
	if err == nil {
		err = h.fill(t.Context(), client)
	}
	if err := errors.Join(err, plane.Close()); err != nil {
		t.Fatalf("prepare the control plane: %v", err)
	}
	return h
}

func (h *home) fill(ctx context.Context, client *api.Client) error {
	mail, err := client.CreateConnection(ctx, api.CreateConnection{
		Name: "Exchange", System: "exchange",
		Settings:    map[string]string{"ews_url": h.exchange.URL(), "username": h.exchange.Service().Email},
		Credentials: map[string]string{"password": h.exchange.Service().Password},
	})
	if err != nil {
		return err
	}
	app := h.salesforce.App()
	crm, err := client.CreateConnection(ctx, api.CreateConnection{
		Name: "Salesforce", System: "salesforce",
		Settings: map[string]string{
			"login_url": h.salesforce.LoginURL(), "username": h.salesforce.Service().Username, "client_id": app.ConsumerKey,
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

// run runs the command as a shell would.
func (h *home) run(ctx context.Context, args ...string) (out string, err error) {
	var text strings.Builder
	err = h.runTo(ctx, &text, args...)
	return text.String(), err
}

func (h *home) runTo(ctx context.Context, out io.Writer, args ...string) error {
	command := newCommand(append([]string{"run-cycle", "--data-dir", h.dataDir, "--keyset", h.keyset}, args...)...)
	command.SetOut(out)
	command.SetErr(io.Discard)
	return command.ExecuteContext(ctx)
}

func TestRunCycleDuringAndAfterOutage(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	out, err := h.run(t.Context(), "mail")
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

	if err := h.exchange.Down(); err != nil {
		t.Fatal(err)
	}
	out, err = h.run(t.Context(), "Mail")
	if err == nil || !strings.Contains(err.Error(), target.SystemNotAvailable.Title()) {
		t.Errorf("the cycle in the outage gave the error %v", err)
	}
	if strings.Count(out, "Exchange: "+target.SystemNotAvailable.Title()) != 3 || !strings.Contains(out, "  1. ") {
		t.Errorf("want the fault for each of two users, and once with help:\n%s", out)
	}

	if err := h.exchange.Up(); err != nil {
		t.Fatal(err)
	}
	if out, err = h.run(t.Context(), "Mail"); err != nil {
		t.Errorf("the cycle after the outage failed: %v\n%s", err, out)
	}
}

func TestRunCycleRejectsInvalidInput(t *testing.T) {
	t.Parallel()
	empty := t.TempDir()
	for name, dir := range map[string]string{"absent": filepath.Join(empty, "absent"), "empty": empty} {
		h := home{dataDir: dir, keyset: filepath.Join(t.TempDir(), "keyset.json")}
		_, err := h.run(t.Context(), "Mail")
		if err == nil || !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), "RIVA_DATA_DIR") {
			t.Errorf("%s: the error is %v, want one that names the directory and what to set", name, err)
		}
	}
	left, err := os.ReadDir(empty)
	if err != nil || len(left) != 0 {
		t.Errorf("something was made: %v (error %v)", left, err)
	}
}

func TestRunCycleNeedsOnePolicy(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	for wanted, args := range map[string][]string{
		"name one sync policy": nil,
		"by id or name":        {"Mail", "Calendars"},
		`"Calendars"`:          {"Calendars"},
	} {
		if out, err := h.run(t.Context(), args...); err == nil || !strings.Contains(err.Error(), wanted) || out != "" {
			t.Errorf("%v: error %v, want %q in it, and no output but\n%s", args, err, wanted, out)
		}
	}
}

func TestRunCycleReadsTheEnvironment(t *testing.T) {
	h := newHome(t)
	t.Setenv("RIVA_DATA_DIR", h.dataDir)
	t.Setenv("RIVA_KEYSET", h.keyset)
	t.Setenv("RIVA_ENDPOINT", "")
	bare := func() error {
		command := newCommand("run-cycle", "Mail")
		command.SetOut(io.Discard)
		return command.ExecuteContext(t.Context())
	}
	if err := bare(); err != nil {
		t.Error(err)
	}

	// The provider takes the endpoint then, so that a data directory that lies about must not be taken for what is meant.
	t.Setenv("RIVA_ENDPOINT", "https://riva.example.com")
	if err := bare(); err == nil || !strings.Contains(err.Error(), "shared control plane") ||
		!strings.Contains(err.Error(), "cycles run there") || !strings.Contains(err.Error(), "--data-dir") {
		t.Errorf("with an endpoint the error is %v", err)
	}
	if out, err := h.run(t.Context(), "Mail"); err != nil {
		t.Errorf("with a data directory that is named: %v\n%s", err, out)
	}
}

// onWrite calls itself when something is written.
type onWrite func()

func (f onWrite) Write(p []byte) (int, error) {
	f()
	return len(p), nil
}

// A cycle that is cancelled must not go on, nor stand in the way of the next one.
func TestRunCycleEndsTheCycleWhenItIsCancelled(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	if err := h.exchange.Fail(sandbox.Slow(), sandbox.UntilCleared); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	began := time.Now()
	err := h.runTo(ctx, onWrite(cancel), "Mail")
	if err == nil || !strings.Contains(err.Error(), "interrupted") || time.Since(began) > 10*time.Second {
		t.Errorf("after %s: the error is %v", time.Since(began), err)
	}
	h.exchange.Clear()
	if out, err := h.run(t.Context(), "Mail"); err != nil {
		t.Errorf("the next cycle failed: %v\n%s", err, out)
	}
}
