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

// plain is a system that says its operation; a body is one word, its operation.
var plain = sandbox.System{
	Serve: func(call *sandbox.Call) sandbox.Response {
		return sandbox.Response{Status: http.StatusOK, Body: []byte("answer to " + call.Operation)}
	},
	Operation: func(_ *http.Request, body []byte) string { return string(body) },
	Check: func(f sandbox.Fault) error {
		return errors.New("unknown kind of fault " + string(f.Kind))
	},
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

// client is an HTTP client that follows no redirect and keeps no connection after the test.
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

func TestDownRefusesAndUpReturns(t *testing.T) {
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
		t.Error("it says that it is up")
	}
	if err := host.Up(); err != nil {
		t.Fatal(err)
	}
	if host.URL() != before {
		t.Errorf("came back at %s instead of %s", host.URL(), before)
	}
	if status, _, err := post(t.Context(), c, host, "three"); err != nil || status != http.StatusOK {
		t.Errorf("after coming back: %d %v", status, err)
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
		t.Error("the call was answered")
	}
	if err := host.Up(); err != nil || host.IsUp() {
		t.Errorf("a closed host came up again (%v)", err)
	}
}

func TestRecordsWhatReachesIt(t *testing.T) {
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
		t.Error("it remembers after Forget")
	}
}

// several is a system with two sites, which says where it was called.
var several = sandbox.System{
	Serve: func(call *sandbox.Call) sandbox.Response {
		return sandbox.Response{Status: http.StatusOK, Body: []byte("site " + call.Site)}
	},
	Operation: plain.Operation,
	Sites:     []string{"branch"},
}

func TestSites(t *testing.T) {
	t.Parallel()
	host := start(t, sandbox.Options{}, several)
	c := client(t, &http.Transport{DisableKeepAlives: true})
	ask := func(url string) (string, error) {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/?a=b", http.NoBody)
		if err != nil {
			return "", err
		}
		response, err := c.Do(request)
		if err != nil {
			return "", err
		}
		defer func() { _ = response.Body.Close() }()
		body, err := io.ReadAll(response.Body)
		return string(body), err
	}
	main, branch := host.URL(), host.URLOf("branch")
	for range 2 {
		for url, want := range map[string]string{main: "site ", branch: "site branch"} {
			if got, err := ask(url); err != nil || got != want {
				t.Errorf("%s: %q %v, want %q", url, got, err, want)
			}
		}
		if err := host.Down(); err != nil {
			t.Fatal(err)
		}
		for _, url := range []string{main, branch} {
			if _, err := ask(url); err == nil {
				t.Errorf("%s answers while the host is down", url)
			}
		}
		if err := host.Up(); err != nil {
			t.Fatal(err)
		}
	}
	if r := host.Requests()[0]; r.Query != "a=b" || host.URL() != main || host.URLOf("branch") != branch || host.URLOf("no") != "" {
		t.Errorf("recorded %+v at %s and %s", r, host.URL(), host.URLOf("branch"))
	}
}

func TestSitesListenOnLoopbackOnly(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]error{"branch": sandbox.ErrNotLoopback, "nowhere": nil} {
		host, err := sandbox.Start(sandbox.Options{Sites: map[string]string{name: "0.0.0.0:0"}}, several)
		if err == nil {
			_ = host.Close()
		}
		if err == nil || want != nil && !errors.Is(err, want) {
			t.Errorf("site %s: %v", name, err)
		}
	}
}

func TestTakenAddressLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	taken, free := start(t, sandbox.Options{}, plain), start(t, sandbox.Options{}, plain)
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	options := sandbox.Options{
		Address: strings.TrimPrefix(free.URL(), "http://"),
		Sites:   map[string]string{"branch": strings.TrimPrefix(taken.URL(), "http://")},
	}
	if host, err := sandbox.Start(options, several); err == nil {
		_ = host.Close()
		t.Fatal("two listen on one address")
	}
	options.Sites = nil
	start(t, options, several) // the first address is free again
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

// What a system knows is made before its first call and at each reset, and no call is served meanwhile.
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
			if _, body, err := post(t.Context(), c, host, "meanwhile"); err != nil || !strings.HasPrefix(body, "seed") {
				t.Errorf("meanwhile: %q %v", body, err)
			}
		})
	}
	resets.Wait()
	if err := host.Reset(); err != nil || len(host.Requests()) != 0 || len(host.Pending()) != 0 {
		t.Errorf("%d requests, %v to come, %v", len(host.Requests()), host.Pending(), err)
	}
	if _, body, err := post(t.Context(), c, host, "two"); err != nil || body != "seed two" {
		t.Errorf("after the reset: %q %v", body, err)
	}
}
