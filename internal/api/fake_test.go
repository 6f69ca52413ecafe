package api_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

const someID = "0198c1f0-0000-7000-8000-000000000001"

// fakeControlPlane is a control plane whose responses come from a function. It records the requests.
type fakeControlPlane struct {
	handle func(n int, r *http.Request) (*http.Response, error)

	mu       sync.Mutex
	requests []request
}

type request struct {
	method, path, body string
	query              map[string][]string
	header             http.Header
	at                 time.Time
}

func (f *fakeControlPlane) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
		if err := r.Body.Close(); err != nil {
			return nil, err
		}
	}
	f.mu.Lock()
	f.requests = append(f.requests, request{
		method: r.Method, path: r.URL.Path, body: string(body), query: r.URL.Query(), header: r.Header.Clone(), at: time.Now(),
	})
	n := len(f.requests)
	f.mu.Unlock()
	resp, err := f.handle(n, r)
	if resp != nil {
		resp.Request = r
	}
	return resp, err
}

func (f *fakeControlPlane) seen() []request {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]request(nil), f.requests...)
}

func response(status int, contentType, body string, headers ...string) *http.Response {
	h := http.Header{"Content-Type": {contentType}}
	for i := 0; i+1 < len(headers); i += 2 {
		h.Set(headers[i], headers[i+1])
	}
	return &http.Response{
		StatusCode: status, Status: http.StatusText(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: h, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
	}
}

func ok(t *testing.T, v any) *http.Response {
	t.Helper()
	body, err := json.Marshal(v)
	if err != nil {
		t.Error(err)
	}
	return response(http.StatusOK, "application/json", string(body))
}

func problem(status int, name string, headers ...string) *http.Response {
	return response(status, "application/problem+json",
		`{"type":"urn:riva:problem:`+name+`","title":"`+name+`","detail":"in detail","unknown":1}`, headers...)
}

var errReset = errors.New("connection reset by peer")

// newClient creates a client of the fake control plane. The functions change its options.
func newClient(t *testing.T, f *fakeControlPlane, change ...func(*api.Options)) *api.Client {
	t.Helper()
	o := api.Options{BaseURL: "https://riva.example.com", Transport: f, UserAgent: "test/1", MaxRetries: 3}
	for _, c := range change {
		c(&o)
	}
	client, err := api.NewClient(o)
	if err != nil {
		t.Fatal(err)
	}
	return client
}
