package engine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// UpdateConnection changes name, settings and credentials in one step, and re-validates if requested, all or nothing. With
// verification, changed settings and submitted credentials are tested before anything is replaced: if the target system rejects
// them or cannot be reached, nothing changes and the error is a *[model.FaultError]. The test also reads the metadata if it
// can. A change of the settings that credentials are bound to, without credentials, is a *[model.CredentialsRequiredError],
// unless it only makes it harder to read them.
func (e *Engine) UpdateConnection(ctx context.Context, id string, change model.ConnectionChange) (model.ConnectionDetail, error) {
	return withAudit(ctx, e, "connection.update", id, func() (model.ConnectionDetail, error) {
		result, c, err := findRepeatOrCandidate[model.ConnectionDetail](ctx, e, id, change)
		if err != nil || c == nil {
			return result, err
		}
		verification, err := e.verifyCandidate(ctx, c)
		if err != nil {
			return model.ConnectionDetail{}, errors.Join(withUsedUp(err, c.opened), e.recordRejectedUpdate(ctx, c, verification))
		}
		keys, err := e.credentialKeys(c.opened, id)
		if err != nil {
			return model.ConnectionDetail{}, err
		}
		result, err = runOnce(ctx, e, func(tx model.Tx) (model.ConnectionDetail, error) {
			return e.saveCandidate(ctx, tx, c, verification)
		}, keys...)
		if err == nil {
			e.adoptTokens(id, c)
		}
		return result, err
	})
}

// recordRejectedUpdate records the result of a re-validation in the same step, if it applies to what is stored.
func (e *Engine) recordRejectedUpdate(ctx context.Context, c *candidate, found *signInResult) error {
	if found == nil || !c.revalidate || !c.matchesStored() {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), auditTimeout)
	defer cancel()
	return e.store.Update(ctx, func(tx model.Tx) error {
		return e.recordRejectedCandidate(ctx, tx, c, found)
	}, model.ConnectionKey(c.current.ID))
}

// openCredentials opens the stored credentials of a connection.
func openCredentials(ctx context.Context, tx model.Tx, c *model.Connection, s *target.System) (target.Credentials, error) {
	stored, err := tx.Credentials(ctx, model.BindingOf(c, s))
	if errors.Is(err, model.ErrNotFound) {
		err = model.ErrNoCredentials
	}
	if err != nil {
		return nil, fmt.Errorf("connection %q: %w", c.Name, err)
	}
	return stored, nil
}

// saveCandidate replaces the connection by a verified candidate, unless another client changed it since it was read. Results
// that tests and cycles have recorded since then are kept if they still apply.
func (e *Engine) saveCandidate(ctx context.Context, tx model.Tx, n *candidate, verification *signInResult) (
	model.ConnectionDetail, error,
) {
	c, err := readConnection(ctx, tx, n.current.ID)
	if err != nil {
		return model.ConnectionDetail{}, err
	}
	blanked := !bytes.Equal(c.SubmittedDigest, n.current.SubmittedDigest)
	if c.Revision != n.current.Revision || n.revalidate && n.usesStored && blanked {
		return model.ConnectionDetail{}, fmt.Errorf("connection %q: %w", c.Name, model.ErrRevision)
	}
	if len(n.changes) == 0 && !n.revalidate && !n.interactive {
		return e.detail(ctx, tx, c.ID)
	}
	before := c
	if c, err = e.applyCandidate(c, n, verification); err != nil {
		return model.ConnectionDetail{}, err
	}
	if err := e.saveCredentials(ctx, tx, n, before, c); err != nil {
		return model.ConnectionDetail{}, err
	}
	if err := tx.UpdateConnection(ctx, c); err != nil {
		return model.ConnectionDetail{}, fmt.Errorf("update the connection: %w", err)
	}
	if err := e.saveVerification(ctx, tx, c.ID, n.opened, verification); err != nil {
		return model.ConnectionDetail{}, err
	}
	if err := e.saveSubmission(ctx, tx, n, &c); err != nil {
		return model.ConnectionDetail{}, err
	}
	if err := e.recordAudit(ctx, tx, n.action, c.ID, outcomeDone, n.auditDetail(verification)); err != nil {
		return model.ConnectionDetail{}, err
	}
	return e.detail(ctx, tx, c.ID)
}

