// Package sandboxtest is shared by the tests of the stand-ins: it starts a stand-in for one test, and has an HTTP
// client and a client of the control endpoint. It speaks HTTP and knows no target system.
package sandboxtest

import (
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/person"
)

// Start starts a stand-in that is closed after the test.
func Start[S io.Closer, O any](t *testing.T, start func(O) (S, error), options O) S {
	t.Helper()
	server, err := start(options)
	if err != nil {
		t.Fatal(err)
	}
	CloseAfterTest(t, server)
	return server
}

// CloseAfterTest closes a stand-in or an endpoint after the test.
func CloseAfterTest(t *testing.T, server io.Closer) {
	t.Helper()
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
}

// Client returns an HTTP client that follows no redirect and keeps no connection: a stand-in may stop between two
// calls.
func Client() *http.Client {
	return &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Browser returns a person's browser without cookies that trusts some certificate authorities (PEM).
func Browser(t *testing.T, authorities ...string) *person.Browser {
	t.Helper()
	browser, err := person.New(authorities...)
	if err != nil {
		t.Fatal(err)
	}
	return browser
}

// Callback lets a person sign in, and returns the parameters that the browser brings back to the client.
func Callback(
	t *testing.T, browser *person.Browser, address, username, password string, choices person.Choices,
) url.Values {
	t.Helper()
	callback, err := browser.SignIn(t.Context(), address, username, password, choices)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := url.Parse(callback)
	if err != nil {
		t.Fatal(err)
	}
	return parsed.Query()
}

// Response is an HTTP response that was read completely.
type Response struct {
	Status int
	Header http.Header
	Body   string
}

// Object returns the JSON object of the body; nil if the body is not an object.
func (r Response) Object() map[string]any {
	var object map[string]any
	if json.Unmarshal([]byte(r.Body), &object) != nil {
		return nil
	}
	return object
}

// Text returns a string of that object; empty if it does not exist.
func (r Response) Text(name string) string {
	text, _ := r.Object()[name].(string)
	return text
}

// Request returns a request. header contains names and values in turn, Host among them.
func Request(t *testing.T, method, address, body string, header ...string) *http.Request {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	request.Host = cmp.Or(request.Header.Get("Host"), request.Host)
	return request
}

// Send sends a request and reads the response, whatever its status.
func Send(t *testing.T, client *http.Client, request *http.Request) Response {
	t.Helper()
	response, err := Try(client, request)
	if err != nil {
		t.Fatal(err)
	}
	return response
}

// Try is [Send] for calls that may fail without a response.
func Try(client *http.Client, request *http.Request) (Response, error) {
	response, err := client.Do(request)
	if err != nil {
		return Response{}, err
	}
	body, err := io.ReadAll(response.Body)
	err = errors.Join(err, response.Body.Close())
	return Response{Status: response.StatusCode, Header: response.Header, Body: string(body)}, err
}
