package target

import (
	"context"
	"maps"
	"slices"
	"strconv"
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
	fetching sync.Mutex

	mu      sync.Mutex
	hooks   TokenHooks
	access  *oauth2.Token
	rotated Credentials
	// shown are secrets that a system was shown or handed out lately, to be masked.
	shown []string
}

// maxShownSecrets bounds the secrets that are remembered in order to be masked: the latest calls' are what a system repeats.
const maxShownSecrets = 16

// Fetch gives the access token to use at a time, from the system if none is in use. The fetch runs for one caller at a
// time, since a refresh token may be good for one use only; the others get what it brought.
func (t *Tokens) Fetch(
	ctx context.Context, now time.Time, fetch func(context.Context) (*oauth2.Token, error),
) (*oauth2.Token, error) {
	if access := t.Access(now); access != nil {
		return access, nil
	}
	t.mu.Lock()
	turn := t.hooks.Turn
	t.mu.Unlock()
	if turn != nil {
		mine, leave, err := turn(ctx)
		if err != nil {
			return nil, err
		}
		defer leave()
		ctx = mine
	}
	t.fetching.Lock()
	defer t.fetching.Unlock()
	if access := t.Access(now); access != nil {
		return access, nil
	}
	access, err := fetch(ctx)
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
	t.conceal(secret)
}

// conceal needs the lock.
func (t *Tokens) conceal(secret string) {
	if secret == "" || slices.Contains(t.shown, secret) {
		return
	}
	t.shown = append(t.shown, secret)
	t.shown = t.shown[max(0, len(t.shown)-maxShownSecrets):]
}

// Secrets are all secrets to be masked, under names that no field has: those in use, however long ago they were handed out,
// and those of lately.
func (t *Tokens) Secrets() Credentials {
	t.mu.Lock()
	defer t.mu.Unlock()
	held := Credentials{}
	for i, secret := range t.shown {
		held[strconv.Itoa(i)] = secret
	}
	if t.access != nil {
		held["in use"] = t.access.AccessToken
	}
	for name, secret := range t.rotated {
		held["rotated "+name] = secret
	}
	return held
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

// SetAccess puts a fetched access token in use.
func (t *Tokens) SetAccess(access *oauth2.Token) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.access = access
	t.conceal(access.AccessToken)
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
	t.Adopt(name, secret)
	t.mu.Lock()
	rotated := t.hooks.Rotated
	t.mu.Unlock()
	if rotated != nil {
		rotated()
	}
}

// Adopt stores the replacement of a secret that is stored elsewhere already, for example by another process.
func (t *Tokens) Adopt(name, secret string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.rotated == nil {
		t.rotated = Credentials{}
	}
	t.rotated[name] = secret
	t.conceal(secret)
}

// TokenHooks are called around what can be done only once with credentials. They are optional.
type TokenHooks struct {
	// Turn is called before a token is fetched. It waits until nobody else uses the same credentials, in any process, takes
	// over what others have replaced, and returns the context for the fetch. leave is called after the fetch.
	Turn func(ctx context.Context) (mine context.Context, leave func(), err error)
	// Rotated is called when the system has replaced a secret, before anything else is done with its response.
	Rotated func()
}

// SetHooks sets the hooks.
func (t *Tokens) SetHooks(h TokenHooks) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.hooks = h
}

// Rotated returns the secrets that the system replaced, by field; nil if it replaced none.
func (t *Tokens) Rotated() Credentials {
	t.mu.Lock()
	defer t.mu.Unlock()
	return maps.Clone(t.rotated)
}
