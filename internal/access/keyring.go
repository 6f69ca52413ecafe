package access

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

const (
	// keyAge is how long a key signs.
	keyAge = 30 * 24 * time.Hour
	// publishedAhead is how long before it signs a key is published, so that every cache of keys has it by then.
	publishedAhead = time.Hour
	// keysMaxAge is how long the keys of the database are used without reading them again.
	keysMaxAge = time.Minute
	// keysMinAge is how soon they are read again for a token with an unknown key.
	keysMinAge = 5 * time.Second
	// keysRetry is how soon they are read again after a failure while none is known.
	keysRetry = time.Second
	// keysTimeout limits one reading.
	keysTimeout = 5 * time.Second
	// keptAfterTokens is how long a key is kept after its last token has ended.
	keptAfterTokens = 5 * time.Minute
)

// keyring has the keys that sign access tokens, as the database has them.
type keyring struct {
	service *Service

	mu       sync.Mutex
	keys     []tokenKey
	loadedAt time.Time // by the clock of the machine, as triedAt
	// triedAt is when the last reading ended, and err is why it failed.
	triedAt time.Time
	err     error
	// offset is how much the clock of the database is ahead of the clock of the machine.
	offset time.Duration
}

type tokenKey struct {
	id      string
	signsAt time.Time
	private *ecdsa.PrivateKey
	signer  jose.Signer
}

// clock returns the time of the database, as far as it is known.
func (k *keyring) clock() time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.service.now().Add(k.offset)
}

// signing returns the key that signs now.
func (k *keyring) signing(ctx context.Context) (*tokenKey, time.Time, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.refresh(ctx, keysMaxAge); err != nil {
		return nil, time.Time{}, err
	}
	now := k.service.now().Add(k.offset)
	current := &k.keys[0]
	for i := range k.keys {
		if !k.keys[i].signsAt.After(now) {
			current = &k.keys[i]
		}
	}
	return current, now, nil
}

// public returns the public key with an id; nil if it does not exist.
func (k *keyring) public(ctx context.Context, id string) (*ecdsa.PublicKey, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, age := range []time.Duration{keysMaxAge, keysMinAge} {
		if err := k.refresh(ctx, age); err != nil {
			return nil, err
		}
		for i := range k.keys {
			if k.keys[i].id == id {
				return &k.keys[i].private.PublicKey, nil
			}
		}
	}
	return nil, nil //nolint:nilnil // an unknown key is not an error
}

// set returns all public keys.
func (k *keyring) set(ctx context.Context) (jose.JSONWebKeySet, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	set := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{}}
	if err := k.refresh(ctx, keysMaxAge); err != nil {
		return set, err
	}
	for i := range k.keys {
		set.Keys = append(set.Keys, jose.JSONWebKey{
			Key: &k.keys[i].private.PublicKey, KeyID: k.keys[i].id, Algorithm: string(jose.ES256), Use: "sig",
		})
	}
	return set, nil
}

// refresh reads the keys again if they are older than an age. If that fails, the keys that are known stay in use. The caller
// holds the lock.
func (k *keyring) refresh(ctx context.Context, age time.Duration) error {
	started := k.service.now()
	switch tried := started.Sub(k.triedAt); { // a database that is down must not hold up each request
	case len(k.keys) > 0 && (started.Sub(k.loadedAt) < age || tried < keysMinAge):
		return nil
	case k.err != nil && tried < keysRetry:
		return k.err
	}
	// All requests use the result, and one that its client cancels must not have the others wait for the next try.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keysTimeout)
	defer cancel()
	keys, now, err := k.read(ctx)
	k.triedAt, k.err = k.service.now(), nil
	if err != nil {
		if len(k.keys) > 0 {
			k.service.log.LogAttrs(ctx, slog.LevelWarn, "token keys were not read again", slog.String("error", err.Error()))
			return nil
		}
		k.err = fmt.Errorf("read the token keys: %w", err)
		return k.err
	}
	k.keys, k.loadedAt, k.offset = keys, started, now.Sub(started)
	return nil
}

