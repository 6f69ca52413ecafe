package store

import (
	"context"
	"database/sql"
	"fmt"
	"maps"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// Before version 7, Exchange signed in with Basic if the setting had no value, and credentials were sealed for that.
const (
	formerDefaultSystem = "exchange"
	formerDefaultField  = "authentication"
	formerDefault       = "basic"
)

// migrateSchemes adds the authentication scheme that proved the credentials. It is not known for stored ones: the next sign-in
// stores it. Credentials that were sealed for the former default are sealed again for a setting without a value. Those that
// cannot be opened stay as they are.
func (s *Store) migrateSchemes(ctx context.Context, sqlTx *sql.Tx) error {
	t := &tx{tx: sqlTx, store: s}
	_, err := t.exec(ctx, "add column",
		s.db.convertDDL(`ALTER TABLE connections ADD COLUMN credentials_scheme TEXT NOT NULL DEFAULT ''`))
	if err != nil {
		return err
	}
	system, known := s.systems.Find(formerDefaultSystem)
	if !known {
		return nil
	}
	all, err := many(ctx, t, "read connections", func(r row) (o oldDefault, err error) {
		err = r.Scan(&o.connectionID, &o.setID, &o.settings, &o.sealed)
		return o, err
	}, `SELECT c.id, c.credentials_set_id, c.settings, k.sealed FROM connections c JOIN credentials k ON k.connection_id = c.id
		WHERE c.system = $1 ORDER BY c.id`, formerDefaultSystem)
	if err != nil {
		return err
	}
	for _, o := range all {
		b, credentials := s.openOldDefault(system, o)
		if credentials == nil {
			continue
		}
		if err := t.PutCredentials(ctx, b, credentials); err != nil {
			return fmt.Errorf("seal the credentials of connection %s again: %w", o.connectionID, err)
		}
	}
	return nil
}

// oldDefault is a row of credentials that may be sealed for the former default. Settings and sealed are as they were stored.
type oldDefault struct{ connectionID, setID, settings, sealed string }

// openOldDefault opens credentials that were sealed for the former default, and returns what they are bound to now; nil if they
// were not, or cannot be opened.
func (s *Store) openOldDefault(system *target.System, o oldDefault) (model.Binding, target.Credentials) {
	b := model.Binding{ConnectionID: o.connectionID, SetID: o.setID}
	var settings target.Settings
	var sealed []byte
	if (settingsColumn{&settings}).Scan(o.settings) != nil || (bytesColumn{&sealed}).Scan(o.sealed) != nil ||
		settings[formerDefaultField] != "" {
		return b, nil
	}
	former := target.Settings{formerDefaultField: formerDefault}
	maps.Copy(former, settings)
	b.Settings = system.Binding(former)
	credentials, err := s.openCredentials(s.associatedData(b), sealed)
	if err != nil {
		return b, nil
	}
	b.Settings = system.Binding(settings)
	return b, credentials
}
