package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// updateRotated stores the secrets that the target system rotated, if the stored secrets are those that the system replaced.
// This is not a submission: submitted digest, revision and times do not change. c is the connection as it is now.
func (e *Engine) updateRotated(ctx context.Context, tx model.Tx, o *openedConnection, c model.Connection) error {
	if o.cache == nil || len(o.cache.tokens.Rotated()) == 0 || c.CredentialsBlank {
		return nil
	}
	s := o.account.System
	if len(s.Rebinds(o.sealedFor(), c.Settings)) > 0 {
		return nil // changed since, with credentials: these have replaced what was rotated
	}
	stored, err := openCredentials(ctx, tx, &c, s)
	if !o.usesStored && (errors.Is(err, model.ErrSealed) || errors.Is(err, model.ErrNoCredentials)) {
		return nil // the submitted ones are kept by putRotated, which an error would roll back
	}
	if err != nil {
		return err
	}
	rotated, changed := o.cache.rotatedCredentials(stored)
	if !changed {
		return nil
	}
	if err := tx.PutCredentials(ctx, model.BindingOf(&c, s), rotated); err != nil {
		return fmt.Errorf("seal the rotated credentials: %w", err)
	}
	o.cache.addVersion(rotated)
	return nil
}

// rotatedPeriod is how long submitted credentials are kept as the target system has rotated them, before they belong to a
// connection.
const rotatedPeriod = 24 * time.Hour

// storeRotated stores secrets at once when the target system has rotated them, before the next call: the system no longer accepts
// the old ones, and this process may be killed at any moment.
func (e *Engine) storeRotated(ctx context.Context, o *openedConnection) {
	if o.person {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), auditTimeout)
	defer cancel()
	keys, err := e.credentialKeys(o, o.connection.ID)
	if err != nil {
		e.log.ErrorContext(ctx, "store rotated credentials", "connection", o.connection.ID, "error", err)
		return
	}
	err = e.store.Update(ctx, func(tx model.Tx) error {
		if !o.usesStored {
			if err := e.putRotated(ctx, tx, o); err != nil || o.connection.ID == "" {
				return err
			}
		}
		// A candidate may share a secret with what is stored.
		c, err := tx.Connection(ctx, o.connection.ID)
		if errors.Is(err, model.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		return e.updateRotated(ctx, tx, o, c)
	}, keys...)
	if err != nil { // saving the result tries again
		e.log.ErrorContext(ctx, "store rotated credentials", "connection", o.connection.ID, "error", err)
	}
}

// credentialKeys are the keys of a transaction that stores credentials with a connection, which has no id before it is created.
// Submitted ones can have a rotated form, which is stored and forgotten with them.
func (e *Engine) credentialKeys(o *openedConnection, connectionID string) ([]model.WriteKey, error) {
	var keys []model.WriteKey
	if connectionID != "" {
		keys = append(keys, model.ConnectionKey(connectionID))
	}
	if o == nil || o.usesStored || len(o.cache.tokens.Rotated()) == 0 {
		return keys, nil
	}
	digest, err := e.rotatedDigest(o.account)
	if err != nil {
		return nil, err
	}
	return append(keys, model.RotatedKey(digest)), nil
}

// rotatedDigest finds the rotated form of submitted credentials. Nothing is found with settings that show the credentials to
// others: who submits an old secret there must not have its replacement sent.
func (e *Engine) rotatedDigest(a target.Account) ([]byte, error) {
	return e.accountDigest("rotated", a, a.System.Binding(a.Settings))
}

// putRotated stores the rotated form of submitted credentials under the digest of the submitted ones. If the same credentials are
// submitted again, after a crash or a failure, the sign-in uses the rotated form.
func (e *Engine) putRotated(ctx context.Context, tx model.Tx, o *openedConnection) error {
	digest, err := e.rotatedDigest(o.account)
	if err != nil {
		return err
	}
	now := e.clock()
	return tx.PutRotatedCredentials(ctx, digest, o.currentAccount().Credentials, now, now.Add(-rotatedPeriod))
}

// adoptRotated takes over what became of submitted credentials in an earlier sign-in.
func (e *Engine) adoptRotated(ctx context.Context, tx model.Tx, o *openedConnection) error {
	digest, err := e.rotatedDigest(o.account)
	if err != nil {
		return err
	}
	rotated, err := tx.RotatedCredentials(ctx, digest)
	if errors.Is(err, model.ErrNotFound) || errors.Is(err, model.ErrSealed) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read rotated credentials: %w", err)
	}
	o.adopt(rotated)
	return nil
}

// forgetRotated deletes what is stored with a connection now.
func (e *Engine) forgetRotated(ctx context.Context, tx model.Tx, o *openedConnection) error {
	if len(o.cache.tokens.Rotated()) == 0 {
		return nil
	}
	digest, err := e.rotatedDigest(o.account)
	if err != nil {
		return err
	}
	return tx.DeleteRotatedCredentials(ctx, digest)
}

// withUsedUp adds to the fault of a rejected save that a submitted secret was replaced, and is not valid anywhere else.
func withUsedUp(err error, o *openedConnection) error {
	fault := new(model.FaultError)
	if o == nil || o.usesStored || o.cache == nil || !errors.As(err, &fault) {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(o.cache.tokens.Rotated())) {
		fault.Fault.Help = append(slices.Clone(fault.Fault.Help), fmt.Sprintf(
			"The target system replaced %s during this sign-in, so the submitted one is no longer valid elsewhere. For 24 hours, "+
				"submitting it again uses the replacement, unless the address, the user name, a certificate authority or the "+
				"authentication differs. Then issue a new one.", name))
	}
	return err
}
