package serve_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/serve"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/waittest"
)

// lockTable makes requests that read a table wait until unlock is called.
func lockTable(t *testing.T, d storetest.Database, table string) (unlock func()) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	connection, err := pgx.Connect(ctx, d.Address)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := connection.Exec(ctx, `BEGIN; LOCK TABLE riva.`+table+` IN ACCESS EXCLUSIVE MODE`); err != nil {
		t.Fatal(err)
	}
	unlock = sync.OnceFunc(func() {
		if err := connection.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(unlock)
	return unlock
}

// slow starts a request that waits for the table authorizations, and returns its status; 0 after an error.
func (r *replica) slow(t *testing.T) <-chan int {
	t.Helper()
	status := make(chan int, 1)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.url+"/authorize/"+strings.Repeat("x", 43), http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	request.Host = "riva.example.com"
	c := client(t, "")
	go func() {
		resp, err := c.Do(request)
		if err != nil {
			status <- 0
			return
		}
		_ = resp.Body.Close()
		status <- resp.StatusCode
	}()
	waittest.Until(t, "the request runs", func() bool {
		in := r.metrics(t, "riva_http_requests_in_flight")
		return len(in) == 1 && in[0] == "riva_http_requests_in_flight 1"
	})
	return status
}

func TestStopLetsRunningRequestsFinish(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	o := on(d)
	o.Migrate = true
	r := start(t, serve.Options{Storage: o, PublicURL: "https://riva.example.com"})
	unlock := lockTable(t, d, "authorizations")
	status := r.slow(t)
	r.signal()
	waittest.Until(t, "no new connections are accepted", func() bool {
		_, err := try(t.Context(), client(t, ""), http.MethodGet, r.url+"/healthz", nil)
		return err != nil
	})
	select {
	case err := <-r.ended:
		t.Fatalf("it ended while a request was running: %v", err)
	default:
	}
	unlock()
	if got := <-status; got != http.StatusNotFound {
		t.Errorf("the running request: status %d, want the page about an unknown link", got)
	}
	if err := <-r.ended; err != nil {
		t.Error(err)
	}
}

// A request that does not end in time is canceled, and gets a response.
func TestStopCancelsRequestsThatTakeTooLong(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	o := on(d)
	o.Migrate = true
	r := start(t, serve.Options{Storage: o, PublicURL: "https://riva.example.com", StopTimeout: 3 * time.Second})
	lockTable(t, d, "authorizations")
	status := r.slow(t)
	r.signal()
	if err := <-r.ended; err != nil {
		t.Error(err)
	}
	if got := <-status; got != http.StatusServiceUnavailable {
		t.Errorf("the running request: status %d", got)
	}
	if log := r.log.String(); !strings.Contains(log, "running requests are canceled") || !strings.Contains(log, `"stopped"`) {
		t.Errorf("the log: %s", log)
	}
}

// While it stops, it says so and still answers, so that load balancers can send requests elsewhere before connections are
// refused.
func TestStopDelay(t *testing.T) {
	t.Parallel()
	r := start(t, serve.Options{StopDelay: 5 * time.Second})
	r.signal()
	waittest.Until(t, "it is not ready", func() bool {
		return strings.TrimSpace(get(t, client(t, ""), r.url+"/readyz").body) == `{"reasons":["stopping"],"status":"not ready"}`
	})
	if resp := get(t, client(t, ""), r.url+"/v1/instance"); resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("a request during the delay: status %d", resp.StatusCode)
	}
	if err := <-r.ended; err != nil {
		t.Error(err)
	}
}

// Clients that send requests all the time see only whole responses, and refused connections after that.
func TestStopUnderLoad(t *testing.T) {
	t.Parallel()
	r := start(t, serve.Options{})
	var answered, stopped atomic.Int64
	var clients sync.WaitGroup
	for range 8 {
		c := client(t, "")
		clients.Go(func() {
			for {
				resp, err := try(t.Context(), c, http.MethodGet, r.url+"/v1/instance", nil)
				if err != nil {
					stopped.Add(1)
					return
				}
				if resp.StatusCode != http.StatusUnauthorized && resp.StatusCode != http.StatusServiceUnavailable {
					t.Errorf("status %d: %s", resp.StatusCode, resp.body)
				}
				answered.Add(1)
			}
		})
	}
	waittest.Until(t, "requests are answered", func() bool { return answered.Load() > 200 })
	r.signal()
	clients.Wait()
	if err := <-r.ended; err != nil || stopped.Load() != 8 {
		t.Errorf("%v, %d clients were refused", err, stopped.Load())
	}
}

// The limit of a request is for sending it: what the server does with it can take longer.
func TestSlowOperationsOutlastTimeoutOfRequest(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	o := on(d)
	o.Migrate = true
	const timeout = 500 * time.Millisecond
	r := start(t, serve.Options{Storage: o, PublicURL: "https://riva.example.com", HeaderTimeout: timeout})
	unlock := lockTable(t, d, "authorizations")
	status := r.slow(t)
	passed := time.NewTimer(4 * timeout) // the whole request may take three times the timeout
	<-passed.C
	unlock()
	if got := <-status; got != http.StatusNotFound {
		t.Errorf("status %d, want the page about an unknown link", got)
	}
}
