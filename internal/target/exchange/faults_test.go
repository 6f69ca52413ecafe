package exchange_test

import (
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

// requireFault signs in, which must fail, and returns the fault.
func requireFault(t *testing.T, a target.Account) *target.Fault {
	t.Helper()
	_, err := conformance.RunTest(t, a, target.General, "")
	fault, ok := target.AsFault(err)
	if !ok {
		t.Fatalf("got %v, want a fault", err)
	}
	return fault
}

func TestThrottlingHasWait(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]sandboxcore.Fault{
		"SOAP fault": ews.Busy(297749 * time.Millisecond),
		"item error": ews.ItemError("ErrorServerBusy").Wait(297749 * time.Millisecond),
		"queueing":   ews.Queueing(297749 * time.Millisecond),
	} {
		server := start(t, sandbox.Options{})
		conformance.FailUntilCleared(t, server, fault)
		if got := requireFault(t, account(server)); got.Code != target.Throttled || got.RetryAfter != 297749*time.Millisecond {
			t.Errorf("%s: got %s after %s", name, got.Code, got.RetryAfter)
		}
	}
}

// respond is an account of a server with a fixed response.
func respond(t *testing.T, status int, header http.Header, body string) target.Account {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/xml; charset=utf-8")
		maps.Copy(w.Header(), header)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	a := account(start(t, sandbox.Options{}))
	a.Settings["ews_url"] = server.URL + "/EWS/Exchange.asmx"
	return a
}
