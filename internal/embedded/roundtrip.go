package embedded

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
)

// RoundTrip handles a request in this process. It returns when the request's context ends, even if there is no response yet:
// as behind a network, the control plane then finishes or undoes the request on its own.
func (c *ControlPlane) RoundTrip(req *http.Request) (*http.Response, error) {
	inner, err := serverRequest(req)
	if err != nil {
		return nil, err
	}
	if c.closed.Load() {
		return nil, ErrClosed
	}
	response := &responseBuffer{header: http.Header{}}
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.plane.Handler().ServeHTTP(response, inner) // recovers from panics; responds with 503 if closed since
	}()
	select {
	case <-done:
		return response.response(req), nil
	case <-req.Context().Done():
		return nil, req.Context().Err()
	}
}

// serverRequest converts a client's request to the request that a server receives. It reads the body at once, because the body
// belongs to the caller again when RoundTrip returns.
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

// responseBuffer is an http.ResponseWriter in memory.
type responseBuffer struct {
	header http.Header
	status int
	// sentHeader has the headers at the time of WriteHeader. Later changes have no effect.
	sentHeader http.Header
	body       bytes.Buffer
}

// Header returns the headers to send.
func (r *responseBuffer) Header() http.Header { return r.header }

// WriteHeader starts the response. Only the first call has an effect.
func (r *responseBuffer) WriteHeader(status int) {
	if r.status == 0 {
		r.status, r.sentHeader = status, r.header.Clone()
	}
}

// Write adds to the body.
func (r *responseBuffer) Write(b []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	return r.body.Write(b)
}

func (r *responseBuffer) response(req *http.Request) *http.Response {
	r.WriteHeader(http.StatusOK)
	return &http.Response{
		Status: fmt.Sprintf("%d %s", r.status, http.StatusText(r.status)), StatusCode: r.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: r.sentHeader,
		Body: io.NopCloser(&r.body), ContentLength: int64(r.body.Len()), Request: req,
	}
}
