package embedded_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/embedded"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

const canary = "canary-e2c9"

// The test binary is also the other process of the tests with several: with this variable set it opens the data directory
// of that name, writes its instance id and ends.
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

// visit does what a short-lived process does: open, read and write, close.
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

// systems is a catalog of one system without a network.
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

func (s session) Identity() target.Identity                              { return target.Identity{Username: string(s)} }
func (session) Run(context.Context, target.Test, string) (string, error) { return "fine", nil }
func (session) Close() error                                             { return nil }

func connection() api.CreateConnection {
	return api.CreateConnection{
		Name: "Mail", System: "mail", Credentials: map[string]string{"password": canary},
		Settings: map[string]string{"address": "http://127.0.0.1:1/x", "username": "svc@example.com"},
	}
}

// open opens a control plane that is closed with the test.
func open(t *testing.T, o embedded.Options) (*embedded.ControlPlane, *api.Client) {
	t.Helper()
	if o.Systems == nil {
		o.Systems = systems(nil)
	}
	control, err := embedded.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := control.Close(); err != nil {
			t.Error(err)
		}
	})
	client, err := api.NewClient(api.Options{BaseURL: embedded.BaseURL, Transport: control})
	if err != nil {
		t.Fatal(err)
	}
	return control, client
}

// refuse opens what must not open.
func refuse(t *testing.T, o embedded.Options) error {
	t.Helper()
	control, err := embedded.Open(t.Context(), o)
	if err == nil {
		t.Fatal("it opened", control.Close())
	}
	return err
}

// own are options with a keyset of the test's own.
func own(t *testing.T) embedded.Options {
	t.Helper()
	dir := t.TempDir()
	return embedded.Options{DataDir: filepath.Join(dir, "data"), Keyset: filepath.Join(dir, "keyset.json")}
}
