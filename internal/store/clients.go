package store

import (
	"context"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/names"
)

const (
	clientColumns = `id, name, name_folded, scopes, jwks, created_at, disabled_at`
	secretColumns = `id, client_id, digest, created_at, expires_at`
	trustColumns  = `id, client_id, issuer, audience, subject, claims, scopes, created_at`
)

var clientNames = uniqueNames{object: "client", table: "clients", column: "name"}

// selectClients also reads what belongs to each client, in one statement.
func (s *Store) selectClients() string {
	return `SELECT id, name, scopes, COALESCE(jwks, ''), created_at, last_used_at, disabled_at,
		(SELECT ` + s.db.jsonRows(secretColumns) + ` FROM (
			SELECT ` + secretColumns + ` FROM client_secrets WHERE client_id = clients.id ORDER BY id) related),
		(SELECT ` + s.db.jsonRows(trustColumns) + ` FROM (
			SELECT ` + trustColumns + ` FROM client_trusts WHERE client_id = clients.id ORDER BY id) related)
		FROM clients`
}

func (t *tx) Client(ctx context.Context, id string) (model.Client, error) {
	return one(ctx, t, "read client", scanClient, t.store.selectClients()+` WHERE id = $1`, id)
}

func (t *tx) Clients(ctx context.Context, p model.Page) ([]model.Client, error) {
	return listPage(ctx, t, "list clients", scanClient, query{text: t.store.selectClients()}, p, oldestFirst)
}

func (t *tx) InsertClient(ctx context.Context, c model.Client) error {
	values, err := clientValues(c, names.Fold(c.Name))
	if err != nil {
		return err
	}
	return t.insertNamed(ctx, clientNames, clientColumns, c.Name, values)
}

func (t *tx) UpdateClient(ctx context.Context, c model.Client) error {
	folded, err := t.foldedName(ctx, clientNames, c.ID, c.Name)
	if err != nil {
		return err
	}
	values, err := clientValues(c, folded)
	if err != nil {
		return err
	}
	return t.execOne(ctx, "update client", update("clients", clientColumns), values...)
}

func (t *tx) MarkClientUsed(ctx context.Context, id string, at time.Time) error {
	return t.execOne(ctx, "mark client as used", `UPDATE clients SET last_used_at = $1 WHERE id = $2`, asTime(at), id)
}

func (t *tx) InsertClientSecret(ctx context.Context, s model.ClientSecret) error {
	return t.execOne(ctx, "insert client secret", insert("client_secrets", secretColumns),
		s.ID, s.ClientID, asText(s.Digest), asTime(s.CreatedAt), asOptionalTime(s.ExpiresAt))
}

func (t *tx) ExpireClientSecrets(ctx context.Context, clientID string, at time.Time) error {
	_, err := t.exec(ctx, "delete client secrets",
		`DELETE FROM client_secrets WHERE client_id = $1 AND expires_at IS NOT NULL`, clientID)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, "expire client secrets", `UPDATE client_secrets SET expires_at = $1 WHERE client_id = $2`,
		asTime(at), clientID)
	return err
}

func (t *tx) InsertTrust(ctx context.Context, r model.Trust) error {
	scopes, err := asList(r.Scopes)
	if err != nil {
		return err
	}
	if r.Claims == nil {
		r.Claims = map[string]string{}
	}
	claims, err := asJSON(&r.Claims)
	if err != nil {
		return err
	}
	return t.execOne(ctx, "insert trust", insert("client_trusts", trustColumns),
		r.ID, r.ClientID, r.Issuer, r.Audience, r.Subject, claims, scopes, asTime(r.CreatedAt))
}

func (t *tx) DeleteTrust(ctx context.Context, clientID, id string) error {
	return t.execOne(ctx, "delete trust", `DELETE FROM client_trusts WHERE id = $1 AND client_id = $2`, id, clientID)
}

func clientValues(c model.Client, folded string) ([]any, error) {
	scopes, err := asList(c.Scopes)
	if err != nil {
		return nil, err
	}
	return []any{c.ID, c.Name, folded, scopes, orNull(c.Keys), asTime(c.CreatedAt), asOptionalTime(c.DisabledAt)}, nil
}

func scanClient(r row) (c model.Client, err error) {
	err = r.Scan(&c.ID, &c.Name, listColumn{&c.Scopes}, &c.Keys, timeColumn{&c.CreatedAt}, optionalTimeColumn{&c.LastUsedAt},
		optionalTimeColumn{&c.DisabledAt}, rowsColumn[model.ClientSecret]{&c.Secrets, scanClientSecret},
		rowsColumn[model.Trust]{&c.Trusts, scanTrust})
	return c, err
}

func scanClientSecret(r row) (s model.ClientSecret, err error) {
	err = r.Scan(&s.ID, &s.ClientID, bytesColumn{&s.Digest}, timeColumn{&s.CreatedAt}, optionalTimeColumn{&s.ExpiresAt})
	return s, err
}

func scanTrust(r row) (trust model.Trust, err error) {
	var claims *map[string]string
	err = r.Scan(&trust.ID, &trust.ClientID, &trust.Issuer, &trust.Audience, &trust.Subject,
		jsonColumn[map[string]string]{&claims}, listColumn{&trust.Scopes}, timeColumn{&trust.CreatedAt})
	if claims != nil {
		trust.Claims = *claims
	}
	return trust, err
}
