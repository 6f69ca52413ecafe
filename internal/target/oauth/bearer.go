package oauth

import (
	"context"
	"time"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// Bearer is who calls a system with access tokens: with the one that is in use, or a new one.
type Bearer struct {
	// Tokens keeps the access token between the calls and the sessions of an account.
	Tokens *target.Tokens
	// Fetch gets a new one.
	Fetch func(ctx context.Context) (*oauth2.Token, error)
}

// Token is the access token to call with.
func (b Bearer) Token(ctx context.Context) (*oauth2.Token, error) {
	return b.Tokens.Fetch(ctx, time.Now(), b.Fetch)
}

// Do makes a call. If it fails because its token is no longer good, which refused tells, it is made once more with a new
// one; what that comes to stands.
func (b Bearer) Do(ctx context.Context, call func(*oauth2.Token) error, refused func(error) bool) error {
	token, err := b.Token(ctx)
	if err != nil {
		return err
	}
	err = call(token)
	if err == nil || !refused(err) {
		return err
	}
	b.Tokens.Invalidate(token)
	if token, err = b.Token(ctx); err != nil {
		return err
	}
	if err = call(token); err != nil && refused(err) {
		b.Tokens.Invalidate(token)
	}
	return err
}

// IsTokenRejected tells whether a call failed because its token is no longer good, for systems that say so of nothing else.
func IsTokenRejected(err error) bool {
	fault, ok := target.AsFault(err)
	return ok && fault.Code == target.GivenCredentials
}
