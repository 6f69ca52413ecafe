package store

import (
	"context"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

func (t *tx) StoredAnswer(ctx context.Context, caller, key string) (model.StoredAnswer, error) {
	return one(ctx, t, "read answer", func(r row) (a model.StoredAnswer, err error) {
		err = r.Scan(&a.Caller, &a.Key, bytesColumn{&a.Digest}, &a.Body, timeColumn{&a.At})
		return a, err
	}, `SELECT caller, idempotency_key, digest, body, at FROM answers WHERE caller = $1 AND idempotency_key = $2`,
		caller, key)
}

// InsertStoredAnswer prunes first, so that a key can be used again once its answer is forgotten.
func (t *tx) InsertStoredAnswer(ctx context.Context, a model.StoredAnswer, before time.Time) error {
	if _, err := t.exec(ctx, "prune answers", `DELETE FROM answers WHERE at < $1`, asTime(before)); err != nil {
		return err
	}
	_, err := t.exec(ctx, "insert answer", `
		INSERT INTO answers (caller, idempotency_key, digest, body, at) VALUES ($1, $2, $3, $4, $5)`,
		a.Caller, a.Key, asText(a.Digest), string(a.Body), asTime(a.At))
	return err
}
