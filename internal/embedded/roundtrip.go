package embedded

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
)

// RoundTrip answers a request in process. It returns when the request's context ends, even if the answer is not there:
// what the request began is undone or completed by itself, as behind a network.
func (c *ControlPlane) RoundTrip(req *http.Request) (*http.Response, error) {
	inner, err := serverRequest(req)
	if err != nil {
		return nil, err
	}
	if err := c.beginRequest(); err != nil {
		return nil, err
	}
	answer := &responseBuffer{header: http.Header{}}
	done := make(chan struct{})
	go func() {
		defer c.requests.Done()
		defer close(done)
		c.handler.ServeHTTP(answer, inner) // it recovers from panics itself
	}()
	select {
	case <-done:
		return answer.response(req), nil
	case <-req.Context().Done():
		return nil, req.Context().Err()
	}
}

func (c *ControlPlane) beginRequest() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return ErrClosed
	}
	c.requests.Add(1)
	return nil
}

// serverRequest makes of a client's request what a server sees. The body is read at once: it belongs to the caller again as
// soon as RoundTrip returns.
func serverRequest(req *http.Request) (*http.Request, error) {
	inner := req.Clone(req.Context())
	inner.RequestURI, inner.RemoteAddr = req.URL.RequestURI(), "embedded"
	inner.Body = http.NoBody
	if req.Body == nil {
		return inner, nil
	}
	body, err := io.ReadAll(req.Body)
	if closeErr := req.Body.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return nil, fmt.Errorf("read the body of the request: %w", err)
	}
	inner.Body = io.NopCloser(bytes.NewReader(body))
	return inner, nil
}

// responseBuffer keeps an answer in memory.
type responseBuffer struct {
	header http.Header
	status int
	// sentHeader are the headers as they were when the answer began; what is set later comes too late.
	sentHeader http.Header
	body       bytes.Buffer
}

// Header holds the headers to send.
func (a *responseBuffer) Header() http.Header { return a.header }

// WriteHeader begins the answer; only the first call counts.
func (a *responseBuffer) WriteHeader(status int) {
	if a.status == 0 {
		a.status, a.sentHeader = status, a.header.Clone()
	}
}

// Write adds to the body.
func (a *responseBuffer) Write(b []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	return a.body.Write(b)
}

func (a *responseBuffer) response(req *http.Request) *http.Response {
	a.WriteHeader(http.StatusOK)
	return &http.Response{
		Status: fmt.Sprintf("%d %s", a.status, http.StatusText(a.status)), StatusCode: a.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: a.sentHeader,
		Body: io.NopCloser(&a.body), ContentLength: int64(a.body.Len()), Request: req,
	}
}
