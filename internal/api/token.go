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

// tokenTimeout bounds one request for a token.
const tokenTimeout = 30 * time.Second

// ClientCredentials returns a source of tokens of the control plane's own token endpoint (RFC 6749, section 4.4). It
// outlives the context of whoever configures it. The transport is the one of [Options].
func ClientCredentials(baseURL, clientID, clientSecret string, transport http.RoundTripper) oauth2.TokenSource {
	config := clientcredentials.Config{
		ClientID: clientID, ClientSecret: clientSecret,
		TokenURL: strings.TrimRight(baseURL, "/") + "/oauth/token",
		// Without a fixed style the library tries two, and a wrong secret would count twice.
		AuthStyle: oauth2.AuthStyleInHeader,
	}
	retrying := &retryablehttp.Client{
		HTTPClient: &http.Client{
			Transport: transport, Timeout: tokenTimeout,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		RetryMax: DefaultMaxRetries, CheckRetry: checkRetry(shouldRetry), Backoff: backoff,
		ErrorHandler: keepLastResponse,
	}
	return config.TokenSource(context.WithValue(context.Background(), oauth2.HTTPClient, retrying.StandardClient()))
}

// tokens keeps a token until it expires or is refused.
type tokens struct {
	source oauth2.TokenSource

	mu      sync.Mutex
	current oauth2.TokenSource
	// refreshes tells callers whose token was refused whether somebody has renewed it since.
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

// refresh fetches another token in place of one that was refused, once for all calls that were refused with it. It reports
// whether there is another one: a token that was configured has no successor.
func (t *tokens) refresh(generation int) (bool, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.refreshes != generation {
		return true, nil
	}
	refused, err := t.current.Token()
	if err != nil {
		return false, err
	}
	// Begun with an empty token, the library looks through a source that keeps tokens and asks the one below.
	fresh := oauth2.ReuseTokenSource(&oauth2.Token{}, t.source)
	token, err := fresh.Token()
	if err != nil {
		return false, err
	}
	if token.AccessToken == refused.AccessToken {
		return false, nil
	}
	t.current = fresh
	t.refreshes++
	return true, nil
}

// clientCredentialsProblem makes a problem of the token endpoint's refusal. Only the code is shown: descriptions may echo secrets.
func clientCredentialsProblem(err error) (*Problem, bool) {
	var refusal *oauth2.RetrieveError
	if !errors.As(err, &refusal) {
		return nil, false
	}
	p := &Problem{
		Type: ProblemTypePrefix + ProblemUnauthenticated, Title: "The control plane refused the client credentials",
		Status: http.StatusUnauthorized, Detail: "The token endpoint gave no token.",
	}
	if refusal.Response != nil {
		p.Detail = "The token endpoint answered " + refusal.Response.Status + "."
	}
	if refusal.ErrorCode != "" {
		p.Detail = "The token endpoint answered " + printable(refusal.ErrorCode) + "."
	}
	return p, true
}
