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
	// maxTokenCaches bounds the connections whose tokens are kept; of one more, somebody has to fetch a token again.
	maxTokenCaches = 1000
	// maxVersions bounds the forms of a set of credentials that are recognised as the same set.
	maxVersions = 8
)

// tokenCache is what is kept in memory for one set of credentials: the tokens that the target system handed out for it, and
// the forms that the set had while the system rotated secrets of it. It belongs to one connection and is never shared.
type tokenCache struct {
	tokens *target.Tokens
	// binding is what the credentials were given for: nothing handed out for them goes anywhere else.
	binding string

	mu sync.Mutex
	// settings are those that the access token in use was fetched with.
	settings target.Settings
	// versions begins with the set as it was stored or submitted; then come the forms that replaced it, newest last.
	versions []target.Credentials
}

func newTokenCache(s *target.System, settings target.Settings, c target.Credentials) *tokenCache {
	return &tokenCache{
		tokens: new(target.Tokens), binding: s.Binding(settings),
		settings: maps.Clone(settings), versions: []target.Credentials{maps.Clone(c)},
	}
}

// rotatedCredentials is a set of credentials with what the system rotated in place of what it was shown, and whether that is any
// different. A secret that was not ours to begin with stays: somebody else, perhaps another process, put it there since.
func (h *tokenCache) rotatedCredentials(c target.Credentials) (target.Credentials, bool) {
	rotated := h.tokens.Rotated()
	h.mu.Lock()
	defer h.mu.Unlock()
	renewed, changed := maps.Clone(c), false
	for name, secret := range rotated {
		was, there := c[name]
		ours := there && slices.ContainsFunc(h.versions, func(form target.Credentials) bool { return form[name] == was })
		if ours && was != secret {
			renewed[name], changed = secret, true
		}
	}
	return renewed, changed
}

// addVersion recognises one more form from now on. It is called before that is committed, so that whoever reads the form finds
// it known; should the commit fail, the form before it still is.
func (h *tokenCache) addVersion(form target.Credentials) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.versions = append(h.versions, maps.Clone(form))
	h.versions = h.versions[max(0, len(h.versions)-maxVersions):]
}

// matches tells whether stored credentials are the set of the holding, in whatever form.
func (h *tokenCache) matches(binding string, stored target.Credentials) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.binding == binding &&
		slices.ContainsFunc(h.versions, func(form target.Credentials) bool { return maps.Equal(form, stored) })
}

// useSettings takes up settings. An access token that was fetched with others is given up.
func (h *tokenCache) useSettings(settings target.Settings) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !maps.Equal(h.settings, settings) {
		h.settings = maps.Clone(settings)
		h.dropToken()
	}
}

// dropToken gives up the access token, so that the next sign-in is one.
func (h *tokenCache) dropToken() {
	if access := h.tokens.Access(time.Time{}); access != nil {
		h.tokens.Invalidate(access)
	}
}

// tokenCaches are those of connections. The zero value is empty.
type tokenCaches struct {
	mu  sync.Mutex
	all map[string]*tokenCache
}

// get gives the holding of a connection with the credentials that are stored; a new one if they are another set than
// before.
func (h *tokenCaches) get(id string, s *target.System, settings target.Settings, stored target.Credentials) *tokenCache {
	h.mu.Lock()
	defer h.mu.Unlock()
	if found, ok := h.all[id]; ok && found.matches(s.Binding(settings), stored) {
		found.useSettings(settings)
		return found
	}
	made := newTokenCache(s, settings, stored)
	h.setLocked(id, made)
	return made
}

// set makes a holding the connection's own.
func (h *tokenCaches) set(id string, own *tokenCache) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.setLocked(id, own)
}

// setLocked needs the lock.
func (h *tokenCaches) setLocked(id string, own *tokenCache) {
	if h.all == nil {
		h.all = map[string]*tokenCache{}
	}
	if _, known := h.all[id]; !known && len(h.all) >= maxTokenCaches {
		for other := range h.all {
			delete(h.all, other)
			break
		}
	}
	h.all[id] = own
}

func (h *tokenCaches) drop(id string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.all, id)
}

// updateRotated puts what the target system rotated in place of what is stored, as far as that is what the system was
// shown. Nobody submitted anything: what comparisons look at, revision and times stay. c is the connection as it is now.
func (e *Engine) updateRotated(ctx context.Context, tx model.Tx, a *openedConnection, c model.Connection) error {
	if a.cache == nil || len(a.cache.tokens.Rotated()) == 0 || c.CredentialsBlank {
		return nil
	}
	s := a.account.System
	if s.Binding(c.Settings) != a.cache.binding {
		return nil
	}
	stored, err := openCredentials(ctx, tx, &c, s)
	if err != nil {
		return err
	}
	renewed, changed := a.cache.rotatedCredentials(stored)
	if !changed {
		return nil
	}
	if err := tx.PutCredentials(ctx, c.ID, a.cache.binding, renewed); err != nil {
		return fmt.Errorf("seal the rotated credentials: %w", err)
	}
	a.cache.addVersion(renewed)
	return nil
}

// saveRotated keeps what was rotated where no finding came to be written down, such as after a caller that went away: the
// system takes the old secrets no more.
func (e *Engine) saveRotated(ctx context.Context, a *openedConnection) {
	if a == nil || a.cache == nil || a.connection.ID == "" || len(a.cache.tokens.Rotated()) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), auditTimeout)
	defer cancel()
	err := e.store.Update(ctx, func(tx model.Tx) error {
		c, err := tx.Connection(ctx, a.connection.ID)
		if errors.Is(err, model.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		return e.updateRotated(ctx, tx, a, c)
	})
	if err != nil {
		e.log.ErrorContext(ctx, "keep rotated credentials", "connection", a.connection.ID, "error", err)
	}
}
