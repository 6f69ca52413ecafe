package store

import (
	"context"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

func (t *tx) IdempotencyRecord(ctx context.Context, caller, key string) (model.IdempotencyRecord, error) {
	return one(ctx, t, "read answer", func(r row) (a model.IdempotencyRecord, err error) {
		err = r.Scan(&a.Caller, &a.Key, bytesColumn{&a.Digest}, &a.Result, timeColumn{&a.At})
		return a, err
	}, `SELECT caller, idempotency_key, digest, body, at FROM answers WHERE caller = $1 AND idempotency_key = $2`,
		caller, key)
}

// InsertIdempotencyRecord prunes first, so that a key can be used again once its answer is forgotten.
func (t *tx) InsertIdempotencyRecord(ctx context.Context, a model.IdempotencyRecord, before time.Time) error {
	if _, err := t.exec(ctx, "prune answers", `DELETE FROM answers WHERE at < $1`, asTime(before)); err != nil {
		return err
	}
	_, err := t.exec(ctx, "insert answer", `
		INSERT INTO answers (caller, idempotency_key, digest, body, at) VALUES ($1, $2, $3, $4, $5)`,
		a.Caller, a.Key, asText(a.Digest), string(a.Result), asTime(a.At))
	return err
}
