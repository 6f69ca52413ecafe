package target

import (
	"maps"
	"sync"
	"time"

	"golang.org/x/oauth2"
)

// early is how long before its end an access token is no longer used.
const early = time.Minute

// Tokens is what an OAuth system handed out for one connection: the access token in use, and the secrets that it put in
// place of those it was shown, such as a rotated refresh token. It belongs to one connection with one set of
// credentials and is never shared. The zero value is empty; it is safe for concurrent use.
type Tokens struct {
	mu      sync.Mutex
	access  *oauth2.Token
	rotated Credentials
}

// Access returns the access token to use at a time; nil if a new one has to be fetched. A token for which the system
// announced no end is used until the system refuses it.
func (t *Tokens) Access(now time.Time) *oauth2.Token {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.access == nil || (!t.access.Expiry.IsZero() && !now.Before(t.access.Expiry.Add(-early))) {
		return nil
	}
	return t.access
}

// Keep puts a fetched access token in use.
func (t *Tokens) Keep(access *oauth2.Token) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.access = access
}

// Refuse gives up an access token that the system refused, unless another one is in use by now.
func (t *Tokens) Refuse(access *oauth2.Token) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.access == access {
		t.access = nil
	}
}

// Rotate notes that the system replaced a secret. The old one is worthless from then on, whatever else fails.
func (t *Tokens) Rotate(name, secret string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.rotated == nil {
		t.rotated = Credentials{}
	}
	t.rotated[name] = secret
}

// Rotated returns the secrets that the system replaced, by field; nil if it replaced none.
func (t *Tokens) Rotated() Credentials {
	t.mu.Lock()
	defer t.mu.Unlock()
	return maps.Clone(t.rotated)
}
