package api_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

func TestProblems(t *testing.T) {
	t.Parallel()
	f := &fakeControlPlane{handle: func(int, *http.Request) (*http.Response, error) {
		return problem(http.StatusConflict, api.ProblemNameTaken, "X-Request-Id", "r1"), nil
	}}
	_, err := newClient(t, f).CreateUser(t.Context(), api.CreateUser{})
	p, isProblem := api.AsProblem(err)
	if !isProblem || !api.IsProblem(err, api.ProblemNameTaken) || p.Status != http.StatusConflict || p.RequestID != "r1" {
		t.Errorf("problem %+v of error %v", p, err)
	}
	if err.Error() != "name-taken: in detail" {
		t.Errorf("error text %q", err)
	}
}

func TestNotFoundComesFromControlPlaneOnly(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		response *http.Response
		notFound bool
	}{
		"an object":          {problem(404, api.ProblemNotFound), true},
		"an address":         {problem(404, api.ProblemNoRoute), false},
		"a proxy":            {response(404, "text/html", "<h1>not found</h1>"), false},
		"no permission":      {problem(403, api.ProblemScope), false},
		"unauthenticated":    {problem(401, api.ProblemUnauthenticated), false},
		"a foreign problem":  {response(404, "application/problem+json", `{"title":"nope"}`), false},
		"a damaged problem":  {response(404, "application/problem+json", `{"type":`), false},
		"an unclear success": {response(200, "text/html", "<form>sign in</form>"), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := &fakeControlPlane{handle: func(int, *http.Request) (*http.Response, error) { return c.response, nil }}
			_, err := newClient(t, f).Cycle(t.Context(), someID, someID)
			if err == nil || api.IsNotFound(err) != c.notFound {
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestForeignResponse(t *testing.T) {
	t.Parallel()
	const secret = "canary-7d1f"
	for name, a := range map[string]*http.Response{
		"a page":      response(200, "text/html; charset=utf-8", "<html>"+secret),
		"an error":    response(500, "text/plain", secret),
		"a redirect":  response(302, "text/html", secret, "Location", "https://elsewhere.example.com/?"+secret),
		"no type":     response(200, "", secret),
		"a long type": response(403, "x/"+strings.Repeat("a", 5000)+secret+"\x1b[2J", ""),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := &fakeControlPlane{handle: func(int, *http.Request) (*http.Response, error) { return a, nil }}
			_, err := newClient(t, f).CreateConnection(t.Context(), api.CreateConnection{
				Credentials: map[string]string{"password": secret},
			})
			if !api.IsProblem(err, api.ProblemNotControlPlane) || !strings.Contains(err.Error(), "endpoint") {
				t.Fatalf("error %v", err)
			}
			if text := err.Error(); strings.Contains(text, secret) || strings.Contains(text, "\x1b") || len(text) > 600 {
				t.Errorf("error text %q", text)
			}
			if n := len(f.seen()); n != 1 {
				t.Errorf("sent %d requests", n)
			}
		})
	}
}

func TestUnknownFieldsAreIgnored(t *testing.T) {
	t.Parallel()
	f := &fakeControlPlane{handle: func(int, *http.Request) (*http.Response, error) {
		return response(http.StatusOK, "application/json; charset=utf-8", `{"id":"x","state":"finished","new":{"a":[1]}}`), nil
	}}
	cycle, err := newClient(t, f).Cycle(t.Context(), someID, someID)
	if err != nil || cycle.State != api.CycleFinished {
		t.Errorf("cycle %+v, error %v", cycle, err)
	}
}

func TestTruncatedResponseIsError(t *testing.T) {
	t.Parallel()
	f := &fakeControlPlane{handle: func(int, *http.Request) (*http.Response, error) {
		return response(http.StatusOK, "application/json", `{"id":"x"`), nil
	}}
	if _, err := newClient(t, f).Cycle(t.Context(), someID, someID); err == nil {
		t.Error("no error")
	}
}

func TestRevisionIsSent(t *testing.T) {
	t.Parallel()
	for revision, want := range map[int64]string{0: "", 12: `"12"`} {
		f := &fakeControlPlane{handle: func(int, *http.Request) (*http.Response, error) {
			return response(http.StatusOK, "application/json", "{}"), nil
		}}
		c := newClient(t, f)
		if _, err := c.UpdateConnection(t.Context(), someID, revision, api.UpdateConnection{}); err != nil {
			t.Fatal(err)
		}
		if _, err := c.UpdateCredentials(t.Context(), someID, revision, api.UpdateCredentials{}); err != nil {
			t.Fatal(err)
		}
		for _, r := range f.seen() {
			if got := r.header.Get("If-Match"); got != want {
				t.Errorf("%s %s with If-Match %q, want %q", r.method, r.path, got, want)
			}
		}
	}
}

func TestLogHasNoSecrets(t *testing.T) {
	t.Parallel()
	const secret = "canary-19aa"
	var lines []map[string]any
	f := &fakeControlPlane{handle: func(int, *http.Request) (*http.Response, error) {
		return response(http.StatusOK, "application/json", `{"id":"`+secret+`"}`), nil
	}}
	c := newClient(t, f, func(o *api.Options) {
		o.TokenSource = static(secret)
		o.Log = func(_ context.Context, _ string, fields map[string]any) { lines = append(lines, fields) }
	})
	_, err := c.CreateConnection(t.Context(), api.CreateConnection{Credentials: map[string]string{"password": secret}})
	if err != nil {
		t.Fatal(err)
	}
	if len(lines) != 1 {
		t.Fatalf("%d lines", len(lines))
	}
	for name, want := range map[string]any{"method": "POST", "path": "/v1/connections", "status": 200, "attempt": int64(1)} {
		if lines[0][name] != want {
			t.Errorf("%s is %v", name, lines[0][name])
		}
	}
	for name, value := range lines[0] {
		if s, isText := value.(string); isText && strings.Contains(s, secret) {
			t.Errorf("%s is %q", name, s)
		}
	}
}

func TestBaseURLs(t *testing.T) {
	t.Parallel()
	for address, valid := range map[string]bool{
		"https://riva.example.com": true, "https://riva.example.com/prefix/": true, "http://127.0.0.1:8080": true,
		"http://localhost": true, "http://[::1]:80": true, "http://riva.example.com": false, "riva.example.com": false,
		"ftp://riva.example.com": false, "https://": false, "https://user:pw@riva.example.com": false,
		"https://riva.example.com?x=1": false, "https://riva.example.com#x": false, ":": false, "": false,
	} {
		_, err := api.NewClient(api.Options{BaseURL: address, TokenSource: static("t")})
		if (err == nil) != valid {
			t.Errorf("%q: %v", address, err)
		}
	}
}

func TestCertificateAuthorities(t *testing.T) {
	t.Parallel()
	if _, err := api.NewTransport("no certificate"); err == nil {
		t.Error("there is no error for an invalid certificate")
	}
	transport, err := api.NewTransport("")
	if err != nil || transport.MaxIdleConnsPerHost < 50 {
		t.Errorf("error %v, %d idle connections", err, transport.MaxIdleConnsPerHost)
	}
}
