package access

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

const (
	// SecretPrefix is the beginning of every secret, so that scanners for secrets find them: rivacs_[A-Za-z0-9_-]{43}.
	SecretPrefix = "rivacs_"
	secretSize   = 32 // bytes
	// secretPurpose is the purpose of the keyed digests.
	secretPurpose = "client secret"
)

// newSecret creates a secret of a client, and the row for it.
func (s *Service) newSecret(clientID string, now time.Time) (string, model.ClientSecret, error) {
	random := make([]byte, secretSize)
	_, _ = rand.Read(random) // never fails
	secret := SecretPrefix + base64.RawURLEncoding.EncodeToString(random)
	digest, err := s.store.Digest(secretPurpose, clientID, secret)
	if err != nil {
		return "", model.ClientSecret{}, fmt.Errorf("digest of the secret: %w", err)
	}
	id, err := newID()
	return secret, model.ClientSecret{ID: id, ClientID: clientID, Digest: digest, CreatedAt: now}, err
}

// checkSecret accepts the secrets of a client that have not expired.
func (s *Service) checkSecret(ctx context.Context, c model.Client, secret string) (identity, error) {
	if _, _, err := s.keys.signing(ctx); err != nil { // so that the clock of the database is known
		return identity{}, err
	}
	now := s.keys.clock()
	for _, stored := range c.Secrets {
		if !s.store.Matches(stored.Digest, secretPurpose, c.ID, secret) {
			continue
		}
		if stored.ExpiresAt != nil && !now.Before(*stored.ExpiresAt) {
			return identity{}, refused(invalidClient, "the secret of the client has expired")
		}
		return identity{scopes: c.Scopes}, nil
	}
	return identity{}, refused(invalidClient, "the client does not exist, or its secret is wrong")
}

// usedClients remembers which clients were marked as used.
type usedClients struct {
	mu sync.Mutex
	at map[string]time.Time
}

// markPeriod is how often it is stored that a client was used.
const markPeriod = time.Minute

// mark stores that a client was used, unless this process did so in the last minute. A token that was issued does not fail
// because of it.
func (u *usedClients) mark(ctx context.Context, s *Service, id string) {
	now := s.now()
	u.mu.Lock()
	last, known := u.at[id]
	due := !known || now.Sub(last) >= markPeriod
	if due {
		if u.at == nil || len(u.at) >= maxRemembered {
			u.at = map[string]time.Time{}
		}
		u.at[id] = now
	}
	u.mu.Unlock()
	if !due {
		return
	}
	err := s.store.Update(ctx, func(tx model.Tx) error {
		now, err := tx.Now(ctx, s.now())
		if err != nil {
			return err
		}
		return tx.MarkClientUsed(ctx, id, now)
	}, model.ClientKey(id))
	if err != nil {
		s.log.WarnContext(ctx, "the use of a client was not recorded", "client", id, "error", err.Error())
	}
}

// newID returns a new id. The order of ids is the order of creation.
func newID() (string, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return "", fmt.Errorf("create an id: %w", err)
	}
	return id.String(), nil
}

// isStorable reports whether every database can store a text.
func isStorable(text string) bool { return utf8.ValidString(text) && !strings.ContainsRune(text, 0) }

// maxShown is the length of a claim in a message.
const maxShown = 200

// printable makes one line of a text that an error may have (RFC 6749, section 5.2): printable ASCII without quotes and
// backslashes.
func printable(text string) string {
	shown := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || r == '"' || r == '\\' {
			return '?'
		}
		return r
	}, text)
	if len(shown) > maxShown {
		return shown[:maxShown] + "..."
	}
	return shown
}
