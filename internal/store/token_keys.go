package store

import (
	"context"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// sealedKey is the name of the private key in what is sealed.
const sealedKey = "private_key"

// tokenKeyData binds a sealed private key to this database and to its id.
func (s *Store) tokenKeyData(id string) []byte {
	return target.LengthPrefixed("token key", s.instanceID, id)
}

// UseAssertion decides in one statement, over all processes.
func (t *tx) UseAssertion(ctx context.Context, digest []byte, expiresAt, before time.Time) (bool, error) {
	changed, err := t.exec(ctx, "use assertion", insert("used_assertions", `digest, expires_at`)+` ON CONFLICT (digest) DO NOTHING`,
		asText(digest), asTime(expiresAt))
	if err != nil {
		return false, err
	}
	_, err = t.exec(ctx, "prune assertions", t.store.pruneStatement("used_assertions", "digest", "expires_at < $1"), asTime(before))
	return changed > 0, err
}

func (t *tx) TokenKeys(ctx context.Context) ([]model.TokenKey, error) {
	scan := func(r row) (k model.TokenKey, err error) {
		var sealed []byte
		if err := r.Scan(&k.ID, timeColumn{&k.CreatedAt}, timeColumn{&k.SignsAt}, bytesColumn{&sealed}); err != nil {
			return k, err
		}
		opened, err := t.store.openCredentials(t.store.tokenKeyData(k.ID), sealed)
		k.Private = opened[sealedKey]
		return k, err
	}
	return many(ctx, t, "list token keys", scan, `SELECT id, created_at, signs_at, sealed FROM token_keys ORDER BY signs_at, id`)
}

func (t *tx) InsertTokenKey(ctx context.Context, k model.TokenKey) error {
	sealed, err := t.store.sealCredentials(t.store.tokenKeyData(k.ID), target.Credentials{sealedKey: k.Private})
	if err != nil {
		return err
	}
	return t.execOne(ctx, "insert token key", insert("token_keys", `id, created_at, signs_at, sealed`),
		k.ID, asTime(k.CreatedAt), asTime(k.SignsAt), asText(sealed))
}

func (t *tx) DeleteTokenKey(ctx context.Context, id string) error {
	return t.execOne(ctx, "delete token key", `DELETE FROM token_keys WHERE id = $1`, id)
}
