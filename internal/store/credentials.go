package store

import (
	"context"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

func (t *tx) Credentials(ctx context.Context, b model.Binding) (target.Credentials, error) {
	sealed, err := one(ctx, t, "read credentials", func(r row) (b []byte, err error) {
		err = r.Scan(bytesColumn{&b})
		return b, err
	}, `SELECT sealed FROM credentials WHERE connection_id = $1`, b.ConnectionID)
	if err != nil {
		return nil, err
	}
	return t.store.openCredentials(t.store.associatedData(b), sealed)
}

func (t *tx) PutCredentials(ctx context.Context, b model.Binding, c target.Credentials) error {
	sealed, err := t.store.sealCredentials(t.store.associatedData(b), c)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, "write credentials", `
		INSERT INTO credentials (connection_id, sealed) VALUES ($1, $2)
		ON CONFLICT (connection_id) DO UPDATE SET sealed = excluded.sealed`, b.ConnectionID, asText(sealed))
	return err
}

func (t *tx) DeleteCredentials(ctx context.Context, connectionID string) error {
	_, err := t.exec(ctx, "delete credentials", `DELETE FROM credentials WHERE connection_id = $1`, connectionID)
	return err
}
