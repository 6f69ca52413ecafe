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
	"net/url"
	"syscall"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

const maxResponseSize = 4 << 20

// ErrResponseTimeout is the cause of a call that was given up because its answer took too long.
var ErrResponseTimeout = errors.New("no complete answer in time")

// ErrAddress refuses a call to an address that calls may not go to.
var ErrAddress = errors.New("calls may not go to this address")

// ResponseTooLargeError says that an answer was larger than any sensible one.
type ResponseTooLargeError struct {
	// Status is the HTTP status of the answer.
	Status int
	// Limit is how large it may be, in bytes.
	Limit int64
}

func (e *ResponseTooLargeError) Error() string {
	return fmt.Sprintf("the answer (HTTP %d) is larger than %d MiB", e.Status, e.Limit>>20)
}

// responseLimitKey is the key of a context's own limit on answers.
type responseLimitKey struct{}

// WithResponseLimit lets the answers to calls with the context have up to so many bytes, for the few that are honestly
// larger than 4 MiB.
func WithResponseLimit(ctx context.Context, limit int64) context.Context {
	return context.WithValue(ctx, responseLimitKey{}, limit)
}

// limitOf is how large an answer may be.
func limitOf(resp *http.Response) int64 {
	if resp.Request != nil {
		if limit, ok := resp.Request.Context().Value(responseLimitKey{}).(int64); ok {
			return limit
		}
	}
	return maxResponseSize
}

// ReadResponse reads the body of an answer and closes it. An answer of more than 4 MiB is an *[ResponseTooLargeError], unless
// the call allowed for more ([WithResponseLimit]).
func ReadResponse(resp *http.Response) ([]byte, error) {
	limit := limitOf(resp)
	body, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		return nil, fmt.Errorf("read answer: %w", err)
	}
	if int64(len(body)) > limit {
		return nil, &ResponseTooLargeError{Status: resp.StatusCode, Limit: limit}
	}
	return body, nil
}

// transport sends calls where a [Network] lets them go and bounds what comes back.
type transport struct {
	network target.Network
	secure  *http.Transport
	// plain connects to this machine only, and is never asked without Network.LoopbackHTTP.
	plain *http.Transport
}

func newTransport(n target.Network, config *tls.Config) *transport {
	dialer := net.Dialer{Timeout: n.ConnectTimeout, KeepAlive: 30 * time.Second}
	loopback := dialer
	loopback.Control = loopbackOnly
	t := &transport{network: n, secure: newHTTPTransport(n, &dialer), plain: newHTTPTransport(n, &loopback)}
	t.secure.TLSClientConfig = config // for those by way of a proxy
	t.secure.DialTLSContext = tlsDialer(dialer.DialContext, config, n.ConnectTimeout)
	t.secure.Proxy = proxy
	return t
}

func newHTTPTransport(n target.Network, dialer *net.Dialer) *http.Transport {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	return &http.Transport{
		DialContext:            dialer.DialContext,
		TLSHandshakeTimeout:    n.ConnectTimeout,
		MaxIdleConnsPerHost:    4, // the calls of a session mostly follow one another
		IdleConnTimeout:        time.Minute,
		MaxResponseHeaderBytes: 256 << 10,
		DisableCompression:     true, // a small compressed answer can be an endless one
		Protocols:              protocols,
	}
}

// RoundTrip sends one request and reads the whole answer.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := t.network.Allows(req.URL); err != nil {
		return nil, errors.Join(fmt.Errorf("%w: it %w", ErrAddress, err), closeBody(req))
	}
	ctx, cancel := context.WithCancelCause(req.Context())
	defer cancel(nil)
	timer := time.AfterFunc(math.MaxInt64, func() { cancel(ErrResponseTimeout) })
	defer timer.Stop()
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { timer.Reset(t.network.ResponseTimeout) },
	})
	req = req.Clone(ctx) // whose header is not the caller's
	req.Header.Set("User-Agent", UserAgent)
	resp, err := t.send(req)
	if err != nil && req.Context().Err() == nil && errors.Is(context.Cause(ctx), ErrResponseTimeout) {
		return nil, fmt.Errorf("%w (%s)", ErrResponseTimeout, t.network.ResponseTimeout)
	}
	return resp, err
}

func (t *transport) send(req *http.Request) (*http.Response, error) {
	inner := t.secure
	if req.URL.Scheme == "http" {
		inner = t.plain
	}
	resp, err := inner.RoundTrip(req)
	if err != nil {
		return nil, err
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
}

// loopbackOnly keeps a connection from being made to any machine but this one, whatever a name resolved to.
func loopbackOnly(_, address string, _ syscall.RawConn) error {
	host, _, err := net.SplitHostPort(address)
	if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
		return fmt.Errorf("%w: http is for loopback hosts only, and this host is another machine", ErrAddress)
	}
	return nil
}

// proxy finds the proxy of the environment. The reason why its address is malformed can hold the proxy's password.
func proxy(req *http.Request) (*url.URL, error) {
	u, err := http.ProxyFromEnvironment(req)
	if err != nil {
		return nil, errors.New("the address of the proxy in the environment is malformed")
	}
	return u, nil
}

func closeBody(req *http.Request) error {
	if req.Body == nil {
		return nil
	}
	return req.Body.Close()
}
