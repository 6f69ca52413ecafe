package store

import (
	"context"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

const (
	authorizationColumns = `id, connection_id, state, any_person, requested_by, created_at, expires_at, finished_at, link_digest,
	attempts, fault, identity, wanted, granted`
	selectAuthorizations = `SELECT ` + authorizationColumns + ` FROM authorizations`
)

// The names of the secrets in what is sealed.
const (
	sealedLink     = "link"
	sealedVerifier = "verifier"
)

// authorizationData is the associated data of a secret of an authorization: its purpose, and what it belongs to.
func (s *Store) authorizationData(purpose string, parts ...string) []byte {
	return target.LengthPrefixed("authorization "+purpose, append([]string{s.instanceID}, parts...)...)
}

func (t *tx) Authorization(ctx context.Context, connectionID, id string) (model.Authorization, error) {
	return one(ctx, t, "read authorization", scanAuthorization, selectAuthorizations+` WHERE id = $1 AND connection_id = $2`,
		id, connectionID)
}

func (t *tx) AuthorizationByLink(ctx context.Context, digest []byte) (model.Authorization, error) {
	return one(ctx, t, "find authorization", scanAuthorization, selectAuthorizations+` WHERE link_digest = $1`, asText(digest))
}

func (t *tx) OpenAuthorization(ctx context.Context, connectionID string) (model.Authorization, error) {
	return one(ctx, t, "find open authorization", scanAuthorization,
		selectAuthorizations+` WHERE connection_id = $1 AND state IN ('pending', 'confirm')`, connectionID)
}

func (t *tx) InsertAuthorization(ctx context.Context, a model.Authorization, link string, keep int) error {
	values, err := authorizationValues(a)
	if err != nil {
		return err
	}
	sealed, err := t.store.sealCredentials(t.store.authorizationData("link", a.ID), target.Credentials{sealedLink: link})
	if err != nil {
		return err
	}
	err = t.execOne(ctx, "insert authorization", insert("authorizations", authorizationColumns+`, link`),
		append(values, asText(sealed))...)
	if err != nil {
		return err
	}
	return t.prune(ctx, "authorizations", a.ConnectionID, keep)
}

func (t *tx) UpdateAuthorization(ctx context.Context, a model.Authorization) error {
	values, err := authorizationValues(a)
	if err != nil {
		return err
	}
	return t.execOne(ctx, "update authorization", update("authorizations", authorizationColumns), values...)
}

func (t *tx) AuthorizationLink(ctx context.Context, id string) (string, error) {
	opened, err := t.openAuthorized(ctx, "read link", t.store.authorizationData("link", id),
		`SELECT link FROM authorizations WHERE id = $1`, id)
	return opened[sealedLink], err
}

func (t *tx) AuthorizedCredentials(ctx context.Context, id, binding string) (target.Credentials, error) {
	return t.openAuthorized(ctx, "read authorized credentials", t.store.authorizationData("credentials", id, binding),
		`SELECT sealed FROM authorizations WHERE id = $1 AND sealed IS NOT NULL`, id)
}

func (t *tx) PutAuthorizedCredentials(ctx context.Context, id, binding string, c target.Credentials) error {
	var sealed []byte
	if c != nil {
		var err error
		if sealed, err = t.store.sealCredentials(t.store.authorizationData("credentials", id, binding), c); err != nil {
			return err
		}
	}
	return t.execOne(ctx, "write authorized credentials", `UPDATE authorizations SET sealed = $1 WHERE id = $2`, asText(sealed), id)
}

// openAuthorized opens what a statement selects.
func (t *tx) openAuthorized(ctx context.Context, operation string, data []byte, statement string, args ...any) (
	target.Credentials, error,
) {
	sealed, err := one(ctx, t, operation, func(r row) (b []byte, err error) {
		err = r.Scan(bytesColumn{&b})
		return b, err
	}, statement, args...)
	if err != nil {
		return nil, err
	}
	return t.store.openCredentials(data, sealed)
}

func authorizationValues(a model.Authorization) ([]any, error) {
	fault, err := asFault(a.Fault)
	if err != nil {
		return nil, err
	}
	identity, err := asJSON(a.Identity)
	if err != nil {
		return nil, err
	}
	wanted, err := asList(a.Wanted)
	if err != nil {
		return nil, err
	}
	granted, err := asList(a.Granted)
	if err != nil {
		return nil, err
	}
	return []any{
		a.ID, a.ConnectionID, string(a.State), a.AnyPerson, a.RequestedBy, asTime(a.CreatedAt), asTime(a.ExpiresAt),
		asOptionalTime(a.FinishedAt), asText(a.LinkDigest), a.Attempts, fault, identity, wanted, granted,
	}, nil
}

// authorizationFields are where the columns of an authorization are read to.
func authorizationFields(a *model.Authorization) []any {
	return []any{
		&a.ID, &a.ConnectionID, &a.State, &a.AnyPerson, &a.RequestedBy, timeColumn{&a.CreatedAt}, timeColumn{&a.ExpiresAt},
		optionalTimeColumn{&a.FinishedAt}, bytesColumn{&a.LinkDigest}, &a.Attempts, faultColumn{&a.Fault},
		jsonColumn[target.Identity]{&a.Identity}, listColumn{&a.Wanted}, listColumn{&a.Granted},
	}
}

func scanAuthorization(r row) (a model.Authorization, err error) {
	err = r.Scan(authorizationFields(&a)...)
	return a, err
}
