package api

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// idleConnections is the number of idle connections to one control plane. With the library's default of two, nearly every call
// of a parallel plan would open a new connection.
const idleConnections = 64

// NewTransport returns a transport for the network. It uses the proxy of the environment, if there is one. It trusts the
// certificate authorities in PEM, if any, in addition to those of the machine.
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
		// Also of all interim responses together, which can be endless.
		MaxResponseHeaderBytes: 256 << 10,
	}
	if caCertificate == "" {
		return transport, nil
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		return nil, fmt.Errorf("read the machine's certificate authorities: %w", err)
	}
	if !pool.AppendCertsFromPEM([]byte(caCertificate)) {
		return nil, errors.New("the CA certificate does not contain a PEM certificate")
	}
	transport.TLSClientConfig.RootCAs = pool
	return transport, nil
}

// boundedTransport passes no response on that no timeout would end.
type boundedTransport struct{ next http.RoundTripper }

// RoundTrip sends one attempt. The body of a response that switches protocols (HTTP 101) is the connection itself, so it is
// closed; the status says the rest.
func (b *boundedTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := b.next.RoundTrip(req)
	if err != nil || resp.StatusCode != http.StatusSwitchingProtocols {
		return resp, err
	}
	if err := resp.Body.Close(); err != nil {
		return nil, fmt.Errorf("close the connection after a switch of protocols: %w", err)
	}
	resp.Body = http.NoBody
	return resp, nil
}

// CloseIdleConnections passes the library's call to the transport below. The library calls it when it cancels a call.
func (b *boundedTransport) CloseIdleConnections() {
	if closer, ok := b.next.(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}

// errNoCall means that a request does not come from the client.
var errNoCall = errors.New("the request is not part of a call")

// loggingTransport logs and counts the attempts.
type loggingTransport struct {
	next *boundedTransport
	log  func(ctx context.Context, message string, fields map[string]any)
}

// encodedCallKey is the key of the *encodedCall in the context of its attempts.
type encodedCallKey struct{}

// RoundTrip sends one attempt.
func (o *loggingTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	encoded, ok := ctx.Value(encodedCallKey{}).(*encodedCall)
	if !ok {
		return nil, errNoCall
	}
	attempt := encoded.attempts.Add(1)
	start := time.Now()
	resp, err := o.next.RoundTrip(req)
	if o.log == nil {
		return resp, err
	}
	fields := map[string]any{
		"method": req.Method, "path": req.URL.Path, "attempt": attempt,
		"duration_ms": time.Since(start).Milliseconds(), "request_id": req.Header.Get(headerRequestID),
	}
	if err != nil {
		fields["error"] = encoded.foreign().err(err).Error()
		o.log(ctx, "no response from the control plane", fields)
		return resp, err
	}
	fields["status"] = resp.StatusCode
	o.log(ctx, "response from the control plane", fields)
	return resp, nil
}

// CloseIdleConnections passes the library's call to the transport below.
func (o *loggingTransport) CloseIdleConnections() { o.next.CloseIdleConnections() }
