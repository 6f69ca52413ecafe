package netsuite_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/netsuite"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// NetSuite limits the concurrent connections of all programs together.
func TestCloseClosesConnections(t *testing.T) {
	t.Parallel()
	closed := make(chan net.Conn, 10)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"items":[],"companyId":"1234567","userId":1}`))
	}))
	server.Config.ConnState = func(c net.Conn, state http.ConnState) {
		if state == http.StateClosed {
			closed <- c
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	a := account(start(t, sandbox.Options{}))
	a.Settings["account_id"], a.Settings["api_url"] = "1234567", server.URL
	session, _, err := call.SignIn(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	if err := session.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	select {
	case <-closed:
	case <-time.After(10 * time.Second):
		t.Error("a connection stays open")
	}
}
