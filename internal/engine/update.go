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

// UpdateConnection changes name, settings and credentials in one step, and re-validates if that is asked for, all or
// nothing. Changed settings and submitted credentials are tested before anything is replaced, unless the caller does not
// want that: if the target system refuses them or cannot be reached, everything stays as it is and the error is a
// *[FaultError]. The test reads the metadata too, if it can. A change of what the credentials are bound to without
// credentials is a *[CredentialsNeededError].
func (e *Engine) UpdateConnection(ctx context.Context, id string, change model.ConnectionChange) (model.ConnectionDetail, error) {
	return withAudit(ctx, e, "connection.update", id, func() (model.ConnectionDetail, error) {
		answer, c, err := findRepeatOrCandidate[model.ConnectionDetail](ctx, e, id, change)
		if err != nil || c == nil {
			return answer, err
		}
		defer e.saveRotated(ctx, c.opened)
		proof, err := e.verifyCandidate(ctx, c)
		if err != nil {
			return model.ConnectionDetail{}, errors.Join(err, e.recordRejectedUpdate(ctx, c, proof))
		}
		answer, err = runOnce(ctx, e, func(tx model.Tx) (model.ConnectionDetail, error) { return e.saveCandidate(ctx, tx, c, proof) })
		if err == nil {
			e.adoptTokens(id, c)
		}
		return answer, err
	})
}

// recordRejectedUpdate notes what a re-validation in the same step found out about what is stored.
func (e *Engine) recordRejectedUpdate(ctx context.Context, c *candidate, found *signInResult) error {
	if found == nil || !c.revalidate || !c.matchesStored() {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), auditTimeout)
	defer cancel()
	return e.store.Update(ctx, func(tx model.Tx) error { return e.recordRejectedCandidate(ctx, tx, c, found) })
}

// openCredentials opens the stored credentials of a connection.
func openCredentials(ctx context.Context, tx model.Tx, c *model.Connection, s *target.System) (target.Credentials, error) {
	stored, err := tx.Credentials(ctx, c.ID, s.Binding(c.Settings))
	if errors.Is(err, model.ErrNotFound) {
		err = model.ErrNoCredentials
	}
	if err != nil {
		return nil, fmt.Errorf("connection %q: %w", c.Name, err)
	}
	return stored, nil
}

// saveCandidate writes a proved candidate over the connection, unless somebody else changed it since it was read. What tests
// and cycles noted meanwhile stays, where it is still about what is stored.
func (e *Engine) saveCandidate(ctx context.Context, tx model.Tx, n *candidate, proof *signInResult) (model.ConnectionDetail, error) {
	c, err := readConnection(ctx, tx, n.current.ID)
	if err != nil {
		return model.ConnectionDetail{}, err
	}
	if c.Revision != n.current.Revision || n.revalidate && n.usesStored && !bytes.Equal(c.SubmittedDigest, n.current.SubmittedDigest) {
		return model.ConnectionDetail{}, fmt.Errorf("connection %q: %w", c.Name, model.ErrRevision)
	}
	if len(n.changes) == 0 && !n.revalidate {
		return e.detail(ctx, tx, c)
	}
	if err := e.saveCredentials(ctx, tx, n, c); err != nil {
		return model.ConnectionDetail{}, err
	}
	if c, err = e.applyCandidate(c, n, proof); err != nil {
		return model.ConnectionDetail{}, err
	}
	if err := tx.UpdateConnection(ctx, c); err != nil {
		return model.ConnectionDetail{}, fmt.Errorf("update the connection: %w", err)
	}
	if err := e.saveVerification(ctx, tx, c.ID, n.opened, proof); err != nil {
		return model.ConnectionDetail{}, err
	}
	if err := e.recordAudit(ctx, tx, n.action, c.ID, outcomeDone, n.auditDetail(proof)); err != nil {
		return model.ConnectionDetail{}, err
	}
	return e.detail(ctx, tx, c)
}

// applyCandidate is the connection after the change. Only a change modifies it: a re-validation of what is stored does not.
func (e *Engine) applyCandidate(c model.Connection, n *candidate, proof *signInResult) (model.Connection, error) {
	now := e.clock()
	if len(n.changes) > 0 {
		c.Name, c.Settings, c.Revision, c.LastModifiedAt = n.name, n.settings, c.Revision+1, now
	}
	if len(n.submitted) > 0 {
		before := c
		if err := e.setSubmitted(&c, n.system, n.submitted, now); err != nil {
			return model.Connection{}, err
		}
		if n.usesStored && before.CredentialsVerified {
			c.CredentialsVerified, c.Fault = true, before.Fault // the same set, about which as much is known as before
		}
		applyVerification(&c, proof)
	} else if bytes.Equal(c.SubmittedDigest, n.current.SubmittedDigest) {
		applyVerification(&c, proof)
	}
	return c, nil
}

// saveCredentials seals the credentials of a candidate, with whatever the target system rotated while they were proved. c is the
// connection before the change.
func (e *Engine) saveCredentials(ctx context.Context, tx model.Tx, n *candidate, c model.Connection) error {
	switch {
	case n.opened == nil:
		return nil
	case n.usesStored && !c.CredentialsBlank:
		return e.updateRotated(ctx, tx, n.opened, c)
	case len(n.submitted) == 0:
		return nil // wiped meanwhile; changed settings do not bring them back
	}
	set, _ := n.opened.cache.rotatedCredentials(n.opened.account.Credentials)
	if err := tx.PutCredentials(ctx, c.ID, n.system.Binding(n.settings), set); err != nil {
		return fmt.Errorf("seal the credentials: %w", err)
	}
	n.opened.cache.addVersion(set)
	return nil
}

// auditDetail words a change for the audit trail.
func (c *candidate) auditDetail(proof *signInResult) string {
	what := "changed nothing"
	if len(c.changes) > 0 {
		what = "changed " + strings.Join(c.changes, ", ")
	}
	if c.revalidate {
		return what + "; re-validated"
	}
	return what + "; " + verificationText(proof)
}
