package serve_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/serve"
)

// sendRaw sends a request as it is written, and returns the response.
func sendRaw(t *testing.T, r *replica, request string) answer {
	t.Helper()
	connection, err := new(net.Dialer).DialContext(t.Context(), "tcp", r.Address())
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close() //nolint:errcheck // the response was read
	if err := connection.SetDeadline(time.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(connection, request); err != nil {
		t.Fatal(err)
	}
	method, _, _ := strings.Cut(request, " ")
	resp, err := http.ReadResponse(bufio.NewReader(connection), &http.Request{Method: method})
	if err != nil {
		t.Fatalf("%q: %v", request, err)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp, string(body)}
}

// Whatever a request without a token looks like: it gets nothing that requires one, is led to no other host, and nothing of it
// comes back.
func TestUnusualRequestsGetNothing(t *testing.T) {
	t.Parallel()
	r := start(t, serve.Options{PublicURL: "http://127.0.0.1"})
	const host, evil = "Host: 127.0.0.1\r\n", "Host: canary.example.com\r\n"
	for _, line := range []string{
		"GET //v1/instance", "GET /v1//instance", "GET /v1/./instance", "GET /v1/x/../instance", "GET /v1%2finstance",
		"GET /%76%31/instance", "GET /V1/instance", "GET /v1/instance/", "GET /v1/instance;x", "GET /v1/instance%00",
		"GET /authorize/../v1/instance", "GET /authorize/..%2fv1/instance", "GET /oauth/token/../../v1/instance",
		"GET /healthz/../v1/instance", "GET /healthz%2f..%2fv1/instance",
		"GET http://canary.example.com/v1/instance", "GET //canary.example.com/..", "GET //canary.example.com/%2f..",
		"GET /.//canary.example.com", `GET /./\canary.example.com`, "GET /./%5ccanary.example.com",
		"GET /authorize/..//canary.example.com", "GET /%0d%0aX-Canary:%20canary",
		"OPTIONS /v1/instance", "OPTIONS *", "TRACE /v1/instance", "TRACE /authorize/x", "TRACE /oauth/token", "TRACE /healthz",
		"HEAD /oauth/token", "CONNECT canary.example.com:443", "PROPFIND /v1/users", "get /v1/instance",
		"GET /metrics", "GET /debug/pprof/", "GET /debug/vars",
	} {
		for _, headers := range []string{
			host, evil, host + "X-Forwarded-Host: canary.example.com\r\nX-Forwarded-Proto: https\r\n",
			host + "Forwarded: host=canary.example.com\r\n",
			host + "X-HTTP-Method-Override: POST\r\nX-Original-URL: /v1/instance\r\nX-Rewrite-URL: /v1/instance\r\n",
			host + "Origin: http://canary.example.com\r\nAccess-Control-Request-Method: GET\r\n",
		} {
			resp := sendRaw(t, r, line+" HTTP/1.1\r\n"+headers+"Cookie: canary\r\nConnection: close\r\n\r\n")
			location := resp.Header.Get("Location")
			local := strings.HasPrefix(location, "/") && !strings.HasPrefix(location, "//") && !strings.HasPrefix(location, `/\`)
			if resp.StatusCode == http.StatusOK && line != "OPTIONS *" || location != "" && !local {
				t.Errorf("%s\n%s: %d, %q: %s", line, headers, resp.StatusCode, location, resp.body)
			}
			if strings.Contains(resp.body, "Cookie") || strings.Contains(resp.body, "canary.example.com") && location == "" ||
				resp.Header.Get("X-Canary") != "" || resp.Header.Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("%s\n%s: comes back in %v %s", line, headers, resp.Header, resp.body)
			}
		}
	}
	metadata := sendRaw(t, r, "GET /.well-known/oauth-authorization-server HTTP/1.1\r\n"+evil+"\r\n")
	if strings.Contains(metadata.body, "canary") || !strings.Contains(metadata.body, `"issuer":"http://127.0.0.1"`) {
		t.Errorf("the metadata: %s", metadata.body)
	}
}

// The pages for a person need no token and read the database, so one address cannot request them without limit.
func TestPagesAreLimited(t *testing.T) {
	t.Parallel()
	now := time.Now()
	r := start(t, serve.Options{PublicURL: "http://127.0.0.1", Now: func() time.Time { return now }})
	limited := map[string]int{}
	for i := range 300 {
		path := []string{"/authorize/guess", "/oauth/callback?state=guess"}[i%2]
		resp := sendRaw(t, r, "GET "+path+" HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
		switch {
		case resp.StatusCode == http.StatusTooManyRequests && resp.Header.Get("Retry-After") == "1":
			limited[path]++
		case resp.StatusCode != http.StatusNotFound && resp.StatusCode != http.StatusBadRequest:
			t.Fatalf("%s: %d", path, resp.StatusCode)
		}
	}
	if len(limited) != 2 || limited["/authorize/guess"] != 50 {
		t.Errorf("limited: %v", limited)
	}
	if resp := get(t, client(t, ""), r.url+"/v1/instance"); resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("the contract: %d", resp.StatusCode)
	}
}
