package api

import (
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
	// DefaultRequestTimeout is longer than the longest call, a connection test of 60 seconds.
	DefaultRequestTimeout = 2 * time.Minute
	// DefaultMaxRetries waits through a restart of the control plane.
	DefaultMaxRetries = 4
)

// Options configure a client.
type Options struct {
	// BaseURL is the address of the control plane, without /v1.
	BaseURL string
	// Transport carries the requests: a network ([NewTransport], also if nil) or a control plane in process.
	Transport http.RoundTripper
	// TokenSource gives the bearer tokens; nil sends none. A source of client credentials is asked for a fresh token when
	// the control plane refuses one.
	TokenSource oauth2.TokenSource
	UserAgent   string
	// RequestTimeout bounds one try of a call; zero is DefaultRequestTimeout. The context bounds the call with its retries.
	RequestTimeout time.Duration
	// MaxRetries is how often a call is repeated at most; zero never repeats.
	MaxRetries int
	// Log is told of every try: method, path, status, duration, request id and number of the try. Never of bodies, queries
	// or tokens. It may be nil.
	Log func(ctx context.Context, message string, fields map[string]any)
}

// Client speaks to a control plane. It is safe for concurrent use, and concurrent reads share calls.
type Client struct {
	base   string
	agent  string
	tokens *tokens

	// Two doors: calls that may be repeated, and calls that must not.
	retrying, nonRetrying *http.Client

	instance    cached[Instance]
	systems     cached[[]TargetSystem]
	connections batch[string, Connection]
	comparisons batch[Comparison, string]
}

// NewClient returns a client. The error tells what is wrong with the options; nothing is called yet.
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
	transport = &loggingTransport{next: transport, log: o.Log}

	c := &Client{base: base, agent: o.UserAgent}
	if o.TokenSource != nil {
		c.tokens = newTokens(o.TokenSource)
	}
	c.retrying = c.newHTTPClient(o, transport, shouldRetry)
	c.nonRetrying = c.newHTTPClient(o, transport, shouldRetryTest)
	c.instance.fetch = c.fetchInstance
	c.systems.fetch = c.fetchTargetSystems
	c.connections = batch[string, Connection]{limit: maxBatch, run: c.readConnections}
	c.comparisons = batch[Comparison, string]{limit: maxBatch, run: c.compare}
	return c, nil
}

// newHTTPClient stacks token, retries and transport. Redirects are never followed: a control plane sends none, and credentials
// must not travel elsewhere.
func (c *Client) newHTTPClient(o Options, transport http.RoundTripper, again func(*http.Response, error) bool) *http.Client {
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	retrying := &retryablehttp.Client{
		HTTPClient:   &http.Client{Transport: transport, Timeout: o.RequestTimeout, CheckRedirect: stay},
		RetryMax:     o.MaxRetries,
		CheckRetry:   checkRetry(again),
		Backoff:      backoff,
		ErrorHandler: keepLastResponse,
	}
	door := &http.Client{Transport: &retryablehttp.RoundTripper{Client: retrying}, CheckRedirect: stay}
	if c.tokens != nil {
		door.Transport = &oauth2.Transport{Source: c.tokens, Base: door.Transport}
	}
	return door
}

func checkBaseURL(o Options) (string, error) {
	u, err := url.Parse(o.BaseURL)
	switch {
	case err != nil:
		return "", errors.New("not an address")
	case u.Scheme != "https" && u.Scheme != "http" || u.Host == "":
		return "", errors.New("the address must begin with https:// and name a host")
	case u.User != nil:
		return "", errors.New("the address must not hold a user or a password")
	case u.RawQuery != "" || u.Fragment != "":
		return "", errors.New("the address must not hold a query or a fragment")
	case u.Scheme == "http" && o.TokenSource != nil && !isLoopback(u.Hostname()):
		return "", errors.New("a token is sent over https only, or over http to this machine")
	}
	return strings.TrimRight(u.String(), "/"), nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
