package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

const (
	// maxTokenCaches is how many connections can have cached tokens. Beyond that, one of them must fetch a token again.
	maxTokenCaches = 1000
	// maxVersions is how many versions of credentials are recognized as the same credentials.
	maxVersions = 8
)

// tokenCache contains, in memory, the tokens that a target system issued for the credentials of one connection, and the versions
// of the credentials while the system rotated secrets. It is never shared between connections.
type tokenCache struct {
	tokens *target.Tokens
	// binding is the address and user name that the credentials are bound to. Tokens are never sent anywhere else.
	binding string

	mu sync.Mutex
	// settings are the settings that the current access token was fetched with.
	settings target.Settings
	// versions starts with the credentials as they were stored or submitted; rotated versions follow, newest last.
	versions []target.Credentials
}

func newTokenCache(s *target.System, settings target.Settings, c target.Credentials) *tokenCache {
	return &tokenCache{
		tokens: new(target.Tokens), binding: s.Binding(settings),
		settings: maps.Clone(settings), versions: []target.Credentials{maps.Clone(c)},
	}
}

// rotatedCredentials returns credentials with the secrets that the target system rotated, and reports whether any differs. Only
// a secret that is in one of the versions is replaced: another secret was stored since, perhaps by another process.
func (c *tokenCache) rotatedCredentials(credentials target.Credentials) (target.Credentials, bool) {
	rotated := c.tokens.Rotated()
	c.mu.Lock()
	defer c.mu.Unlock()
	updated, changed := maps.Clone(credentials), false
	for name, secret := range rotated {
		before, exists := credentials[name]
		ours := exists && slices.ContainsFunc(c.versions, func(version target.Credentials) bool { return version[name] == before })
		if ours && before != secret {
			updated[name], changed = secret, true
		}
	}
	return updated, changed
}

// addVersion adds a version of the credentials. It is called before the version is committed, so that every reader of the
// version finds it here. If the commit fails, the version before it is still recognized.
func (c *tokenCache) addVersion(version target.Credentials) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.versions = append(c.versions, maps.Clone(version))
	c.versions = c.versions[max(0, len(c.versions)-maxVersions):]
}

// matches reports whether stored credentials are a version of the credentials of the cache.
func (c *tokenCache) matches(binding string, stored target.Credentials) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.binding == binding &&
		slices.ContainsFunc(c.versions, func(version target.Credentials) bool { return maps.Equal(version, stored) })
}

// useSettings sets the settings. An access token that was fetched with other settings is discarded.
func (c *tokenCache) useSettings(settings target.Settings) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !maps.Equal(c.settings, settings) {
		c.settings = maps.Clone(settings)
		c.dropToken()
	}
}

// dropToken discards the access token, so that the next sign-in fetches a new one.
func (c *tokenCache) dropToken() {
	if access := c.tokens.Access(time.Time{}); access != nil {
		c.tokens.Invalidate(access)
	}
}

// tokenCaches are the token caches by connection id. The zero value is empty.
type tokenCaches struct {
	mu  sync.Mutex
	all map[string]*tokenCache
}

// get returns the token cache of a connection with its stored credentials; a new one if the credentials are not those of the
// cache.
func (c *tokenCaches) get(id string, s *target.System, settings target.Settings, stored target.Credentials) *tokenCache {
	c.mu.Lock()
	defer c.mu.Unlock()
	if found, ok := c.all[id]; ok && found.matches(s.Binding(settings), stored) {
		found.useSettings(settings)
		return found
	}
	created := newTokenCache(s, settings, stored)
	c.setLocked(id, created)
	return created
}

// set sets the token cache of a connection.
func (c *tokenCaches) set(id string, cache *tokenCache) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.setLocked(id, cache)
}

// setLocked requires the lock.
func (c *tokenCaches) setLocked(id string, cache *tokenCache) {
	if c.all == nil {
		c.all = map[string]*tokenCache{}
	}
	if _, known := c.all[id]; !known && len(c.all) >= maxTokenCaches {
		for other := range c.all {
			delete(c.all, other)
			break
		}
	}
	c.all[id] = cache
}

func (c *tokenCaches) drop(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.all, id)
}

// updateRotated stores the secrets that the target system rotated, if the stored secrets are those that the system replaced.
// This is not a submission: submitted digest, revision and times do not change. c is the connection as it is now.
func (e *Engine) updateRotated(ctx context.Context, tx model.Tx, o *openedConnection, c model.Connection) error {
	if o.cache == nil || len(o.cache.tokens.Rotated()) == 0 || c.CredentialsBlank {
		return nil
	}
	s := o.account.System
	if s.Binding(c.Settings) != o.cache.binding {
		return nil
	}
	stored, err := openCredentials(ctx, tx, &c, s)
	if err != nil {
		return err
	}
	rotated, changed := o.cache.rotatedCredentials(stored)
	if !changed {
		return nil
	}
	if err := tx.PutCredentials(ctx, c.ID, o.cache.binding, rotated); err != nil {
		return fmt.Errorf("seal the rotated credentials: %w", err)
	}
	o.cache.addVersion(rotated)
	return nil
}

// saveRotated stores rotated secrets if no result was saved, for example after the caller disconnected: the target system no
// longer accepts the old ones.
func (e *Engine) saveRotated(ctx context.Context, o *openedConnection) {
	if o == nil || o.cache == nil || o.connection.ID == "" || len(o.cache.tokens.Rotated()) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), auditTimeout)
	defer cancel()
	err := e.store.Update(ctx, func(tx model.Tx) error {
		c, err := tx.Connection(ctx, o.connection.ID)
		if errors.Is(err, model.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		return e.updateRotated(ctx, tx, o, c)
	})
	if err != nil {
		e.log.ErrorContext(ctx, "store rotated credentials", "connection", o.connection.ID, "error", err)
	}
}
