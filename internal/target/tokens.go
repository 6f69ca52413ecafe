package target

import (
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"golang.org/x/oauth2"
)

// expiryMargin is how long before its end an access token is no longer used.
const expiryMargin = time.Minute

// Tokens is what an OAuth system handed out for one connection: the access token in use, and the secrets that it put in
// place of those it was shown, such as a rotated refresh token. It belongs to one connection with one set of
// credentials and is never shared. The zero value is empty; it is safe for concurrent use.
type Tokens struct {
	fetching sync.Mutex

	mu      sync.Mutex
	access  *oauth2.Token
	rotated Credentials
	// recentSecrets are secrets that a system was shown or handed out lately, to be masked.
	recentSecrets []string
}

// maxRecentSecrets bounds the secrets that are remembered in order to be masked: the latest calls' are what a system repeats.
const maxRecentSecrets = 16

// Fetch gives the access token to use at a time, from the system if none is in use. The fetch runs for one caller at a
// time, since a refresh token may be good for one use only; the others get what it brought.
func (t *Tokens) Fetch(now time.Time, fetch func() (*oauth2.Token, error)) (*oauth2.Token, error) {
	if access := t.Access(now); access != nil {
		return access, nil
	}
	t.fetching.Lock()
	defer t.fetching.Unlock()
	if access := t.Access(now); access != nil {
		return access, nil
	}
	access, err := fetch()
	if err != nil {
		return nil, err
	}
	t.SetAccess(access)
	return access, nil
}

// Mask has a secret masked in whatever the system says from now on, such as a signed assertion.
func (t *Tokens) Mask(secret string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.maskLocked(secret)
}

// maskLocked needs the lock.
func (t *Tokens) maskLocked(secret string) {
	if secret == "" || slices.Contains(t.recentSecrets, secret) {
		return
	}
	t.recentSecrets = append(t.recentSecrets, secret)
	t.recentSecrets = t.recentSecrets[max(0, len(t.recentSecrets)-maxRecentSecrets):]
}

// Secrets are all secrets to be masked, under names that no field has: those in use, however long ago they were handed out,
// and those of lately.
func (t *Tokens) Secrets() Credentials {
	t.mu.Lock()
	defer t.mu.Unlock()
	secrets := Credentials{}
	for i, secret := range t.recentSecrets {
		secrets[strconv.Itoa(i)] = secret
	}
	if t.access != nil {
		secrets["in use"] = t.access.AccessToken
	}
	for name, secret := range t.rotated {
		secrets["rotated "+name] = secret
	}
	return secrets
}

// Access returns the access token to use at a time; nil if a new one has to be fetched. A token for which the system
// announced no end is used until the system refuses it.
func (t *Tokens) Access(now time.Time) *oauth2.Token {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.access == nil || (!t.access.Expiry.IsZero() && !now.Before(t.access.Expiry.Add(-expiryMargin))) {
		return nil
	}
	return t.access
}

// SetAccess puts a fetched access token in use.
func (t *Tokens) SetAccess(access *oauth2.Token) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.access = access
	t.maskLocked(access.AccessToken)
}

// Invalidate gives up an access token that the system refused, unless another one is in use by now.
func (t *Tokens) Invalidate(access *oauth2.Token) {
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
	t.maskLocked(secret)
}

// Rotated returns the secrets that the system replaced, by field; nil if it replaced none.
func (t *Tokens) Rotated() Credentials {
	t.mu.Lock()
	defer t.mu.Unlock()
	return maps.Clone(t.rotated)
}
