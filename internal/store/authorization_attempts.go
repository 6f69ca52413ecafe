package store

import (
	"context"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

const attemptColumns = `state_digest, authorization_id, browser_digest, redirect_uri, revision, expires_at, used_at`

func (t *tx) InsertAuthorizationAttempt(ctx context.Context, a model.AuthorizationAttempt, verifier string) error {
	sealed, err := t.store.sealCredentials(t.store.authorizationData("verifier", string(a.StateDigest)),
		target.Credentials{sealedVerifier: verifier})
	if err != nil {
		return err
	}
	return t.execOne(ctx, "insert attempt", insert("authorization_attempts", attemptColumns+`, verifier`), asText(a.StateDigest),
		a.AuthorizationID, asText(a.BrowserDigest), a.RedirectURI, a.Revision, asTime(a.ExpiresAt), asOptionalTime(a.UsedAt),
		asText(sealed))
}

func (t *tx) AuthorizationAttempt(ctx context.Context, stateDigest []byte) (
	model.AuthorizationAttempt, model.Authorization, error,
) {
	a, err := one(ctx, t, "read attempt", func(r row) (a model.AuthorizationAttempt, err error) {
		err = r.Scan(bytesColumn{&a.StateDigest}, &a.AuthorizationID, bytesColumn{&a.BrowserDigest}, &a.RedirectURI, &a.Revision,
			timeColumn{&a.ExpiresAt}, optionalTimeColumn{&a.UsedAt})
		return a, err
	}, `SELECT `+attemptColumns+` FROM authorization_attempts WHERE state_digest = $1`, asText(stateDigest))
	if err != nil {
		return a, model.Authorization{}, err
	}
	of, err := one(ctx, t, "read authorization", scanAuthorization, selectAuthorizations+` WHERE id = $1`, a.AuthorizationID)
	return a, of, err
}

func (t *tx) UseAuthorizationAttempts(ctx context.Context, authorizationID string, stateDigest []byte, at time.Time) error {
	const use = `UPDATE authorization_attempts SET used_at = $1, verifier = NULL WHERE used_at IS NULL AND authorization_id = $2`
	if stateDigest == nil {
		_, err := t.exec(ctx, "end attempts", use, asTime(at), authorizationID)
		return err
	}
	return t.execOne(ctx, "use attempt", use+` AND state_digest = $3`, asTime(at), authorizationID, asText(stateDigest))
}

func (t *tx) AuthorizationVerifier(ctx context.Context, stateDigest []byte) (string, error) {
	opened, err := t.openAuthorized(ctx, "read verifier", t.store.authorizationData("verifier", string(stateDigest)),
		`SELECT verifier FROM authorization_attempts WHERE state_digest = $1 AND verifier IS NOT NULL`, asText(stateDigest))
	return opened[sealedVerifier], err
}
