package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// oldSeal is a row of credentials that were sealed before version 6. Sealed and settings are as they were stored.
type oldSeal struct {
	connectionID, system string
	settings, sealed     string
}

// migrateSeals gives each submitted set of credentials an id, and seals the credentials again, so that they are bound to that id
// and to all that [target.System.Binding] has now; before, they were bound to the account only. Credentials that cannot be
// opened, and those of a system that this program does not know, stay as they are and cannot be opened from then on. It runs
// once: afterwards, a row with an old seal must not become valid again. The old binding was what is the account key today.
func (s *Store) migrateSeals(ctx context.Context, sqlTx *sql.Tx) error {
	t := &tx{tx: sqlTx, store: s}
	_, err := t.exec(ctx, "add column",
		s.db.convertDDL(`ALTER TABLE connections ADD COLUMN credentials_set_id TEXT NOT NULL DEFAULT ''`))
	if err != nil {
		return err
	}
	all, err := many(ctx, t, "read credentials", func(r row) (o oldSeal, err error) {
		err = r.Scan(&o.connectionID, &o.system, &o.settings, &o.sealed)
		return o, err
	}, `SELECT c.id, c.system, c.settings, k.sealed FROM connections c JOIN credentials k ON k.connection_id = c.id ORDER BY c.id`)
	if err != nil {
		return err
	}
	for _, o := range all {
		if err := s.reseal(ctx, t, o); err != nil {
			return fmt.Errorf("seal the credentials of connection %s again: %w", o.connectionID, err)
		}
	}
	return nil
}

func (s *Store) reseal(ctx context.Context, t *tx, o oldSeal) error {
	system, credentials, settings := s.openOldSeal(o)
	if credentials == nil {
		return nil
	}
	setID, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("create the id of the set: %w", err)
	}
	b := model.Binding{ConnectionID: o.connectionID, SetID: setID.String(), Settings: system.Binding(settings)}
	if err := t.PutCredentials(ctx, b, credentials); err != nil {
		return err
	}
	return t.execOne(ctx, "write set id", `UPDATE connections SET credentials_set_id = $1 WHERE id = $2`, b.SetID, o.connectionID)
}

// openOldSeal opens credentials as they were sealed before version 6; nil if that is not possible.
func (s *Store) openOldSeal(o oldSeal) (*target.System, target.Credentials, target.Settings) {
	system, known := s.systems.Find(o.system)
	var settings target.Settings
	var sealed []byte
	if !known || (settingsColumn{&settings}).Scan(o.settings) != nil || (bytesColumn{&sealed}).Scan(o.sealed) != nil {
		return nil, nil, nil
	}
	associatedData := target.LengthPrefixed("credentials", s.instanceID, o.connectionID, system.AccountKey(settings))
	credentials, err := s.openCredentials(associatedData, sealed)
	if err != nil {
		return nil, nil, nil
	}
	return system, credentials, settings
}
