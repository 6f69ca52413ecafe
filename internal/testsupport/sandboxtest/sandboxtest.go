// Package sandboxtest is what the tests of stand-ins share: a stand-in that ends with its test, a client of it, and orders
// at its control endpoint. It speaks HTTP and nothing of any system.
package sandboxtest

import (
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

// Start starts a stand-in that ends with the test.
func Start[S io.Closer, O any](t *testing.T, start func(O) (S, error), options O) S {
	t.Helper()
	server, err := start(options)
	if err != nil {
		t.Fatal(err)
	}
	CloseAfterTest(t, server)
	return server
}

// CloseAfterTest closes what the test began, with the test.
func CloseAfterTest(t *testing.T, begun io.Closer) {
	t.Helper()
	t.Cleanup(func() {
		if err := begun.Close(); err != nil {
			t.Error(err)
		}
	})
}

// Client is an HTTP client that follows no redirect and keeps no connection: a stand-in may go down between two calls.
func Client() *http.Client {
	return &http.Client{
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Response is an answer, read.
type Response struct {
	Status int
	Header http.Header
	Body   string
}

// Object is the JSON of an answer; nil if it is not an object.
func (a Response) Object() map[string]any {
	var object map[string]any
	if json.Unmarshal([]byte(a.Body), &object) != nil {
		return nil
	}
	return object
}

// Text is a text in such an object; empty if there is none of the name.
func (a Response) Text(name string) string {
	text, _ := a.Object()[name].(string)
	return text
}

// Request makes a request; its headers, Host among them, are names and values in turn.
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

// Send sends a request and reads the answer, whatever its status.
func Send(t *testing.T, client *http.Client, request *http.Request) Response {
	t.Helper()
	answer, err := Try(client, request)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

// Try is [Send] where there may be no answer.
func Try(client *http.Client, request *http.Request) (Response, error) {
	response, err := client.Do(request)
	if err != nil {
		return Response{}, err
	}
	body, err := io.ReadAll(response.Body)
	err = errors.Join(err, response.Body.Close())
	return Response{Status: response.StatusCode, Header: response.Header, Body: string(body)}, err
}
