package store

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

func (t *tx) RejectedSignIns(ctx context.Context, digest []byte, since, until time.Time) ([]model.RejectedSignIn, error) {
	return many(ctx, t, "list rejected sign-ins", func(r row) (model.RejectedSignIn, error) {
		var fault *model.Fault
		rejected := model.RejectedSignIn{Digest: digest}
		if err := r.Scan(timeColumn{&rejected.At}, faultColumn{&fault}); err != nil {
			return model.RejectedSignIn{}, err
		}
		rejected.Fault = *fault
		return rejected, nil
	}, `SELECT at, fault FROM attempts WHERE digest = $1 AND at >= $2 AND at <= $3 ORDER BY at, id`,
		asText(digest), asTime(since), asTime(until))
}

func (t *tx) InsertRejectedSignIn(ctx context.Context, r model.RejectedSignIn) error {
	fault, err := asFault(&r.Fault)
	if err != nil {
		return err
	}
	// A clock that was ahead has left rejections in the future. They count for nothing, and this clock may never get there.
	_, err = t.exec(ctx, "prune rejected sign-ins", t.store.pruneStatement("attempts", "id", "at > $1"),
		asTime(r.At.Add(model.MaxClockSkew)))
	if err != nil {
		return err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("create an id: %w", err)
	}
	_, err = t.exec(ctx, "insert rejected sign-in", `INSERT INTO attempts (id, digest, at, fault) VALUES ($1, $2, $3, $4)`,
		id.String(), asText(r.Digest), asTime(r.At), fault)
	return err
}

// DeleteRejectedSignIns is also used to prune: a nil digest matches no row.
func (t *tx) DeleteRejectedSignIns(ctx context.Context, digest []byte, before time.Time) error {
	_, err := t.exec(ctx, "delete rejected sign-ins", t.store.pruneStatement("attempts", "id", "digest = $1 OR at < $2"),
		asText(digest), asTime(before))
	return err
}
