package netsuite_test

import (
	"net/http"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/netsuite"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

func TestControlRequests(t *testing.T) {
	t.Parallel()
	server := start(t, netsuite.Options{})
	p := sandboxtest.Control(t, server)
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
		if p.Do(o.method, o.path, o.body); !o.done() {
			t.Errorf("%s %s: it has no effect", o.method, o.path)
		}
	}
	p.Expect(http.MethodPatch, "/employees/Nobody", `{"inactive":true}`, http.StatusNotFound, "no such employee")
	p.Expect(http.MethodPatch, "/token", `{"user":"Nobody"}`, http.StatusNotFound, "no such employee")
	p.Expect(http.MethodPatch, "/token", `{"odd":1}`, http.StatusBadRequest, "unknown field")
	p.Expect(http.MethodPost, "/record-types", `{"name":"no name"}`, http.StatusBadRequest, "letters")
	state := p.Do(http.MethodPost, "/reset", "")
	if server.Token().Revoked || !server.Role().Mail || len(server.Pending()) != 0 ||
		server.Employees()[1].Email != "ada@example.com" {
		t.Error(state)
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

func TestInvalidSeeds(t *testing.T) {
	t.Parallel()
	for _, modify := range []func(*netsuite.Seed){
		func(s *netsuite.Seed) { s.Account.ID = "" },
		func(s *netsuite.Seed) { s.Token.User = "Nobody" },
	} {
		seed := netsuite.NewSeed()
		modify(&seed)
		if server, err := netsuite.Start(netsuite.Options{Seed: &seed}); err == nil {
			_ = server.Close()
			t.Error("an invalid seed was accepted")
		}
	}
}
