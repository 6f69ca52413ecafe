package oauth

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// Session is a [call.Session] that calls with access tokens. A system's own session embeds it.
type Session struct {
	call.Session

	// Bearer has the access tokens of the account. The system sets it once the session exists.
	Bearer Bearer
}

// NewSession makes a session without a bearer, like [call.NewSession].
func NewSession(a target.Account, c call.Classifier) (Session, error) {
	s, err := call.NewSession(a, c)
	return Session{Session: s}, err
}

// Bearer calls a system with access tokens: with the one that is in use, or with a new one.
type Bearer struct {
	// Tokens stores the access token between the calls and the sessions of an account.
	Tokens *target.Tokens
	// Fetch requests a new one.
	Fetch func(ctx context.Context) (*oauth2.Token, error)
}

// Token returns the access token to call with.
func (b Bearer) Token(ctx context.Context) (*oauth2.Token, error) {
	return b.Tokens.Fetch(ctx, time.Now(), b.Fetch)
}

// Do makes a call with send. If it fails because the system rejected the token, which rejected reports, the call is repeated
// once with a new token, and the result of that counts.
func (b Bearer) Do(ctx context.Context, send func(*oauth2.Token) error, rejected func(error) bool) error {
	token, err := b.Token(ctx)
	if err != nil {
		return err
	}
	err = send(token)
	if err == nil || !rejected(err) {
		return err
	}
	b.Tokens.Invalidate(token)
	if token, err = b.Token(ctx); err != nil {
		return err
	}
	if err = send(token); err != nil && rejected(err) {
		b.Tokens.Invalidate(token)
	}
	return err
}

// IsTokenRejected reports whether a call failed because the system rejected the token, for systems whose APIs return this
// fault for no other reason.
func IsTokenRejected(err error) bool {
	fault, ok := target.AsFault(err)
	return ok && fault.Code == target.GivenCredentials
}

// NewRequest makes a GET request with an access token, for a response in JSON.
func NewRequest(ctx context.Context, token *oauth2.Token, address string) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("make request: %w", err)
	}
	req.Header.Set("Authorization", "Bearer "+token.AccessToken)
	req.Header.Set("Accept", "application/json")
	return req, nil
}
