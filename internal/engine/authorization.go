package engine

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// An authorization is a re-validation that waits for a person. Its link shows the first page; the button there starts an attempt,
// which ends when the target system sends the browser back. A connection has one open authorization: a new one replaces it. All
// times are those of the database's clock. The credentials in force stay, whatever happens, until other ones have passed the
// quick test and, where the system has metadata, its refresh. The button and the callback are in the audit trail, whatever they
// end in, unless they have no authorization.
//
//	how a visit ends                                  the authorization is then      stored with the connection
//	succeeded                                         ended as succeeded             credentials, test, metadata
//	confirm: every account may sign in                confirm, for 15 minutes        nothing until it is confirmed
//	discarded: the person says that it is not right   pending: start again           nothing
//	somebody_else, canceled, denied, admin_consent    pending: the person can start  nothing
//	scope_withheld, code_refused, system_error,       again with the link. The       nothing
//	system_down, test_failed                          record has the fault and who   nothing
//	                                                  signed in
//	too_many_attempts                                 failed, with the last fault    nothing
//	state_expired, changed                            pending; the attempt is over   nothing
//	replayed                                          as it was                      nothing
//	other_browser                                     as it was; the attempt goes    nothing
//	                                                  on in its own browser
//	state_unknown, link_unknown                       not known                      nothing
//	link_expired                                      expired                        nothing
//	link_ended                                        as it was                      nothing
//
// An attempt is used up before its code is exchanged, in a transaction, so that of two callbacks with one code, in any process,
// one calls the system. What a killed process leaves behind is a used attempt; the person starts again.

// secretSize is the size of a link, a state, a verifier and a browser's secret, in bytes: 256 bits.
const secretSize = 32

// newSecret returns a new random secret. In base64url, it is also a valid PKCE verifier (RFC 7636, 4.1).
func newSecret() string {
	secret := make([]byte, secretSize)
	_, _ = rand.Read(secret) // never fails
	return base64.RawURLEncoding.EncodeToString(secret)
}

// The purposes of the digests.
const (
	purposeLink    = "authorization link"
	purposeState   = "authorization state"
	purposeBrowser = "authorization browser"
	purposeAnswer  = "authorization answer"
)

// waitsForPerson reports whether a re-validation is one for a person: the caller asks for it, or nothing is stored to sign in
// with.
func (e *Engine) waitsForPerson(ctx context.Context, id string, r model.RevalidationRequest) (bool, error) {
	if r.Interactive || len(r.Credentials) > 0 {
		return r.Interactive, nil
	}
	waits := false
	err := e.store.View(ctx, func(tx model.Tx) error {
		c, err := readConnection(ctx, tx, id)
		if err != nil {
			return err
		}
		s, err := e.systemFor(c)
		waits = err == nil && c.CredentialsBlank && s.Authorize != nil
		return err
	})
	return waits, err
}

// requestAuthorization makes an authorization for a connection, once per request.
func (e *Engine) requestAuthorization(ctx context.Context, id string, r model.RevalidationRequest) (
	model.RevalidationDetail, error,
) {
	return runOnce(ctx, e, func(tx model.Tx) (found model.RevalidationDetail, err error) {
		c, err := readConnection(ctx, tx, id)
		if err != nil {
			return found, err
		}
		if r.Revision != 0 && r.Revision != c.Revision {
			return found, fmt.Errorf("connection %q: %w", c.Name, model.ErrRevision)
		}
		s, err := e.systemFor(c)
		if err != nil {
			return found, err
		}
		var invalid invalidFields
		if len(r.Credentials) > 0 {
			invalid.addf("credentials", "A re-validation by a person takes no credentials: submit either one.")
			return found, invalid.err()
		}
		a, err := e.insertAuthorization(ctx, tx, &c, s, r.AnyPerson)
		if err != nil {
			return found, err
		}
		found.ID, found.ConnectionID, found.Authorization = a.ID, c.ID, &a
		found.Connection, err = e.detail(ctx, tx, c.ID)
		return found, err
	}, model.ConnectionKey(id))
}

