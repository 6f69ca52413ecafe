package netsuite_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/netsuite"
)

// steer sends an order to a control endpoint for the server.
func steer(t *testing.T, server *netsuite.Server) func(method, path, body string) (int, string) {
	t.Helper()
	control, err := sandbox.StartControl("127.0.0.1:0", server)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		if err := control.Close(); err != nil {
			t.Error(err)
		}
	})
	return func(method, path, body string) (int, string) {
		req, err := http.NewRequestWithContext(context.Background(), method, control.URL()+"/netsuite"+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := transport.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(resp.Body)
		if err != nil || resp.Body.Close() != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, string(text)
	}
}

func TestOrders(t *testing.T) {
	t.Parallel()
	server := start(t, netsuite.Options{})
	order := steer(t, server)
	for _, o := range []struct {
		method, path, body string
		done               func() bool
	}{
		{http.MethodPatch, "/account", `{"detailed":true,"name":"Another"}`, func() bool {
			return server.Account().Detailed && server.Account().Name == "Another" && server.Account().REST
		}},
		{http.MethodPatch, "/integration", `{"enabled":false}`, func() bool { return !server.Integration().Enabled }},
		{http.MethodPatch, "/token", `{"revoked":true}`, func() bool { return server.Token().Revoked }},
		{http.MethodPatch, "/role", `{"mail":false}`, func() bool { return !server.Role().Mail && server.Role().Calendar }},
		{http.MethodPatch, "/employees/Ada%20Lovelace", `{"email":"team@example.com"}`, func() bool {
			return server.Employees()[1].Email == "team@example.com"
		}},
		{http.MethodPost, "/record-types", `{"name":"customrecord_riva"}`, func() bool { return true }},
		{http.MethodPost, "/throttle", `{"wait_ms":5000,"times":2}`, func() bool { return server.Pending()[0].Left == 2 }},
	} {
		if status, text := order(o.method, o.path, o.body); status != http.StatusOK || !o.done() {
			t.Errorf("%s %s: %d %s", o.method, o.path, status, text)
		}
	}
	for _, o := range []struct {
		method, path, body string
		status             int
	}{
		{http.MethodPatch, "/employees/Nobody", `{"inactive":true}`, http.StatusNotFound},
		{http.MethodPatch, "/token", `{"user":"Nobody"}`, http.StatusNotFound},
		{http.MethodPatch, "/token", `{"odd":1}`, http.StatusBadRequest},
		{http.MethodPost, "/record-types", `{"name":"no name"}`, http.StatusBadRequest},
	} {
		if status, text := order(o.method, o.path, o.body); status != o.status {
			t.Errorf("%s %s: %d %s", o.method, o.path, status, text)
		}
	}
	status, text := order(http.MethodPost, "/reset", "")
	if status != http.StatusOK || server.Token().Revoked || !server.Role().Mail || len(server.Pending()) != 0 ||
		server.Employees()[1].Email != "ada@example.com" {
		t.Errorf("%d %s", status, text)
	}
}

func TestChangedSecret(t *testing.T) {
	t.Parallel()
	server := start(t, netsuite.Options{})
	old := newClient(server)
	changed, err := server.ChangeSecret()
	if err != nil || len(changed) != 1 || changed[0].Value != server.Token().Secret {
		t.Fatal(changed, err)
	}
	if resp, _ := old.call(t, http.MethodGet, "/rest/tokeninfo", "", ""); resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("the old secret: %d", resp.StatusCode)
	}
	if resp, _ := newClient(server).call(t, http.MethodGet, "/rest/tokeninfo", "", ""); resp.StatusCode != http.StatusOK {
		t.Errorf("the new secret: %d", resp.StatusCode)
	}
}

func TestSeedsThatCannotBe(t *testing.T) {
	t.Parallel()
	for _, spoil := range []func(*netsuite.Seed){
		func(s *netsuite.Seed) { s.Account.ID = "" },
		func(s *netsuite.Seed) { s.Token.User = "Nobody" },
	} {
		seed := netsuite.NewSeed()
		spoil(&seed)
		if server, err := netsuite.Start(netsuite.Options{Seed: &seed}); err == nil {
			_ = server.Close()
			t.Error("it starts")
		}
	}
}
