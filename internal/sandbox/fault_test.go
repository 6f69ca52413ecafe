package sandbox_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// TestFaultCount covers the faults of every stand-in. The call after the last fault succeeds.
func TestFaultCount(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		fault  sandbox.Fault
		status int
		body   string
		err    error
	}{
		"closed":      {fault: sandbox.Closed(), err: io.EOF},
		"maintenance": {fault: sandbox.Maintenance(), status: http.StatusServiceUnavailable, body: "<html>"},
		"page":        {fault: sandbox.Page(), status: http.StatusOK, body: "<html>"},
		"redirect":    {fault: sandbox.Redirect("https://elsewhere.example.com/"), status: http.StatusFound, body: "Moved"},
		"status":      {fault: sandbox.Status(http.StatusForbidden), status: http.StatusForbidden},
		"truncated":   {fault: sandbox.Truncated(), status: http.StatusOK, body: "respon", err: io.ErrUnexpectedEOF},
		"titles":      {fault: sandbox.Titles(), status: http.StatusOK, body: "<title<title"},
		"challenges":  {fault: sandbox.Challenges(), status: http.StatusUnauthorized},
		"huge":        {fault: sandbox.Huge(), status: http.StatusOK, body: strings.Repeat(" ", 4<<20)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			host := start(t, sandbox.Options{}, plain)
			c := client(t, &http.Transport{DisableKeepAlives: true})
			if err := host.Fail(tc.fault, 2); err != nil {
				t.Fatal(err)
			}
			for range 2 {
				status, body, err := post(t.Context(), c, host, "x")
				if status != tc.status || !strings.Contains(body, tc.body) || !errors.Is(err, tc.err) {
					t.Errorf("%d, %d bytes, %v", status, len(body), err)
				}
			}
			if status, body, err := post(t.Context(), c, host, "x"); err != nil || status != 200 || body != "response to x" {
				t.Errorf("after the faults: %d %q %v", status, body, err)
			}
		})
	}
}

func TestFaultLastsUntilCleared(t *testing.T) {
	t.Parallel()
	host := start(t, sandbox.Options{}, plain)
	c := client(t, &http.Transport{})
	for _, f := range []sandbox.Fault{sandbox.Status(http.StatusNotFound), sandbox.Page()} {
		if err := host.Fail(f, sandbox.UntilCleared); err != nil {
			t.Fatal(err)
		}
	}
	for range 3 {
		if status, _, err := post(t.Context(), c, host, "x"); err != nil || status != http.StatusNotFound {
			t.Fatalf("%d %v, want the first fault", status, err)
		}
	}
	host.Clear(sandbox.KindStatus)
	if _, body, err := post(t.Context(), c, host, "x"); err != nil || !strings.Contains(body, "<html>") {
		t.Fatalf("%q %v, want the second fault", body, err)
	}
	host.Clear()
	if _, body, err := post(t.Context(), c, host, "x"); err != nil || body != "response to x" {
		t.Errorf("%q %v, want the response", body, err)
	}
	if pending := host.Pending(); len(pending) != 0 {
		t.Errorf("still pending: %+v", pending)
	}
}

func TestFaultOfOneOperation(t *testing.T) {
	t.Parallel()
	host := start(t, sandbox.Options{}, plain)
	c := client(t, &http.Transport{})
	if err := host.Fail(sandbox.Status(http.StatusNotFound).ForOperation("bad"), 1); err != nil {
		t.Fatal(err)
	}
	for _, call := range []struct {
		word   string
		status int
	}{{"good", 200}, {"bad", 404}, {"bad", 200}} {
		if status, _, err := post(t.Context(), c, host, call.word); err != nil || status != call.status {
			t.Errorf("%s: %d %v, want %d", call.word, status, err, call.status)
		}
	}
}

func TestSlowResponse(t *testing.T) {
	t.Parallel()
	host := start(t, sandbox.Options{}, plain)
	c := client(t, &http.Transport{})
	if err := host.Fail(sandbox.Slow(), 2); err != nil {
		t.Fatal(err)
	}
	impatient, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, _, err := post(impatient, c, host, "x"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v, want %v", err, context.DeadlineExceeded)
	}
	received := make(chan string, 1)
	go func() {
		_, body, err := post(t.Context(), c, host, "x")
		if err != nil {
			body = err.Error()
		}
		received <- body
	}()
	arrived := time.NewTicker(time.Millisecond)
	defer arrived.Stop()
	for len(host.Requests()) < 2 || len(host.Pending()) > 0 {
		<-arrived.C
	}
	select {
	case body := <-received:
		t.Fatalf("received %q before it was released", body)
	default:
	}
	host.Clear()
	if body := <-received; body != "response to x" {
		t.Errorf("after the release: %q", body)
	}
}

func TestProtocolSwitch(t *testing.T) {
	t.Parallel()
	host := start(t, sandbox.Options{}, plain)
	if err := host.Fail(sandbox.Switch(), 1); err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, host.URL(), http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client(t, &http.Transport{}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close() //nolint:errcheck // it is the connection
	if _, isConnection := resp.Body.(io.Writer); resp.StatusCode != http.StatusSwitchingProtocols || !isConnection {
		t.Errorf("got %s", resp.Status)
	}
}

func TestUnfinishedResponse(t *testing.T) {
	t.Parallel()
	host := start(t, sandbox.Options{}, plain)
	if err := host.Fail(sandbox.Unfinished(), 1); err != nil {
		t.Fatal(err)
	}
	impatient, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, _, err := post(impatient, client(t, &http.Transport{}), host, "x"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v, want %v", err, context.DeadlineExceeded)
	}
}

func TestInvalidFaultsAreRejected(t *testing.T) {
	t.Parallel()
	host := start(t, sandbox.Options{}, plain)
	for name, fault := range map[string]sandbox.Fault{
		"unknown":                    {Kind: "flood"},
		"no status":                  {Kind: sandbox.KindStatus},
		"no location":                {Kind: sandbox.KindRedirect},
		"account before the sign-in": sandbox.Maintenance().ForAccount("ada@example.com"),
		"status that is not HTTP's":  sandbox.Status(42),
		"informational status":       sandbox.Status(101),
		"no kind":                    {},
	} {
		if err := host.Fail(fault, 1); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
