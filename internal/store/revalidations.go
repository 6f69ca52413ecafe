package store

import (
	"context"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

const revalidationColumns = `id, connection_id, fault, remembered, finished_at, metadata_refreshed_at, metadata_changed`

func (t *tx) Revalidation(ctx context.Context, connectionID, id string) (model.Revalidation, error) {
	return one(ctx, t, "read revalidation", func(r row) (found model.Revalidation, err error) {
		err = r.Scan(&found.ID, &found.ConnectionID, faultColumn{&found.Fault}, &found.Remembered,
			timeColumn{&found.FinishedAt}, optionalTimeColumn{&found.MetadataRefreshedAt}, &found.MetadataChanged)
		return found, err
	}, `SELECT `+revalidationColumns+` FROM revalidations WHERE id = $1 AND connection_id = $2`, id, connectionID)
}

func (t *tx) InsertRevalidation(ctx context.Context, r model.Revalidation, keep int) error {
	fault, err := asFault(r.Fault)
	if err != nil {
		return err
	}
	err = t.execOne(ctx, "insert revalidation", insert("revalidations", revalidationColumns), r.ID, r.ConnectionID, fault,
		r.Remembered, asTime(r.FinishedAt), asOptionalTime(r.MetadataRefreshedAt), r.MetadataChanged)
	if err != nil {
		return err
	}
	return t.prune(ctx, "revalidations", r.ConnectionID, keep)
}
