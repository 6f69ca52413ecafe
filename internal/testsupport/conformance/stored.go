package conformance

import (
	"net/http"
	"path/filepath"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/embedded"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// maxUnclear is how often credentials are sent that the system, or something in between, refuses without saying why.
const maxUnclear = 5

// stored is a control plane for connections to a stand-in.
type stored struct {
	standIn StandIn
	account target.Account
	client  *api.Client
}

func (s Suite) stored(t *testing.T) stored {
	t.Helper()
	standIn, account := s.Start(t, nil)
	dir := t.TempDir()
	control, err := embedded.Open(t.Context(), embedded.Options{
		DataDir: filepath.Join(dir, "data"), Keyset: filepath.Join(dir, "keyset.json"), Network: account.Network,
		Systems: target.Catalog{account.System},
	})
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
	return stored{standIn, account, client}
}

func (s stored) create(t *testing.T) (api.Connection, error) {
	t.Helper()
	return s.client.CreateConnection(t.Context(), api.CreateConnection{
		Name: "Connection", System: s.account.System.Name, Settings: s.account.Settings, Credentials: s.account.Credentials,
	})
}

func (s stored) test(t *testing.T, id string, force bool) api.TestResult {
	t.Helper()
	result, err := s.client.RunTest(t.Context(), id, api.RunTest{Force: force})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// gateway makes every call meet the page of a sign-in gateway.
func (s stored) gateway(t *testing.T) {
	t.Helper()
	FailUntilCleared(t, s.standIn, sandbox.PageWith(http.StatusForbidden, ""))
}

// unclearSixTimes tests that an unclear refusal is sent at most five times, is no verdict, and that force passes.
func (s Suite) unclearSixTimes(t *testing.T) {
	t.Parallel()
	at := s.stored(t)
	created, err := at.create(t)
	if err != nil {
		t.Fatal(err)
	}
	at.gateway(t)
	for range maxUnclear {
		result := at.test(t, created.ID, false)
		if result.Fault == nil || result.Fault.Certain || result.Remembered {
			t.Fatalf("got %+v with the fault %+v", result, result.Fault)
		}
	}
	before := len(at.standIn.Requests())
	result := at.test(t, created.ID, false)
	if result.Fault == nil || result.Fault.Certain || !result.Remembered || len(at.standIn.Requests()) != before {
		t.Errorf("the sixth test sent %d calls: %+v, %+v", len(at.standIn.Requests())-before, result, result.Fault)
	}
	at.standIn.Clear()
	if result = at.test(t, created.ID, true); !result.Passed {
		t.Errorf("with force: %+v", result.Fault)
	}
}

// unclearSave tests that a save that meets an unclear refusal stores nothing.
func (s Suite) unclearSave(t *testing.T) {
	t.Parallel()
	at := s.stored(t)
	at.gateway(t)
	_, err := at.create(t)
	requireUnclear(t, err)
	if found, err := at.client.Connections(t.Context(), api.ConnectionFilter{}); err != nil || len(found) != 0 {
		t.Errorf("the create stored %v, %v", found, err)
	}
	at.standIn.Clear()
	created, err := at.create(t)
	if err != nil {
		t.Fatal(err)
	}
	at.gateway(t)
	_, err = at.client.UpdateCredentials(t.Context(), created.ID, 0, api.UpdateCredentials{Credentials: at.account.Credentials})
	requireUnclear(t, err)
	at.standIn.Clear()
	found, err := at.client.Connection(t.Context(), created.ID)
	if err != nil || found.Revision != created.Revision || found.Status == api.StatusBlank {
		t.Errorf("the update left %+v, %v", found, err)
	}
	if result := at.test(t, created.ID, true); !result.Passed {
		t.Errorf("the stored credentials: %+v", result.Fault)
	}
}

// requireUnclear fails the test unless an error is an unclear refusal.
func requireUnclear(t *testing.T, err error) {
	t.Helper()
	problem, ok := api.AsProblem(err)
	if !ok || problem.Fault == nil || problem.Fault.Certain {
		t.Fatalf("got %v, want an unclear refusal", err)
	}
}
