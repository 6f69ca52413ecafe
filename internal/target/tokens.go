package target

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"

	"golang.org/x/oauth2"
)

// expiryMargin is how long before its expiry an access token is no longer used.
const expiryMargin = time.Minute

// Tokens are the tokens that an OAuth system issued for one connection: the access token in use, and rotated secrets, such as
// a refresh token that replaced the one in the credentials. They belong to one connection with one set of credentials and
// are never shared. The zero value is empty; it is safe for concurrent use.
type Tokens struct {
	fetching sync.Mutex

	mu      sync.Mutex
	hooks   TokenHooks
	access  *oauth2.Token
	rotated Credentials
	// recentSecrets are secrets that were recently sent to the system or issued by it, to be masked.
	recentSecrets []string
}

// maxRecentSecrets limits the secrets that are stored for masking: a system repeats those of the latest calls.
const maxRecentSecrets = 32

// maxMasked limits a secret that is stored for masking, in bytes. No longer one is ever sent.
const maxMasked = 16 << 10

// Fetch returns the access token to use at a time, from the system if none is in use. The fetch runs for one caller at a
// time, since a refresh token may be valid for one use only; the other callers get the fetched token.
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

// Mask masks a secret, such as a signed assertion, in every message of the system from now on. Nil masks nothing.
func (t *Tokens) Mask(secret string) {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.maskLocked(secret)
}

// MaskIssued masks every token in the answer to a request for one, whether it is used or not: a refresh token allows as much as
// the password. It is read if it is JSON, also with text after it, or a form.
func (t *Tokens) MaskIssued(answer []byte) {
	var members map[string]any
	notJSON := json.NewDecoder(bytes.NewReader(answer)).Decode(&members)
	form := url.Values{}
	if notJSON != nil {
		form, _ = url.ParseQuery(string(answer)) // what can be read of it
	}
	for _, name := range []string{"access_token", "refresh_token", "id_token", "download_token", "signature"} {
		if secret, ok := members[name].(string); ok {
			t.Mask(secret)
		}
		t.Mask(form.Get(name))
	}
}

// maskLocked requires the lock.
func (t *Tokens) maskLocked(secret string) {
	secret = secret[:min(len(secret), maxMasked)]
	if secret == "" || slices.Contains(t.recentSecrets, secret) {
		return
	}
	t.recentSecrets = append(t.recentSecrets, secret)
	t.recentSecrets = t.recentSecrets[max(0, len(t.recentSecrets)-maxRecentSecrets):]
}

// Secrets returns all secrets to be masked, under names that no field has: those in use, however old they are, and the recent
// ones.
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

// Access returns the access token to use at a time; nil if a new one must be fetched. A token without an expiry is used until
// the system rejects it.
func (t *Tokens) Access(now time.Time) *oauth2.Token {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.access == nil || (!t.access.Expiry.IsZero() && !now.Before(t.access.Expiry.Add(-expiryMargin))) {
		return nil
	}
	return t.access
}

// SetAccess stores a fetched access token.
func (t *Tokens) SetAccess(access *oauth2.Token) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.access = access
	t.maskLocked(access.AccessToken)
}

// Invalidate discards an access token that the system rejected, unless another one is in use by now.
func (t *Tokens) Invalidate(access *oauth2.Token) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.access == access {
		t.access = nil
	}
}

// Rotate stores the replacement of a secret. The old one is invalid from then on, whatever else fails.
func (t *Tokens) Rotate(name, secret string) {
	t.Adopt(name, secret)
	t.mu.Lock()
	rotated := t.hooks.Rotated
	t.mu.Unlock()
	if rotated != nil {
		rotated()
	}
}

// Adopt sets the replacement of a secret that is stored already, for example by another process.
func (t *Tokens) Adopt(name, secret string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.rotated == nil {
		t.rotated = Credentials{}
	}
	t.rotated[name] = secret
	t.maskLocked(secret)
}

// TokenHooks are called around what can be done only once with the same credentials. They are optional.
type TokenHooks struct {
	// Turn is called before a token is fetched. It waits until no other sign-in uses the same credentials, in any process,
	// adopts what others have replaced, and returns the context for the fetch. leave is called after the fetch.
	Turn func(ctx context.Context) (mine context.Context, leave func(), err error)
	// Rotated is called when the system has replaced a secret, before its response is used for anything else.
	Rotated func()
}

// SetHooks sets the hooks.
func (t *Tokens) SetHooks(h TokenHooks) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.hooks = h
}

// Rotated returns the replacements of secrets, by field; nil if the system replaced none.
func (t *Tokens) Rotated() Credentials {
	t.mu.Lock()
	defer t.mu.Unlock()
	return maps.Clone(t.rotated)
}
