package store

import (
	"context"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

const idempotencyColumns = `caller, idempotency_key, digest, body, at, run_id, object_id, delivered`

func (t *tx) IdempotencyRecord(ctx context.Context, caller, key string) (model.IdempotencyRecord, error) {
	return one(ctx, t, "read idempotency record", scanIdempotencyRecord,
		`SELECT `+idempotencyColumns+` FROM answers WHERE caller = $1 AND idempotency_key = $2`, caller, key)
}

func (t *tx) UndeliveredRecord(ctx context.Context, objectID string) (model.IdempotencyRecord, error) {
	return one(ctx, t, "read undelivered result", scanIdempotencyRecord,
		`SELECT `+idempotencyColumns+` FROM answers WHERE object_id = $1 AND delivered = FALSE ORDER BY at DESC LIMIT 1`, objectID)
}

// InsertIdempotencyRecord prunes first, so that a key can be used again after its record has expired.
func (t *tx) InsertIdempotencyRecord(ctx context.Context, r model.IdempotencyRecord, before time.Time) error {
	_, err := t.exec(ctx, "prune idempotency records",
		t.store.pruneStatement("answers", "caller, idempotency_key", "at < $1 OR at > $2"), asTime(before),
		asTime(r.At.Add(model.MaxClockSkew)))
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, "insert idempotency record",
		`INSERT INTO answers (`+idempotencyColumns+`) VALUES (`+placeholders(idempotencyColumns)+`)`,
		r.Caller, r.Key, asText(r.Digest), string(r.Result), asTime(r.At), r.RunID, r.ObjectID, r.Delivered)
	return err
}

func (t *tx) MarkRunDelivered(ctx context.Context, runID string) error {
	_, err := t.exec(ctx, "confirm the delivery to a run",
		`UPDATE answers SET delivered = TRUE WHERE run_id = $1 AND object_id <> '' AND delivered = FALSE`, runID)
	return err
}

func (t *tx) MarkObjectDelivered(ctx context.Context, objectID, runID string) error {
	return t.execOne(ctx, "confirm the delivery of an object",
		`UPDATE answers SET delivered = TRUE WHERE object_id = $1 AND run_id = $2 AND delivered = FALSE`, objectID, runID)
}

func scanIdempotencyRecord(r row) (record model.IdempotencyRecord, err error) {
	err = r.Scan(&record.Caller, &record.Key, bytesColumn{&record.Digest}, &record.Result, timeColumn{&record.At},
		&record.RunID, &record.ObjectID, &record.Delivered)
	return record, err
}
