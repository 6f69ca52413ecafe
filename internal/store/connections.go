package store

import (
	"context"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/names"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

const connectionColumns = `id, name, name_folded, system, kind, settings, revision, created_at, last_modified_at,
	credentials_updated_at, credentials_expire_at, metadata_refreshed_at, credentials_state,
	credentials_set_id, credentials_scheme, submitted, fault, identity`

const selectedConnectionColumns = `id, name, system, kind, settings, revision, created_at, last_modified_at,
	credentials_updated_at, credentials_expire_at, metadata_refreshed_at, credentials_state,
	credentials_set_id, credentials_scheme, submitted, fault, identity`

const selectConnections = `SELECT ` + selectedConnectionColumns + ` FROM connections`

// connectionStatus is model.Connection.Status in SQL.
const connectionStatus = `CASE
	WHEN credentials_state = 'blank' THEN 'blank'
	WHEN fault IS NOT NULL THEN 'failing'
	WHEN credentials_state = 'unverified' THEN 'unverified'
	ELSE 'working' END`

func (t *tx) Connection(ctx context.Context, id string) (model.Connection, error) {
	return one(ctx, t, "read connection", scanConnection, selectConnections+` WHERE id = $1`, id)
}

func (t *tx) ConnectionByName(ctx context.Context, name string) (model.Connection, error) {
	return one(ctx, t, "read connection", scanConnection, selectConnections+` WHERE name_folded = $1`, names.Fold(name))
}

func (t *tx) InsertConnection(ctx context.Context, c model.Connection) error {
	values, err := connectionValues(c, names.Fold(c.Name))
	if err != nil {
		return err
	}
	return t.insertNamed(ctx, connectionNames, connectionColumns, c.Name, values)
}

func (t *tx) UpdateConnection(ctx context.Context, c model.Connection) error {
	folded, err := t.foldedName(ctx, connectionNames, c.ID, c.Name)
	if err != nil {
		return err
	}
	values, err := connectionValues(c, folded)
	if err != nil {
		return err
	}
	if err := t.execOne(ctx, "update connection", update("connections", connectionColumns), values...); err != nil {
		return err
	}
	return t.clearCollisions(ctx, connectionNames)
}

func (t *tx) DeleteConnection(ctx context.Context, id string) error {
	// The foreign keys delete what belongs to the connection and set the references of policies to NULL.
	if err := t.execOne(ctx, "delete connection", `DELETE FROM connections WHERE id = $1`, id); err != nil {
		return err
	}
	return t.clearCollisions(ctx, connectionNames)
}

// connectionValues are the values of connectionColumns.
func connectionValues(c model.Connection, folded string) ([]any, error) {
	settings, err := asSettings(c.Settings)
	if err != nil {
		return nil, err
	}
	fault, err := asFault(c.Fault)
	if err != nil {
		return nil, err
	}
	identity, err := asJSON(c.Identity)
	if err != nil {
		return nil, err
	}
	return []any{
		c.ID, c.Name, folded, c.System, string(c.Kind), settings, c.Revision, asTime(c.CreatedAt), asTime(c.LastModifiedAt),
		asOptionalTime(c.CredentialsUpdatedAt), asOptionalTime(c.CredentialsExpireAt), asOptionalTime(c.MetadataRefreshedAt),
		credentialsState(&c), c.CredentialsSetID, c.CredentialsScheme, asText(c.SubmittedDigest), fault, identity,
	}, nil
}

func scanConnection(r row) (c model.Connection, err error) {
	err = r.Scan(connectionDestinations(&c)...)
	return c, err
}

// connectionDestinations are for the values of selectedConnectionColumns.
func connectionDestinations(c *model.Connection) []any {
	return []any{
		&c.ID, &c.Name, &c.System, &c.Kind, settingsColumn{&c.Settings}, &c.Revision, timeColumn{&c.CreatedAt},
		timeColumn{&c.LastModifiedAt}, optionalTimeColumn{&c.CredentialsUpdatedAt}, optionalTimeColumn{&c.CredentialsExpireAt},
		optionalTimeColumn{&c.MetadataRefreshedAt}, credentialsStateColumn{c}, &c.CredentialsSetID, &c.CredentialsScheme,
		bytesColumn{&c.SubmittedDigest}, faultColumn{&c.Fault}, jsonColumn[target.Identity]{&c.Identity},
	}
}

// The values of the column with the state of the stored credentials.
const (
	stateVerified   = "verified"
	stateUnverified = "unverified"
	stateBlank      = "blank"
)

func credentialsState(c *model.Connection) string {
	switch {
	case c.CredentialsBlank:
		return stateBlank
	case c.CredentialsVerified:
		return stateVerified
	}
	return stateUnverified
}

// credentialsStateColumn reads what credentialsState wrote.
type credentialsStateColumn struct{ into *model.Connection }

// Scan implements [sql.Scanner].
func (c credentialsStateColumn) Scan(value any) error {
	state, err := textOf(value)
	if err != nil {
		return err
	}
	c.into.CredentialsVerified, c.into.CredentialsBlank = state == stateVerified, state == stateBlank
	return nil
}
