package api

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/hashicorp/go-retryablehttp"
	"golang.org/x/oauth2"
)

// Defaults of the settings that the provider and the command line share.
const (
	// DefaultDataDir is the data directory of the embedded control plane, relative to the working directory.
	DefaultDataDir = ".riva"
	// DefaultRequestTimeout is longer than the longest call, a connection test.
	DefaultRequestTimeout = 2 * TestTimeout
	// DefaultMaxRetries is enough for a restart of the control plane.
	DefaultMaxRetries = 4
)

// EmbeddedURL is the base URL of a control plane in this process. The name never resolves, and errors do not show it.
const EmbeddedURL = "http://embedded.invalid"

// Options configure a client.
type Options struct {
	// BaseURL is the address of the control plane, without /v1.
	BaseURL string
	// Transport sends the requests: over a network ([NewTransport]; also if it is nil), or to a control plane in this process.
	Transport http.RoundTripper
	// TokenSource returns the bearer tokens; nil sends none. If the control plane rejects a token, the source is called again.
	TokenSource oauth2.TokenSource
	UserAgent   string
	// InstanceID is the instance id of the only control plane that may be called; empty allows any. For another one, the error
	// of every call is an *[OtherInstanceError].
	InstanceID string
	// RunID identifies the run of the client; empty means [RunID], this process.
	RunID string
	// RequestTimeout limits one attempt of a call; zero is DefaultRequestTimeout. The context limits the call with its retries.
	RequestTimeout time.Duration
	// MaxRetries is the maximum number of retries of a call; zero never retries.
	MaxRetries int
	// ComparisonKeys requests the comparison keys of connections that are created or changed, for the caller, and of those that
	// are read recently, for [Client.ComparableConnection].
	ComparisonKeys bool
	// Log receives every attempt: method, path, status, duration, request id and number of the attempt. It never receives
	// bodies, queries or tokens. It may be nil.
	Log func(ctx context.Context, message string, fields map[string]any)
}

// Client calls a control plane. It is safe for concurrent use, and concurrent reads share calls.
type Client struct {
	base   string
	agent  string
	run    string
	tokens *tokens
	// wanted is the instance id of the only control plane that may be called; empty allows any.
	wanted string
	// comparisonKeys requests comparison keys.
	comparisonKeys bool

	// retrying is for calls that may be repeated, nonRetrying for calls that must not.
	retrying, nonRetrying *http.Client

	instance    cached[Instance]
	systems     cached[[]TargetSystem]
	connections *reader[Connection]
	comparable  *reader[Connection]
	policies    *reader[Policy]
	users       *reader[User]
	comparisons batch[Comparison, string]
	// memories have what was read. Each write deletes it.
	memories []interface{ forget() }
}

// NewClient returns a client. It does not call the control plane. The error describes what is wrong with the options.
func NewClient(o Options) (*Client, error) {
	base, err := checkBaseURL(o)
	if err != nil {
		return nil, fmt.Errorf("control plane %q: %w", o.BaseURL, err)
	}
	transport := o.Transport
	if transport == nil {
		if transport, err = NewTransport(""); err != nil {
			return nil, err
		}
	}
	if o.RequestTimeout <= 0 {
		o.RequestTimeout = DefaultRequestTimeout
	}
	transport = &loggingTransport{next: &boundedTransport{next: transport}, log: o.Log}

	c := &Client{
		base: base, agent: o.UserAgent, run: cmp.Or(o.RunID, RunID()), wanted: o.InstanceID, comparisonKeys: o.ComparisonKeys,
	}
	if o.TokenSource != nil {
		c.tokens = newTokens(o.TokenSource)
	}
	c.retrying = c.newHTTPClient(o, transport, shouldRetry)
	c.nonRetrying = c.newHTTPClient(o, transport, shouldRetryTest)
	c.instance.fetch = c.fetchInstance
	c.systems.fetch = c.fetchTargetSystems
	connectionID := func(o *Connection) string { return o.ID }
	c.connections = newReader(c, "connection", pathConnections, nil, connectionID)
	c.comparable = newReader(c, "connection", pathConnections, includeComparisonKey(), connectionID)
	c.policies = newReader(c, "sync policy", pathPolicies, nil, func(o *Policy) string { return o.ID })
	c.users = newReader(c, "user", pathUsers, nil, func(o *User) string { return o.ID })
	c.comparisons = batch[Comparison, string]{limit: MaxComparisons, run: c.compare}
	return c, nil
}

// newHTTPClient combines tokens, retries and the transport. It never follows redirects: a control plane sends none, and
// credentials must not be sent to another address.
func (c *Client) newHTTPClient(o Options, transport http.RoundTripper, retry func(*http.Response, error) bool) *http.Client {
	retrying := &retryablehttp.Client{
		HTTPClient:   &http.Client{Transport: transport, Timeout: o.RequestTimeout, CheckRedirect: noRedirect},
		RetryMax:     o.MaxRetries,
		CheckRetry:   checkRetry(retry),
		Backoff:      backoff,
		ErrorHandler: keepLastResponse,
	}
	client := &http.Client{Transport: &retryablehttp.RoundTripper{Client: retrying}, CheckRedirect: noRedirect}
	if c.tokens != nil {
		client.Transport = &oauth2.Transport{Source: c.tokens, Base: client.Transport}
	}
	return client
}

// noRedirect makes a client return redirects instead of following them.
func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

func checkBaseURL(o Options) (string, error) {
	u, err := url.Parse(o.BaseURL)
	switch {
	case err != nil:
		return "", errors.New("not an address")
	case u.Scheme != "https" && u.Scheme != "http" || u.Host == "":
		return "", errors.New("the address must start with https:// and have a host")
	case u.User != nil:
		return "", errors.New("the address must not contain a user or a password")
	case u.RawQuery != "" || u.Fragment != "":
		return "", errors.New("the address must not contain a query or a fragment")
	case u.Scheme == "http" && o.TokenSource != nil && !isLoopback(u.Hostname()):
		return "", errors.New("a token is only sent over https, or over http to this machine")
	}
	return strings.TrimRight(u.String(), "/"), nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
