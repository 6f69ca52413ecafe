package sandbox_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// several is a system with two sites. Its response is the site that was called.
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
				t.Errorf("%s responds while the host is down", url)
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

func TestUsedAddressLeavesNoListener(t *testing.T) {
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
		t.Fatal("two hosts listen on one address")
	}
	options.Sites = nil
	start(t, options, several) // the first address is free again
}