// applyCandidate returns the connection after the change. A re-validation of the stored credentials is not a modification.
func (e *Engine) applyCandidate(c model.Connection, n *candidate, verification *signInResult) (model.Connection, error) {
	now := e.clock()
	if len(n.changes) > 0 {
		c.Name, c.Settings, c.Revision, c.LastModifiedAt = n.name, n.settings, c.Revision+1, now
	}
	switch {
	case len(n.submitted) > 0:
		before := c
		if err := e.setSubmitted(&c, n.system, n.submitted, now); err != nil {
			return model.Connection{}, err
		}
		if n.usesStored && before.CredentialsVerified {
			c.CredentialsVerified, c.Fault = true, before.Fault // the same credentials: what is known about them stays
		}
		applyVerification(&c, verification)
		c.CredentialsBlank = n.waiting
	case n.person:
		return e.applyPerson(c, n, verification)
	case bytes.Equal(c.SubmittedDigest, n.current.SubmittedDigest):
		applyVerification(&c, verification)
	}
	return c, nil
}

// applyPerson returns the connection after the sign-in of a person. What was submitted last stays what comparisons use.
func (e *Engine) applyPerson(c model.Connection, n *candidate, verification *signInResult) (model.Connection, error) {
	if c.CredentialsSetID == "" {
		id, err := newID()
		if err != nil {
			return model.Connection{}, err
		}
		c.CredentialsSetID = id
	}
	now := e.clock()
	c.CredentialsUpdatedAt, c.CredentialsExpireAt, c.CredentialsScheme = &now, nil, ""
	if end := n.system.CredentialsExpireAt(n.opened.account.Credentials); !end.IsZero() {
		c.CredentialsExpireAt = new(end.UTC())
	}
	applyVerification(&c, verification)
	return c, nil
}

// saveSubmission makes the comparison key of submitted credentials, and the authorization that a change requests. Credentials
// that were submitted instead of the sign-in of a person end the open one.
func (e *Engine) saveSubmission(ctx context.Context, tx model.Tx, n *candidate, c *model.Connection) error {
	if len(n.submitted) > 0 {
		if err := putComparisonKey(ctx, tx, c); err != nil {
			return err
		}
	}
	if n.interactive {
		_, err := e.insertAuthorization(ctx, tx, c, n.system, false)
		return err
	}
	if len(n.submitted) > 0 && !n.waiting {
		return e.endOpenAuthorization(ctx, tx, c.ID, model.AuthorizationReplaced)
	}
	return nil
}

// saveCredentials seals the credentials of a candidate, with the secrets that the target system rotated during verification.
func (e *Engine) saveCredentials(ctx context.Context, tx model.Tx, n *candidate, before, after model.Connection) error {
	switch {
	case n.opened == nil:
		return reseal(ctx, tx, n.system, before, after)
	case n.usesStored && !before.CredentialsBlank:
		if err := e.updateRotated(ctx, tx, n.opened, before); err != nil {
			return err
		}
		return reseal(ctx, tx, n.system, before, after)
	case len(n.submitted) == 0 && !n.person:
		return nil // blanked since they were read; changed settings do not restore them
	}
	rotated, _ := n.opened.cache.rotatedCredentials(n.opened.account.Credentials)
	if err := tx.PutCredentials(ctx, model.BindingOf(&after, n.system), rotated); err != nil {
		return fmt.Errorf("seal the credentials: %w", err)
	}
	n.opened.cache.addVersion(rotated)
	return e.forgetRotated(ctx, tx, n.opened)
}

// reseal seals the stored credentials again if a change of the connection changes what they are bound to. Such a change either
// does not require the credentials, such as a removed certificate authority, or submits the same ones, or is the authentication
// scheme of a sign-in. Credentials that cannot be
// opened, because a setting was edited in the database for example, stay as they are.
func reseal(ctx context.Context, tx model.Tx, s *target.System, before, after model.Connection) error {
	if model.BindingOf(&before, s) == model.BindingOf(&after, s) {
		return nil
	}
	stored, err := openCredentials(ctx, tx, &before, s)
	if errors.Is(err, model.ErrSealed) || errors.Is(err, model.ErrNoCredentials) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := tx.PutCredentials(ctx, model.BindingOf(&after, s), stored); err != nil {
		return fmt.Errorf("seal the credentials again: %w", err)
	}
	return nil
}

// auditDetail describes a change in the audit trail.
func (c *candidate) auditDetail(verification *signInResult) string {
	text := "changed nothing"
	if len(c.changes) > 0 {
		text = "changed " + strings.Join(c.changes, ", ")
	}
	if c.person && verification.identity != nil {
		return "a person signed in as " + verification.identity.Username
	}
	if c.revalidate {
		return text + "; re-validated"
	}
	return text + "; " + verificationText(verification)
}
