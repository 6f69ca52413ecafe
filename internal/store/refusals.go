package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

func (t *tx) Refusals(ctx context.Context, digest []byte, since time.Time) ([]model.Refusal, error) {
	return many(ctx, t, "list attempts", func(r row) (model.Refusal, error) {
		var fault *model.Fault
		a := model.Refusal{Digest: digest}
		if err := r.Scan(timeColumn{&a.At}, faultColumn{&fault}); err != nil {
			return model.Refusal{}, err
		}
		a.Fault = *fault
		return a, nil
	}, `SELECT at, fault FROM attempts WHERE digest = $1 AND at >= $2 ORDER BY at, id`, asText(digest), asTime(since))
}

func (t *tx) InsertRefusal(ctx context.Context, a model.Refusal) error {
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

// DeleteRefusals also serves to prune: no digest matches none.
func (t *tx) DeleteRefusals(ctx context.Context, digest []byte, before time.Time) error {
	_, err := t.exec(ctx, "delete attempts", `DELETE FROM attempts WHERE digest = $1 OR at < $2`,
		asText(digest), asTime(before))
	return err
}