// insertAuthorization makes an authorization for a connection, and ends the one that is open. Without somebody who is expected to
// sign in, the caller must confirm who did.
func (e *Engine) insertAuthorization(
	ctx context.Context, tx model.Tx, c *model.Connection, s *target.System, anyPerson bool,
) (model.Authorization, error) {
	var invalid invalidFields
	if s.Authorize == nil {
		invalid.addf("interactive", "%s does not support the sign-in of a person. Submit credentials instead.", s.Title)
		return model.Authorization{}, invalid.err()
	}
	kept, err := e.keptForPerson(ctx, tx, c, s)
	if err != nil {
		return model.Authorization{}, err
	}
	if s.ExpectedPerson(e.account(s, c.Settings, kept)).Username == "" && !anyPerson {
		invalid.addf("interactive", "The connection %q does not say who must sign in: set its user name, or confirm who signed in "+
			"(terraform-provider-riva authorize does).", c.Name)
		return model.Authorization{}, invalid.err()
	}
	if err := e.endOpenAuthorization(ctx, tx, c.ID, model.AuthorizationReplaced); err != nil {
		return model.Authorization{}, err
	}
	now, err := tx.Now(ctx, e.clock())
	if err != nil {
		return model.Authorization{}, err
	}
	link := newSecret()
	digest, err := e.store.Digest(purposeLink, link)
	if err != nil {
		return model.Authorization{}, fmt.Errorf("digest a link: %w", err)
	}
	id, err := newID()
	if err != nil {
		return model.Authorization{}, err
	}
	a := model.Authorization{
		ID: id, ConnectionID: c.ID, State: model.AuthorizationPending, AnyPerson: anyPerson, RequestedBy: CallerFrom(ctx).actor(),
		CreatedAt: now, ExpiresAt: now.Add(e.signInPeriod), LinkDigest: digest,
	}
	if err := tx.InsertAuthorization(ctx, a, link, api.KeptRevalidations); err != nil {
		return model.Authorization{}, fmt.Errorf("store the authorization: %w", err)
	}
	return a, e.recordAudit(ctx, tx, "authorization.request", c.ID, outcomeDone,
		"a person can sign in until "+a.ExpiresAt.Format(time.RFC3339))
}

// keptForPerson opens the stored credentials that are used with the sign-in of a person. The error is a *[model.InvalidError] if
// others are missing, or if a setting is.
func (e *Engine) keptForPerson(ctx context.Context, tx model.Tx, c *model.Connection, s *target.System) (
	target.Credentials, error,
) {
	stored, err := openCredentials(ctx, tx, c, s)
	if err != nil && !errors.Is(err, model.ErrNoCredentials) && !errors.Is(err, model.ErrSealed) {
		return nil, err
	}
	kept, err := s.ForPerson(c.Settings, stored)
	if err != nil {
		return nil, &model.InvalidError{Fields: []model.InvalidField{{
			Path: "credentials", Message: "Before a person can sign in: " + err.Error(),
		}}}
	}
	return kept, nil
}

// endOpenAuthorization ends the open authorization of a connection, if it has one; its link is no longer valid.
func (e *Engine) endOpenAuthorization(
	ctx context.Context, tx model.Tx, connectionID string, state model.AuthorizationState,
) error {
	a, err := tx.OpenAuthorization(ctx, connectionID)
	if errors.Is(err, model.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("find the open authorization: %w", err)
	}
	now, err := tx.Now(ctx, e.clock())
	if err != nil {
		return err
	}
	if a.StateAt(now) == model.AuthorizationExpired {
		state = model.AuthorizationExpired
	}
	if err := e.endAuthorization(ctx, tx, &a, state, now); err != nil {
		return err
	}
	return e.recordAudit(ctx, tx, "authorization.end", connectionID, string(state), "")
}

// endAuthorization ends an authorization. Nothing secret of it is left but the sealed link, which is no longer valid.
func (e *Engine) endAuthorization(
	ctx context.Context, tx model.Tx, a *model.Authorization, state model.AuthorizationState, now time.Time,
) error {
	a.State, a.FinishedAt = state, &now
	if err := tx.UpdateAuthorization(ctx, *a); err != nil {
		return fmt.Errorf("end the authorization: %w", err)
	}
	if err := tx.PutAuthorizedCredentials(ctx, a.ID, "", nil); err != nil {
		return fmt.Errorf("delete what waits to be confirmed: %w", err)
	}
	return tx.UseAuthorizationAttempts(ctx, a.ID, nil, now)
}

// CancelAuthorization ends an authorization. One that has ended stays as it is.
func (e *Engine) CancelAuthorization(ctx context.Context, connectionID, id string) error {
	_, err := withAudit(ctx, e, "authorization.end", connectionID, func() (struct{}, error) {
		return runOnce(ctx, e, func(tx model.Tx) (struct{}, error) {
			a, err := tx.Authorization(ctx, connectionID, id)
			if err != nil {
				return struct{}{}, fmt.Errorf("re-validation %s of connection %s: %w", id, connectionID, err)
			}
			if a.FinishedAt != nil {
				return struct{}{}, nil
			}
			return struct{}{}, e.endOpenAuthorization(ctx, tx, connectionID, model.AuthorizationCanceled)
		}, model.ConnectionKey(connectionID))
	})
	return err
}

// AuthorizationLink opens the secret of the link of an authorization. It is a call of its own, so that no link is in the stored
// result of an idempotent request. Without one, or after another keyset was used, the error is ErrNotFound.
func (e *Engine) AuthorizationLink(ctx context.Context, id string) (link string, err error) {
	err = e.store.View(ctx, func(tx model.Tx) error {
		link, err = tx.AuthorizationLink(ctx, id)
		return err
	})
	if errors.Is(err, model.ErrSealed) {
		err = model.ErrNotFound
	}
	if err != nil {
		return "", fmt.Errorf("link of re-validation %s: %w", id, err)
	}
	return link, nil
}
