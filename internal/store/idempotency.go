package store

import (
	"context"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

func (t *tx) IdempotencyRecord(ctx context.Context, caller, key string) (model.IdempotencyRecord, error) {
	return one(ctx, t, "read idempotency record", func(r row) (record model.IdempotencyRecord, err error) {
		err = r.Scan(&record.Caller, &record.Key, bytesColumn{&record.Digest}, &record.Result, timeColumn{&record.At})
		return record, err
	}, `SELECT caller, idempotency_key, digest, body, at FROM answers WHERE caller = $1 AND idempotency_key = $2`,
		caller, key)
}

// InsertIdempotencyRecord prunes first, so that a key can be used again after its record has expired.
func (t *tx) InsertIdempotencyRecord(ctx context.Context, r model.IdempotencyRecord, before time.Time) error {
	if _, err := t.exec(ctx, "prune idempotency records", `DELETE FROM answers WHERE at < $1 OR at > $2`,
		asTime(before), asTime(r.At.Add(model.MaxClockSkew))); err != nil {
		return err
	}
	_, err := t.exec(ctx, "insert idempotency record", `
		INSERT INTO answers (caller, idempotency_key, digest, body, at) VALUES ($1, $2, $3, $4, $5)`,
		r.Caller, r.Key, asText(r.Digest), string(r.Result), asTime(r.At))
	return err
}
