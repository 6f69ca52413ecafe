package engine

import (
	"context"
	"maps"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// openedConnection is a stored connection with an account to sign in with: its own, or that of a candidate.
type openedConnection struct {
	// connection has no id before it is created.
	connection model.Connection
	// account has no credentials if they are blank.
	account target.Account
	// cache is the token cache of the account's credentials; nil if they are blank.
	cache *tokenCache
	// isStored means that the account is the stored one: a test of the connection would sign in with the same.
	isStored bool
	// usesStored means that the credentials are the stored ones, perhaps with settings of a candidate.
	usesStored bool
	// person means that the credentials are those of a person who has just signed in: they are stored only once it is known who it
	// was.
	person bool
	// newSignIn ignores a cached access token.
	newSignIn bool
	// newScheme ignores the stored authentication scheme, since the stored credentials were given again.
	newScheme bool
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

// openStored returns an account with the stored credentials and the token cache of the connection. The settings can be those of
// a candidate.
func (e *Engine) openStored(
	c model.Connection, s *target.System, settings target.Settings, stored target.Credentials,
) *openedConnection {
	account := e.account(s, settings, stored)
	account.Scheme = c.CredentialsScheme
	return &openedConnection{
		connection: c, account: account, cache: e.caches.get(c.ID, s, settings, stored),
		isStored: maps.Equal(settings, c.Settings), usesStored: true,
	}
}

// openSubmitted returns an account with submitted credentials, which are not stored yet, and a new token cache.
func (e *Engine) openSubmitted(
	c model.Connection, s *target.System, settings target.Settings, submitted target.Credentials,
) *openedConnection {
	return &openedConnection{
		connection: c, account: e.account(s, settings, submitted), cache: newTokenCache(s, settings, submitted),
	}
}

// sealedFor returns the settings that the credentials are bound to. A candidate with the stored credentials has other settings,
// but never ones that require new credentials.
func (o *openedConnection) sealedFor() target.Settings {
	if o.usesStored {
		return o.connection.Settings
	}
	return o.account.Settings
}

// currentAccount returns the account with its newest secrets: the system may have rotated one since the credentials were read.
func (o *openedConnection) currentAccount() target.Account {
	account := o.account
	account.Credentials, _ = o.cache.rotatedCredentials(account.Credentials)
	account.Tokens = o.cache.tokens
	return account
}

// adoptScheme takes over the authentication scheme as another process may have stored it since.
func (o *openedConnection) adoptScheme(c model.Connection) {
	o.account.Scheme = c.CredentialsScheme
	if o.newScheme {
		o.account.Scheme = ""
	}
}

// adopt takes over credentials as another process has stored them: the secrets that the target system rotated since. A secret
// that this process has known already is older than its own.
func (o *openedConnection) adopt(stored target.Credentials) {
	for name, secret := range stored {
		if !o.cache.knows(name, secret) {
			o.cache.tokens.Adopt(name, secret)
		}
	}
	o.cache.addVersion(stored)
	if o.usesStored {
		o.account.Credentials = maps.Clone(stored)
	}
}
