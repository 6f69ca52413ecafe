package call

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/http/httptrace"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

const maxResponseSize = 4 << 20

// ErrResponseTimeout is the cause of a call that was canceled because its response took too long.
var ErrResponseTimeout = errors.New("no complete response in time")

// errSwitched is a response that switches to another protocol. Its body would be the connection itself, which no timeout ends.
var errSwitched = errors.New("the system switched to another protocol (HTTP 101), which was not requested")

// ErrAddress is the error of a call to an address that the network does not allow.
var ErrAddress = errors.New("calls to this address are not allowed")

// ResponseTooLargeError reports a response that was larger than the limit.
type ResponseTooLargeError struct {
	// Status is the HTTP status of the response.
	Status int
	// Limit is the maximum size, in bytes.
	Limit int64
}

func (e *ResponseTooLargeError) Error() string {
	return fmt.Sprintf("the response (HTTP %d) is larger than %d MiB", e.Status, e.Limit>>20)
}

// responseLimitKey is the context key of a limit on responses.
type responseLimitKey struct{}

// WithResponseLimit allows responses of up to so many bytes for calls with the context: a few are legitimately larger than
// 4 MiB.
func WithResponseLimit(ctx context.Context, limit int64) context.Context {
	return context.WithValue(ctx, responseLimitKey{}, limit)
}

// limitOf returns the maximum size of a response.
func limitOf(resp *http.Response) int64 {
	if resp.Request != nil {
		if limit, ok := resp.Request.Context().Value(responseLimitKey{}).(int64); ok {
			return limit
		}
	}
	return maxResponseSize
}

// ReadResponse reads the body of a response and closes it. A response of more than 4 MiB is a *[ResponseTooLargeError], unless
// the call allowed more ([WithResponseLimit]).
func ReadResponse(resp *http.Response) ([]byte, error) {
	limit := limitOf(resp)
	body, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		return nil, fmt.Errorf("read response: %w", err)
	}
	if int64(len(body)) > limit {
		return nil, &ResponseTooLargeError{Status: resp.StatusCode, Limit: limit}
	}
	return body, nil
}

// transport sends calls where a [target.Network] allows them, and limits the responses.
type transport struct {
	network target.Network
	secure  *http.Transport
	// plain connects to this machine only, and is used with Network.LoopbackHTTP only.
	plain *http.Transport
	// certificate is the client's own; nil without one.
	certificate *ownCertificate
}

func newTransport(n target.Network, dialer net.Dialer, config *tls.Config, own *ownCertificate) *transport {
	t := &transport{
		network: n, certificate: own,
		secure: newTLSTransport(n, dialer, config), plain: newHTTPTransport(n, plainDialer(n, dialer)),
	}
	if own != nil {
		older := config.Clone()
		older.MaxVersion = tls.VersionTLS12
		own.older = newTLSTransport(n, dialer, older)
	}
	return t
}

func newTLSTransport(n target.Network, dialer net.Dialer, config *tls.Config) *http.Transport {
	p := proxyOf(n)
	dial := secureDialer(n, dialer)
	t := newHTTPTransport(n, dial)
	t.TLSClientConfig = config // for connections through a proxy
	t.DialTLSContext = tlsDialer(dial, config, n.ConnectTimeout)
	t.Proxy, t.OnProxyConnectResponse = p.address, p.onConnect
	return t
}

func newHTTPTransport(n target.Network, dial dialFunc) *http.Transport {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	return &http.Transport{
		DialContext:            dial,
		TLSHandshakeTimeout:    n.ConnectTimeout,
		MaxIdleConnsPerHost:    4, // most calls of a session are sequential
		IdleConnTimeout:        time.Minute,
		MaxResponseHeaderBytes: 256 << 10,
		DisableCompression:     true, // a small compressed response can be huge
		Protocols:              protocols,
	}
}

// RoundTrip sends one request and reads the complete response.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := t.network.Allows(req.URL); err != nil {
		return nil, errors.Join(fmt.Errorf("%w: it %w", ErrAddress, err), closeBody(req))
	}
	switch {
	case req.URL.Scheme == "http":
		return t.sendOnce(t.plain, req)
	case t.certificate == nil:
		return t.sendOnce(t.secure, req)
	}
	return t.sendWithCertificate(req)
}

// sendOnce sends a request and reads the complete response, within the timeout of a response.
func (t *transport) sendOnce(inner *http.Transport, req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(req.Context())
	defer cancel(nil)
	timer := time.AfterFunc(math.MaxInt64, func() { cancel(ErrResponseTimeout) })
	defer timer.Stop()
	var secured *alertConn
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(info httptrace.GotConnInfo) {
			timer.Reset(t.network.ResponseTimeout)
			secured, _ = info.Conn.(*alertConn)
		},
	})
	req = req.Clone(ctx) // its header is a copy
	req.Header.Set("User-Agent", UserAgent)
	resp, err := receive(inner, req)
	if err == nil && resp.TLS == nil && secured != nil { // net/http knows its own TLS connections only
		state := secured.ConnectionState()
		resp.TLS = &state
	}
	if err != nil && req.Context().Err() == nil && errors.Is(context.Cause(ctx), ErrResponseTimeout) {
		return nil, fmt.Errorf("%w (%s)", ErrResponseTimeout, t.network.ResponseTimeout)
	}
	return resp, err
}

func receive(inner *http.Transport, req *http.Request) (*http.Response, error) {
	resp, err := inner.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode == http.StatusSwitchingProtocols {
		return nil, errors.Join(errSwitched, resp.Body.Close())
	}
	body, err := ReadResponse(resp)
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// CloseIdleConnections closes the connections that no call uses.
func (t *transport) CloseIdleConnections() {
	t.secure.CloseIdleConnections()
	t.plain.CloseIdleConnections()
	if t.certificate != nil {
		t.certificate.older.CloseIdleConnections()
	}
}

func closeBody(req *http.Request) error {
	if req.Body == nil {
		return nil
	}
	return req.Body.Close()
}
