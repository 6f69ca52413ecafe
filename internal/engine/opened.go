package engine

import (
	"context"
	"maps"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// openedConnection is a connection, as it is stored, with what it takes to sign in: as it is, or as a candidate for it would.
type openedConnection struct {
	// connection has no id before it is made.
	connection model.Connection
	// account has no credentials if they were wiped.
	account target.Account
	// cache belongs to the account's credentials; nil if they were wiped.
	cache *tokenCache
	// isStored tells that all of it is what is stored: a test of the connection would sign in with the same.
	isStored bool
	// newSignIn signs in anew, whatever token is in use.
	newSignIn bool
}

// openConnection opens the stored credentials of a connection.
func (e *Engine) openConnection(ctx context.Context, tx model.Tx, id string) (*openedConnection, error) {
	c, err := readConnection(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	s, err := e.systemFor(c)
	if err != nil {
		return nil, err
	}
	if c.CredentialsBlank {
		return &openedConnection{connection: c, account: e.account(s, c.Settings, nil)}, nil
	}
	stored, err := openCredentials(ctx, tx, &c, s)
	if err != nil {
		return nil, err
	}
	return e.openStored(c, s, c.Settings, stored), nil
}

// openStored takes the stored credentials of a connection, with its own tokens. The settings may be a candidate's.
func (e *Engine) openStored(c model.Connection, s *target.System, settings target.Settings, stored target.Credentials) *openedConnection {
	return &openedConnection{
		connection: c, account: e.account(s, settings, stored), cache: e.caches.get(c.ID, s, settings, stored),
		isStored: maps.Equal(settings, c.Settings),
	}
}

// openSubmitted takes credentials that are not stored, or not yet, with tokens of their own.
func (e *Engine) openSubmitted(c model.Connection, s *target.System, settings target.Settings, set target.Credentials) *openedConnection {
	return &openedConnection{connection: c, account: e.account(s, settings, set), cache: newTokenCache(s, settings, set)}
}

// currentAccount is the account to sign in with now: the system may have rotated a secret since the credentials were read.
func (a *openedConnection) currentAccount() target.Account {
	account := a.account
	account.Credentials, _ = a.cache.rotatedCredentials(account.Credentials)
	account.Tokens = a.cache.tokens
	if a.newSignIn {
		a.cache.dropToken()
	}
	return account
}
