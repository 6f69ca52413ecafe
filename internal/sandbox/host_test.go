package sandbox_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// plain is a system whose response is its operation. A request body is one word, the operation.
var plain = sandbox.System{
	Serve: func(call *sandbox.Call) sandbox.Response {
		return sandbox.Response{Status: http.StatusOK, Body: []byte("response to " + call.Operation)}
	},
	Operation: func(_ *http.Request, body []byte) string { return string(body) },
}

func start(t *testing.T, options sandbox.Options, system sandbox.System) *sandbox.Host {
	t.Helper()
	host, err := sandbox.Start(options, system)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := host.Close(); err != nil {
			t.Error(err)
		}
	})
	return host
}

// client returns an HTTP client that follows no redirect and closes its connections after the test.
func client(t *testing.T, transport *http.Transport) *http.Client {
	t.Helper()
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// post sends one word and returns status and body.
func post(ctx context.Context, c *http.Client, host *sandbox.Host, word string) (int, string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, host.URL(), strings.NewReader(word))
	if err != nil {
		return 0, "", err
	}
	response, err := c.Do(request)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	return response.StatusCode, string(body), err
}

func TestListensOnLoopbackOnly(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"0.0.0.0:0", ":0", "192.0.2.1:0", "example.com:0", "[::]:0"} {
		if host, err := sandbox.Start(sandbox.Options{Address: address}, plain); !errors.Is(err, sandbox.ErrNotLoopback) {
			t.Errorf("%s: %v, want %v", address, err, sandbox.ErrNotLoopback)
			if err == nil {
				_ = host.Close()
			}
		}
	}
	host := start(t, sandbox.Options{Address: "localhost:0"}, plain)
	if !strings.HasPrefix(host.URL(), "http://127.0.0.1:") && !strings.HasPrefix(host.URL(), "http://[::1]:") {
		t.Errorf("address %s", host.URL())
	}
}

func TestDownAndUp(t *testing.T) {
	t.Parallel()
	host := start(t, sandbox.Options{}, plain)
	c, before := client(t, &http.Transport{DisableKeepAlives: true}), host.URL()
	if _, _, err := post(t.Context(), c, host, "one"); err != nil {
		t.Fatal(err)
	}
	if err := host.Down(); err != nil {
		t.Fatal(err)
	}
	var refused *net.OpError
	if _, _, err := post(t.Context(), c, host, "two"); !errors.As(err, &refused) || refused.Op != "dial" {
		t.Errorf("while down: %v, want a refused connection", err)
	}
	if host.IsUp() {
		t.Error("IsUp returns true while the host is down")
	}
	if err := host.Up(); err != nil {
		t.Fatal(err)
	}
	if host.URL() != before {
		t.Errorf("address %s after Up, want %s", host.URL(), before)
	}
	if status, _, err := post(t.Context(), c, host, "three"); err != nil || status != http.StatusOK {
		t.Errorf("after Up: %d %v", status, err)
	}
}

func TestCloseWaitsForRequests(t *testing.T) {
	t.Parallel()
	var ended atomic.Bool
	entered := make(chan struct{})
	host := start(t, sandbox.Options{}, sandbox.System{
		Serve: func(call *sandbox.Call) sandbox.Response {
			defer ended.Store(true)
			close(entered)
			<-call.Request.Context().Done()
			return sandbox.Response{Status: http.StatusOK}
		},
		Operation: plain.Operation,
	})
	failed := make(chan error, 1)
	c := client(t, &http.Transport{})
	go func() {
		_, _, err := post(t.Context(), c, host, "wait")
		failed <- err
	}()
	<-entered
	if err := host.Close(); err != nil {
		t.Fatal(err)
	}
	if !ended.Load() {
		t.Error("Close returned while a call was being served")
	}
	if err := <-failed; err == nil {
		t.Error("the call got a response")
	}
	if err := host.Up(); err != nil || host.IsUp() {
		t.Errorf("a closed host started again (%v)", err)
	}
}

func TestRequestsAreRecorded(t *testing.T) {
	t.Parallel()
	host := start(t, sandbox.Options{}, plain)
	c := client(t, &http.Transport{})
	if _, _, err := post(t.Context(), c, host, "hello"); err != nil {
		t.Fatal(err)
	}
	requests := host.Requests()
	if len(requests) != 1 {
		t.Fatalf("%d requests", len(requests))
	}
	r := requests[0]
	if r.Method != http.MethodPost || string(r.Body) != "hello" || r.Operation != "hello" || r.Status != http.StatusOK ||
		r.Header.Get("Accept-Encoding") != "gzip" || time.Since(r.Time) > time.Minute {
		t.Errorf("recorded %+v", r)
	}
	host.Forget()
	if len(host.Requests()) != 0 {
		t.Error("there are requests after Forget")
	}
}

func TestNotModifiedHasNoBody(t *testing.T) {
	t.Parallel()
	host := start(t, sandbox.Options{}, sandbox.System{
		Serve:     func(*sandbox.Call) sandbox.Response { return sandbox.Response{Status: http.StatusNotModified} },
		Operation: plain.Operation,
	})
	if status, body, err := post(t.Context(), client(t, &http.Transport{}), host, "x"); err != nil || status != 304 || body != "" {
		t.Errorf("%d %q %v", status, body, err)
	}
}

// TestResetRestores checks that the state of a system is created before the first call and at each reset, and that no
// call is served during a reset.
func TestResetRestores(t *testing.T) {
	t.Parallel()
	var known []string
	var mu sync.Mutex
	host := start(t, sandbox.Options{}, sandbox.System{
		Serve: func(call *sandbox.Call) sandbox.Response {
			known = append(known, call.Operation)
			return sandbox.Response{Status: http.StatusOK, Body: []byte(strings.Join(known, " "))}
		},
		Operation: plain.Operation, Restore: func() { known = []string{"seed"} }, Lock: &mu,
	})
	c := client(t, &http.Transport{DisableKeepAlives: true})
	for _, want := range []string{"seed one", "seed one one"} {
		if _, body, err := post(t.Context(), c, host, "one"); err != nil || body != want {
			t.Errorf("%q %v, want %q", body, err, want)
		}
	}
	if err := errors.Join(host.Fail(sandbox.Page(), sandbox.UntilCleared), host.Down()); err != nil {
		t.Fatal(err)
	}
	var resets sync.WaitGroup
	for range 4 {
		resets.Go(func() {
			if err := host.Reset(); err != nil {
				t.Error(err)
			}
			if _, body, err := post(t.Context(), c, host, "during"); err != nil || !strings.HasPrefix(body, "seed") {
				t.Errorf("during the reset: %q %v", body, err)
			}
		})
	}
	resets.Wait()
	if err := host.Reset(); err != nil || len(host.Requests()) != 0 || len(host.Pending()) != 0 {
		t.Errorf("%d requests, pending %v, %v", len(host.Requests()), host.Pending(), err)
	}
	if _, body, err := post(t.Context(), c, host, "two"); err != nil || body != "seed two" {
		t.Errorf("after the reset: %q %v", body, err)
	}
}
