package api

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// idleConnections is how many connections to one control plane are kept. The library's default of two would open a new
// one for nearly every call of a parallel plan.
const idleConnections = 64

// NewTransport returns a transport over the network, through the environment's proxy if there is one. The certificate
// authorities in PEM, if any, are trusted besides the machine's own.
func NewTransport(caCertificate string) (*http.Transport, error) {
	transport := &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:   10 * time.Second,
		TLSClientConfig:       &tls.Config{MinVersion: tls.VersionTLS12},
		ExpectContinueTimeout: time.Second,
		ForceAttemptHTTP2:     true,
		MaxIdleConns:          idleConnections,
		MaxIdleConnsPerHost:   idleConnections,
		IdleConnTimeout:       90 * time.Second,
	}
	if caCertificate == "" {
		return transport, nil
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		return nil, fmt.Errorf("read the machine's certificate authorities: %w", err)
	}
	if !pool.AppendCertsFromPEM([]byte(caCertificate)) {
		return nil, errors.New("the CA certificate holds no PEM certificate")
	}
	transport.TLSClientConfig.RootCAs = pool
	return transport, nil
}

// loggingTransport tells the log of every try and counts them.
type loggingTransport struct {
	next http.RoundTripper
	log  func(ctx context.Context, message string, fields map[string]any)
}

type attemptsKey struct{}

// RoundTrip sends one try.
func (o *loggingTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	try := int64(1)
	if tries, ok := ctx.Value(attemptsKey{}).(*atomic.Int64); ok {
		try = tries.Add(1)
	}
	began := time.Now()
	resp, err := o.next.RoundTrip(req)
	if o.log == nil {
		return resp, err
	}
	fields := map[string]any{
		"method": req.Method, "path": req.URL.Path, "attempt": try,
		"duration_ms": time.Since(began).Milliseconds(), "request_id": req.Header.Get(headerRequestID),
	}
	if err != nil {
		fields["error"] = err.Error()
		o.log(ctx, "the control plane did not answer", fields)
		return resp, err
	}
	fields["status"] = resp.StatusCode
	o.log(ctx, "the control plane answered", fields)
	return resp, nil
}

// CloseIdleConnections passes on what the library asks for when it gives up on a call.
func (o *loggingTransport) CloseIdleConnections() {
	if closer, ok := o.next.(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}
