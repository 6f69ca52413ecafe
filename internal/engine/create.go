package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// CreateConnection creates a connection. With verification, the credentials are tested first. If the target system rejects
// them, nothing is stored, and the error is a *[model.FaultError].
func (e *Engine) CreateConnection(ctx context.Context, n model.NewConnection) (model.ConnectionDetail, error) {
	return withAudit(ctx, e, "connection.create", "", func() (model.ConnectionDetail, error) {
		s, err := e.validateNew(n)
		if err != nil {
			return model.ConnectionDetail{}, err
		}
		repeated, found, err := e.checkRepeatAndName(ctx, n.Name)
		if err != nil || found {
			return repeated, err
		}
		opened := e.openSubmitted(model.Connection{}, s, n.Settings, n.Credentials)
		pending := isPending(s, n)
		verification, err := e.verifyNew(ctx, opened, n.Verify && !pending)
		if err != nil {
			return model.ConnectionDetail{}, withUsedUp(err, opened)
		}
		keys, err := e.credentialKeys(opened, "")
		if err != nil {
			return model.ConnectionDetail{}, err
		}
		created, err := createOnce(ctx, e, creatableConnection, func(tx model.Tx) (model.ConnectionDetail, error) {
			return e.insertConnection(ctx, tx, opened, n.Name, verification, pending)
		}, keys...)
		if err == nil {
			e.caches.set(created.ID, opened.cache)
		}
		return created, err
	})
}

// verifyNew tests the credentials of a new connection. Without verification the result is nil.
func (e *Engine) verifyNew(ctx context.Context, opened *openedConnection, verify bool) (*signInResult, error) {
	if !verify {
		return nil, nil //nolint:nilnil // without verification there is no result
	}
	found, err := e.runTest(ctx, opened, quickTest, metadataOptional)
	if err == nil {
		err = found.err()
	}
	return &found, err
}

func (e *Engine) validateNew(n model.NewConnection) (*target.System, error) {
	var invalid invalidFields
	invalid.name("name", n.Name)
	s, ok := e.system(n.System)
	if !ok {
		names := make([]string, len(e.systems))
		for i, s := range e.systems {
			names[i] = s.Name
		}
		invalid.addf("system", "The target system %q does not exist: use one of %s.", n.System, strings.Join(names, ", "))
		return nil, invalid.err()
	}
	invalid.fields(e, s, n.Settings, n.Credentials)
	switch {
	case n.Interactive && len(invalid) == 0:
		if err := s.CheckPerson(n.Settings, n.Credentials); err != nil {
			invalid.addf("interactive", "%s", err)
		}
	case !isPending(s, n):
		invalid.credentials(s, n.Settings, n.Credentials)
	}
	return s, invalid.err()
}

// isPending reports whether a person must sign in before a new connection can be used.
func isPending(s *target.System, n model.NewConnection) bool {
	return s.Authorize != nil && (n.Interactive || s.Waits(n.Settings, n.Credentials))
}

// checkRepeatAndName prevents sign-ins for a request that was already carried out and for a name that is taken.
func (e *Engine) checkRepeatAndName(ctx context.Context, name string) (result model.ConnectionDetail, found bool, err error) {
	undelivered := false
	err = e.store.View(ctx, func(tx model.Tx) error {
		result, found, err = findRepeat[model.ConnectionDetail](ctx, e, tx)
		if err != nil || found {
			return err
		}
		err = checkNameFree(ctx, tx, name, "")
		if taken := new(model.NameTakenError); errors.As(err, &taken) {
			_, runID, findErr := findUndelivered(ctx, e, tx, creatableConnection, taken.ID)
			undelivered, err = runID != "", errors.Join(err, findErr)
		}
		return err
	})
	if undelivered {
		result, err = createOnce(ctx, e, creatableConnection, func(model.Tx) (model.ConnectionDetail, error) {
			return model.ConnectionDetail{}, err // the name is taken: the first result counts
		})
		return result, true, err
	}
	return result, found, err
}

func (e *Engine) insertConnection(
	ctx context.Context, tx model.Tx, opened *openedConnection, name string, verification *signInResult, pending bool,
) (model.ConnectionDetail, error) {
	s, submitted := opened.account.System, opened.account.Credentials
	id, err := newID()
	if err != nil {
		return model.ConnectionDetail{}, err
	}
	now := e.clock()
	c := model.Connection{
		ID: id, Name: name, System: s.Name, Kind: s.Kind, Settings: maps.Clone(opened.account.Settings),
		Revision: 1, CreatedAt: now, LastModifiedAt: now,
	}
	if c.Settings == nil {
		c.Settings = target.Settings{}
	}
	if len(submitted) > 0 {
		if err := e.setSubmitted(&c, s, submitted, now); err != nil {
			return model.ConnectionDetail{}, err
		}
	}
	c.CredentialsBlank = pending
	applyVerification(&c, verification)
	if err := tx.InsertConnection(ctx, c); err != nil {
		return model.ConnectionDetail{}, fmt.Errorf("store the connection: %w", err)
	}
	if len(submitted) > 0 {
		if err := e.putSubmitted(ctx, tx, &c, opened); err != nil {
			return model.ConnectionDetail{}, err
		}
	}
	if pending {
		if _, err := e.insertAuthorization(ctx, tx, &c, s, false); err != nil {
			return model.ConnectionDetail{}, err
		}
	}
	if err := e.saveVerification(ctx, tx, c.ID, opened, verification); err != nil {
		return model.ConnectionDetail{}, err
	}
	if err := e.recordAudit(ctx, tx, "connection.create", c.ID, outcomeDone, verificationText(verification)); err != nil {
		return model.ConnectionDetail{}, err
	}
	return e.detail(ctx, tx, c.ID)
}

// putSubmitted seals the credentials of a new connection. The rotated credentials are stored; comparisons use the submitted ones.
func (e *Engine) putSubmitted(ctx context.Context, tx model.Tx, c *model.Connection, opened *openedConnection) error {
	rotated, _ := opened.cache.rotatedCredentials(opened.account.Credentials)
	if err := tx.PutCredentials(ctx, model.BindingOf(c, opened.account.System), rotated); err != nil {
		return fmt.Errorf("seal the credentials: %w", err)
	}
	if err := putComparisonKey(ctx, tx, c); err != nil {
		return err
	}
	opened.cache.addVersion(rotated)
	return e.forgetRotated(ctx, tx, opened)
}
