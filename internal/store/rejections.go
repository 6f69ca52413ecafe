package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

func (t *tx) RejectedSignIns(ctx context.Context, digest []byte, since time.Time) ([]model.RejectedSignIn, error) {
	return many(ctx, t, "list attempts", func(r row) (model.RejectedSignIn, error) {
		var fault *model.Fault
		a := model.RejectedSignIn{Digest: digest}
		if err := r.Scan(timeColumn{&a.At}, faultColumn{&fault}); err != nil {
			return model.RejectedSignIn{}, err
		}
		a.Fault = *fault
		return a, nil
	}, `SELECT at, fault FROM attempts WHERE digest = $1 AND at >= $2 ORDER BY at, id`, asText(digest), asTime(since))
}

func (t *tx) InsertRejectedSignIn(ctx context.Context, a model.RejectedSignIn) error {
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

// DeleteRejectedSignIns also serves to prune: no digest matches none.
func (t *tx) DeleteRejectedSignIns(ctx context.Context, digest []byte, before time.Time) error {
	_, err := t.exec(ctx, "delete attempts", `DELETE FROM attempts WHERE digest = $1 OR at < $2`,
		asText(digest), asTime(before))
	return err
}
