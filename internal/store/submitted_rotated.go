package store

import (
	"context"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// rotatedAssociatedData returns the associated data of credentials that belong to no connection yet. The digest covers what they
// are bound to.
func (s *Store) rotatedAssociatedData(digest []byte) []byte {
	return target.LengthPrefixed("credentials", s.instanceID, "rotated", string(digest))
}

func (t *tx) RotatedCredentials(ctx context.Context, digest []byte) (target.Credentials, error) {
	sealed, err := one(ctx, t, "read rotated credentials", func(r row) (b []byte, err error) {
		err = r.Scan(bytesColumn{&b})
		return b, err
	}, `SELECT sealed FROM rotated_credentials WHERE digest = $1`, asText(digest))
	if err != nil {
		return nil, err
	}
	return t.store.openCredentials(t.store.rotatedAssociatedData(digest), sealed)
}

func (t *tx) PutRotatedCredentials(ctx context.Context, digest []byte, c target.Credentials, at, before time.Time) error {
	_, err := t.exec(ctx, "prune rotated credentials",
		t.store.pruneStatement("rotated_credentials", "digest", "at < $1 OR at > $2"), asTime(before),
		asTime(at.Add(model.MaxClockSkew)))
	if err != nil {
		return err
	}
	sealed, err := t.store.sealCredentials(t.store.rotatedAssociatedData(digest), c)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, "write rotated credentials", `
		INSERT INTO rotated_credentials (digest, sealed, at) VALUES ($1, $2, $3)
		ON CONFLICT (digest) DO UPDATE SET sealed = excluded.sealed, at = excluded.at`, asText(digest), asText(sealed), asTime(at))
	return err
}

func (t *tx) DeleteRotatedCredentials(ctx context.Context, digest []byte) error {
	_, err := t.exec(ctx, "delete rotated credentials", `DELETE FROM rotated_credentials WHERE digest = $1`, asText(digest))
	return err
}