// read reads the keys and the time of the database. If a key is to be added or deleted, it does so.
func (k *keyring) read(ctx context.Context) (keys []tokenKey, now time.Time, err error) {
	var stored []model.TokenKey
	load := func(tx model.Tx) (err error) {
		if now, err = tx.Now(ctx, k.service.now()); err != nil {
			return err
		}
		stored, err = tx.TokenKeys(ctx)
		return err
	}
	if err := k.service.store.View(ctx, load); err != nil {
		return nil, now, err
	}
	if plan := planKeys(stored, now); plan.isEmpty() {
		keys, err = parseKeys(stored)
		return keys, now, err
	}
	err = k.service.store.Update(ctx, func(tx model.Tx) error {
		if err := load(tx); err != nil { // another process may have done it
			return err
		}
		stored, err = changeKeys(ctx, tx, stored, now)
		return err
	}, model.TokenKeysKey)
	if err != nil {
		return nil, now, err
	}
	keys, err = parseKeys(stored)
	return keys, now, err
}

// keyPlan is what is to be done with the keys at a time.
type keyPlan struct {
	// addAt is when a new key starts to sign; nil without one.
	addAt *time.Time
	// drop is how many of the oldest keys are no longer needed.
	drop int
}

func (p keyPlan) isEmpty() bool { return p.addAt == nil && p.drop == 0 }

// planKeys decides by the keys in the order of their signsAt.
func planKeys(keys []model.TokenKey, now time.Time) (p keyPlan) {
	if len(keys) == 0 {
		return keyPlan{addAt: &now}
	}
	due := keys[len(keys)-1].SignsAt.Add(keyAge)
	if !now.Before(due.Add(-publishedAhead)) {
		if earliest := now.Add(publishedAhead); due.Before(earliest) {
			due = earliest
		}
		p.addAt = &due
	}
	for p.drop < len(keys)-1 && now.After(keys[p.drop+1].SignsAt.Add(TokenPeriod+keptAfterTokens)) {
		p.drop++
	}
	return p
}

// changeKeys does what the plan says, and returns the keys.
func changeKeys(ctx context.Context, tx model.Tx, keys []model.TokenKey, now time.Time) ([]model.TokenKey, error) {
	plan := planKeys(keys, now)
	for _, k := range keys[:plan.drop] {
		if err := tx.DeleteTokenKey(ctx, k.ID); err != nil {
			return nil, err
		}
	}
	keys = keys[plan.drop:]
	if plan.addAt == nil {
		return keys, nil
	}
	created, err := newTokenKey(now, *plan.addAt)
	if err != nil {
		return nil, err
	}
	return append(keys, created), tx.InsertTokenKey(ctx, created)
}

func newTokenKey(now, signsAt time.Time) (model.TokenKey, error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return model.TokenKey{}, fmt.Errorf("create a token key: %w", err)
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return model.TokenKey{}, fmt.Errorf("encode a token key: %w", err)
	}
	id, err := uuid.NewRandom()
	if err != nil {
		return model.TokenKey{}, fmt.Errorf("create the id of a token key: %w", err)
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: encoded})
	return model.TokenKey{ID: id.String(), CreatedAt: now, SignsAt: signsAt, Private: string(text)}, nil
}

func parseKeys(stored []model.TokenKey) ([]tokenKey, error) {
	keys := make([]tokenKey, 0, len(stored))
	for _, s := range stored {
		block, _ := pem.Decode([]byte(s.Private))
		if block == nil {
			return nil, errors.New("a stored token key is damaged")
		}
		parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		private, ok := parsed.(*ecdsa.PrivateKey)
		if err != nil || !ok {
			return nil, errors.New("a stored token key is damaged")
		}
		signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: private},
			(&jose.SignerOptions{}).WithType(tokenType).WithHeader("kid", s.ID))
		if err != nil {
			return nil, fmt.Errorf("use a token key: %w", err)
		}
		keys = append(keys, tokenKey{id: s.ID, signsAt: s.SignsAt, private: private, signer: signer})
	}
	return keys, nil
}
