package store

import (
	"context"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

func (t *tx) Metadata(ctx context.Context, connectionID string) (target.Snapshot, error) {
	return one(ctx, t, "read metadata", func(r row) (target.Snapshot, error) {
		var s target.Snapshot
		err := r.Scan(listColumn{&s.Objects}, &s.Digest)
		return s, err
	}, `SELECT objects, digest FROM connection_metadata WHERE connection_id = $1`, connectionID)
}

func (t *tx) PutMetadata(ctx context.Context, connectionID string, s target.Snapshot) error {
	objects, err := asJSON(&s.Objects)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, "write metadata", `
		INSERT INTO connection_metadata (connection_id, objects, digest) VALUES ($1, $2, $3)
		ON CONFLICT (connection_id) DO UPDATE SET objects = excluded.objects, digest = excluded.digest`,
		connectionID, objects, s.Digest)
	return err
}
