package embedded_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/embedded"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

const canary = "canary-e2c9"

// In tests with several processes, the test binary is also the other processes: with this variable set, it opens that data
// directory, prints the instance id and exits.
const otherProcess = "EMBEDDED_TEST_DATA_DIR"

func TestMain(m *testing.M) {
	dir := os.Getenv(otherProcess)
	if dir == "" {
		m.Run()
		return
	}
	if err := visit(context.Background(), dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
}

// visit opens the control plane, reads and writes, and closes it, as a short-lived process does.
func visit(ctx context.Context, dir string) (err error) {
	control, err := embedded.Open(ctx, embedded.Options{DataDir: dir, Systems: systems(nil)})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, control.Close()) }()
	client, err := api.NewClient(api.Options{BaseURL: embedded.BaseURL, Transport: control})
	if err != nil {
		return err
	}
	instance, err := client.Instance(ctx)
	if err != nil {
		return err
	}
	if _, err := client.CreateUser(ctx, api.CreateUser{Email: fmt.Sprintf("p%d@example.com", os.Getpid())}); err != nil {
		return err
	}
	_, err = fmt.Println(instance.ID) //nolint:forbidigo // read by the test that started this process
	return err
}

// systems is a catalog of one system, without a network.
func systems(signIn func(context.Context) error) []*target.System {
	return []*target.System{{
		Name: "mail", Title: "Mail", Kind: target.Email,
		Fields: []target.Field{
			{Name: "address", Type: target.URL, Required: true, Binds: true},
			{Name: "username", Required: true, Binds: true},
			{Name: "password", Secret: true},
		},
		Grants: []target.Grant{{Name: "password", Secrets: []string{"password"}}},
		Tests:  []target.Test{target.General}, UserTest: target.General,
		SignIn: func(ctx context.Context, a target.Account) (target.Session, error) {
			if signIn != nil {
				if err := signIn(ctx); err != nil {
					return nil, err
				}
			}
			return session(a.Settings["username"]), nil
		},
	}}
}

type session string

func (s session) Identity() target.Identity { return target.Identity{Username: string(s)} }
func (session) Run(context.Context, target.Test, string) (target.Text, error) {
	return target.Say("fine"), nil
}
func (session) Scheme() string { return "" }

func (session) Close(context.Context) error { return nil }

func connection() api.CreateConnection {
	return api.CreateConnection{
		Name: "Mail", System: "mail", Credentials: map[string]string{"password": canary},
		Settings: map[string]string{"address": "http://127.0.0.1:1/x", "username": "svc@example.com"},
	}
}

// open opens a control plane and closes it at the end of the test.
func open(t *testing.T, o embedded.Options) (*embedded.ControlPlane, *api.Client) {
	t.Helper()
	if o.Systems == nil {
		o.Systems = systems(nil)
	}
	control, err := embedded.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return control, clientOf(t, control)
}

// clientOf returns a client of a control plane, which is closed at the end of the test.
func clientOf(t *testing.T, control interface {
	http.RoundTripper
	Close() error
},
) *api.Client {
	t.Helper()
	t.Cleanup(func() {
		if err := control.Close(); err != nil {
			t.Error(err)
		}
	})
	client, err := api.NewClient(api.Options{BaseURL: embedded.BaseURL, Transport: control})
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// openError returns the error of an Open that must fail.
func openError(t *testing.T, o embedded.Options) error {
	t.Helper()
	control, err := embedded.Open(t.Context(), o)
	if err == nil {
		t.Fatal("it was opened", control.Close())
	}
	return err
}

// newOptions returns options with a data directory and a keyset for the test.
func newOptions(t *testing.T) embedded.Options {
	t.Helper()
	dir := t.TempDir()
	return embedded.Options{DataDir: filepath.Join(dir, "data"), Keyset: filepath.Join(dir, "keyset.json")}
}
