package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
)

func (t *tx) Attempts(ctx context.Context, digest []byte, since time.Time) ([]engine.Attempt, error) {
	return many(ctx, t, "list attempts", func(r row) (engine.Attempt, error) {
		var fault *engine.Fault
		a := engine.Attempt{Digest: digest}
		if err := r.Scan(timeColumn{&a.At}, faultColumn{&fault}); err != nil {
			return engine.Attempt{}, err
		}
		a.Fault = *fault
		return a, nil
	}, `SELECT at, fault FROM attempts WHERE digest = $1 AND at >= $2 ORDER BY at, id`, asText(digest), asTime(since))
}

func (t *tx) InsertAttempt(ctx context.Context, a engine.Attempt) error {
	fault, err := asFault(&a.Fault)
	if err != nil {
		return err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("make attempt id: %w", err)
	}
	_, err = t.exec(ctx, "insert attempt", `INSERT INTO attempts (id, digest, at, fault) VALUES ($1, $2, $3, $4)`,
		id.String(), asText(a.Digest), asTime(a.At), fault)
	return err
}

// DeleteAttempts also serves to prune: no digest matches none.
func (t *tx) DeleteAttempts(ctx context.Context, digest []byte, before time.Time) error {
	_, err := t.exec(ctx, "delete attempts", `DELETE FROM attempts WHERE digest = $1 OR at < $2`,
		asText(digest), asTime(before))
	return err
}
