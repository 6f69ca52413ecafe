package engine

import (
	"maps"
	"slices"
	"sync"
	"time"

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
	system *target.System

	mu sync.Mutex
	// settings are the settings that the current access token was fetched with. No token is sent with settings that show it to
	// others.
	settings target.Settings
	// versions starts with the credentials as they were stored or submitted; rotated versions follow, newest last.
	versions []target.Credentials
}

func newTokenCache(s *target.System, settings target.Settings, c target.Credentials) *tokenCache {
	return &tokenCache{
		tokens: new(target.Tokens), system: s,
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
	if slices.ContainsFunc(c.versions, func(known target.Credentials) bool { return maps.Equal(known, version) }) {
		return
	}
	c.versions = append(c.versions, maps.Clone(version))
	c.versions = c.versions[max(0, len(c.versions)-maxVersions):]
}

// knows reports whether a secret is in one of the versions.
func (c *tokenCache) knows(name, secret string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.ContainsFunc(c.versions, func(version target.Credentials) bool { return version[name] == secret })
}

// matches reports whether stored credentials are a version of the credentials of the cache, and may be used with the settings
// without submitting them again.
func (c *tokenCache) matches(settings target.Settings, stored target.Credentials) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.system.Rebinds(c.settings, settings)) == 0 &&
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
	if found, ok := c.all[id]; ok && found.matches(settings, stored) {
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
