package api

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/go-retryablehttp"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// tokenTimeout limits one request for a token.
const tokenTimeout = 30 * time.Second

// ClientCredentials returns a source of tokens from the control plane's own token endpoint (RFC 6749, section 4.4). It does not
// depend on the context of the caller. The transport is that of [Options].
func ClientCredentials(baseURL, clientID, clientSecret string, transport http.RoundTripper) oauth2.TokenSource {
	config := clientcredentials.Config{
		ClientID: clientID, ClientSecret: clientSecret,
		TokenURL: strings.TrimRight(baseURL, "/") + "/oauth/token",
		// Without a fixed style, the library tries two, and a wrong secret would count as two failed sign-ins.
		AuthStyle: oauth2.AuthStyleInHeader,
	}
	retrying := &retryablehttp.Client{
		HTTPClient: &http.Client{
			Transport: &boundedTransport{next: transport}, Timeout: tokenTimeout,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		RetryMax: DefaultMaxRetries, CheckRetry: checkRetry(shouldRetry), Backoff: backoff,
		ErrorHandler: keepLastResponse,
	}
	return config.TokenSource(context.WithValue(context.Background(), oauth2.HTTPClient, retrying.StandardClient()))
}

// tokens caches a token until it expires or is rejected.
type tokens struct {
	source oauth2.TokenSource

	mu      sync.Mutex
	current oauth2.TokenSource
	// refreshes counts the refreshes, so that only one of several callers with the same rejected token refreshes it.
	refreshes int
}

func newTokens(source oauth2.TokenSource) *tokens {
	return &tokens{source: source, current: oauth2.ReuseTokenSource(nil, source)}
}

// Token returns the token to send.
func (t *tokens) Token() (*oauth2.Token, error) {
	t.mu.Lock()
	source := t.current
	t.mu.Unlock()
	return source.Token()
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

// clientCredentialsProblem converts an error of the token endpoint to a problem. It shows only the error code: descriptions may
// repeat secrets.
func clientCredentialsProblem(err error) (*Problem, bool) {
	var rejection *oauth2.RetrieveError
	if !errors.As(err, &rejection) {
		return nil, false
	}
	p := &Problem{
		Type: ProblemTypePrefix + ProblemUnauthenticated, Title: "The control plane rejected the client credentials",
		Status: http.StatusUnauthorized, Detail: "The token endpoint returned no token.",
	}
	if rejection.Response != nil {
		p.Detail = "The token endpoint returned " + rejection.Response.Status + "."
	}
	if rejection.ErrorCode != "" {
		p.Detail = "The token endpoint returned " + printable(rejection.ErrorCode) + "."
	}
	return p, true
}
