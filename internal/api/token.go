package api

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/go-retryablehttp"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// pathToken is the token endpoint.
const pathToken = "/oauth/token"

// tokenTimeout limits one request for a token.
const tokenTimeout = 30 * time.Second

// Credentials are the ways to authenticate with a shared control plane.
type Credentials struct {
	Token string
	// TokenFile has an access token; with ClientID, it has the identity of a pipeline.
	TokenFile string
	// ClientID and ClientSecret are for the token endpoint of the control plane.
	ClientID, ClientSecret string
	// Identity authenticates ClientID without a secret; nil for none.
	Identity *WorkloadIdentity
}

// TokenSource returns the source of tokens of the first way that is set; nil if none is. The transport is that of [Options].
func (c Credentials) TokenSource(baseURL string, transport http.RoundTripper) oauth2.TokenSource {
	switch {
	case c.Token != "":
		return oauth2.StaticTokenSource(&oauth2.Token{AccessToken: c.Token})
	case c.ClientID != "" && c.ClientSecret != "":
		return ClientCredentials(baseURL, c.ClientID, c.ClientSecret, transport)
	case c.ClientID != "" && c.TokenFile != "":
		return identitySource(baseURL, c.ClientID, fileIdentity(c.TokenFile), transport)
	case c.TokenFile != "":
		return TokenFile(c.TokenFile)
	case c.ClientID != "" && c.Identity != nil:
		return identitySource(baseURL, c.ClientID, c.Identity, transport)
	}
	return nil
}

// ClientCredentials returns a source of tokens from the control plane's own token endpoint (RFC 6749, section 4.4). It does not
// depend on the context of the caller. The transport is that of [Options].
func ClientCredentials(baseURL, clientID, clientSecret string, transport http.RoundTripper) oauth2.TokenSource {
	config := clientcredentials.Config{
		ClientID: clientID, ClientSecret: clientSecret,
		TokenURL: strings.TrimRight(baseURL, "/") + pathToken,
		// Without a fixed style, the library tries two, and a wrong secret would count as two failed sign-ins.
		AuthStyle: oauth2.AuthStyleInHeader,
	}
	return &clientCredentials{config, context.WithValue(context.Background(), oauth2.HTTPClient, tokenClient(transport))}
}

// tokenClient returns a client for the token endpoint. It follows no redirects: they would have the secret or the identity sent
// to another address. Both the client that repeats requests and the one around it would follow them.
func tokenClient(transport http.RoundTripper) *http.Client {
	retrying := &retryablehttp.Client{
		HTTPClient: &http.Client{
			Transport: &boundedTransport{next: transport}, Timeout: tokenTimeout, CheckRedirect: noRedirect,
		},
		RetryMax: DefaultMaxRetries, CheckRetry: checkRetry(shouldRetry), Backoff: backoff,
		ErrorHandler: keepLastResponse,
	}
	return &http.Client{Transport: &retryablehttp.RoundTripper{Client: retrying}, CheckRedirect: noRedirect}
}

// clientCredentials requests a new token each time. [tokens] caches it.
type clientCredentials struct {
	config clientcredentials.Config
	ctx    context.Context //nolint:containedctx // the library finds the HTTP client in it
}

// Token requests a token.
func (c *clientCredentials) Token() (*oauth2.Token, error) { return c.config.Token(c.ctx) }

func (c *clientCredentials) withScopes(scopes []string) oauth2.TokenSource {
	narrowed := *c
	narrowed.config.Scopes = scopes
	return &narrowed
}

// secrets lists what a request for a token contains: the secret, and both parts as they are in the header.
func (c *clientCredentials) secrets() []string {
	pair := url.QueryEscape(c.config.ClientID) + ":" + url.QueryEscape(c.config.ClientSecret)
	return []string{c.config.ClientSecret, base64.StdEncoding.EncodeToString([]byte(pair))}
}

// tokens caches a token until it expires or is rejected.
type tokens struct {
	source oauth2.TokenSource

	mu      sync.Mutex
	current oauth2.TokenSource
	// refreshes counts the refreshes, so that only one of several callers with the same rejected token refreshes it.
	refreshes int
	// issued has the last tokens of the source.
	issued []string
}

// maxIssued is how many tokens are remembered. Calls that run at the same time use at most the last two.
const maxIssued = 8

func newTokens(source oauth2.TokenSource) *tokens {
	return &tokens{source: source, current: oauth2.ReuseTokenSource(nil, source)}
}

// Token returns the token to send.
func (t *tokens) Token() (*oauth2.Token, error) {
	t.mu.Lock()
	source := t.current
	t.mu.Unlock()
	token, err := source.Token()
	if err == nil {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.remember(token)
	}
	return token, err
}

// remember notes the secrets of a token. The caller holds the lock.
func (t *tokens) remember(token *oauth2.Token) {
	for _, secret := range []string{token.AccessToken, token.RefreshToken} {
		if secret != "" && !slices.Contains(t.issued, secret) {
			t.issued = append(t.issued, secret)
		}
	}
	t.issued = t.issued[max(len(t.issued)-maxIssued, 0):]
}

// secrets lists what the client sends to authenticate itself.
func (t *tokens) secrets() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	secrets := slices.Clone(t.issued)
	if source, ok := t.source.(interface{ secrets() []string }); ok {
		secrets = append(secrets, source.secrets()...)
	}
	return secrets
}

func (t *tokens) generation() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.refreshes
}

// refresh replaces a rejected token by a new one, once for all calls that were rejected with it. It reports whether there is a
// new token: a configured token cannot be refreshed.
func (t *tokens) refresh(generation int) (bool, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.refreshes != generation {
		return true, nil
	}
	rejected, err := t.current.Token()
	if err != nil {
		return false, err
	}
	// With an empty token to start with, the library does not use the token that a caching source has: it asks the source below.
	fresh := oauth2.ReuseTokenSource(&oauth2.Token{}, t.source)
	token, err := fresh.Token()
	if err != nil {
		return false, err
	}
	if token.AccessToken == rejected.AccessToken {
		return false, nil
	}
	t.current = fresh
	t.refreshes++
	return true, nil
}

// clientCredentialsProblem converts an error of the token endpoint to a problem. It shows the error code or the status only.
func clientCredentialsProblem(err error, foreign foreign) (*Problem, bool) {
	if rejected, ok := errors.AsType[*identityError](err); ok {
		p := rejected.problem
		p.Detail = foreign.line(p.Detail, maxDetail)
		return &p, true
	}
	var rejection *oauth2.RetrieveError
	if !errors.As(err, &rejection) {
		return nil, false
	}
	p := &Problem{
		Type: ProblemTypePrefix + ProblemUnauthenticated, Title: "The control plane rejected the client credentials",
		Status: http.StatusUnauthorized, Detail: "The token endpoint returned no token.",
	}
	if rejection.Response != nil {
		p.Detail = "The token endpoint returned " + strconv.Itoa(rejection.Response.StatusCode) + "."
	}
	if code := foreign.line(rejection.ErrorCode, maxName); code != "" {
		p.Detail = "The token endpoint returned " + code + "."
		if description := foreign.line(rejection.ErrorDescription, maxText); description != "" {
			p.Detail = "The token endpoint returned " + code + ": " + description + "."
		}
	}
	return p, true
}
