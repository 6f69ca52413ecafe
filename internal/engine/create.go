package engine

import (
	"context"
	"fmt"
	"maps"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// CreateConnection makes a connection. Its credentials are tested first, unless the caller does not want that: what the
// target system refuses is not stored, and the error is a *[FaultError].
func (e *Engine) CreateConnection(ctx context.Context, n model.NewConnection) (model.ConnectionDetail, error) {
	return withAudit(ctx, e, "connection.create", "", func() (model.ConnectionDetail, error) {
		s, err := e.validateNew(n)
		if err != nil {
			return model.ConnectionDetail{}, err
		}
		answer, found, err := e.checkRepeatAndName(ctx, n.Name)
		if err != nil || found {
			return answer, err
		}
		trial := e.openSubmitted(model.Connection{}, s, n.Settings, n.Credentials)
		var proof *signInResult
		if n.Verify {
			found, err := e.runTest(ctx, trial, quickTest, metadataOptional)
			if err == nil {
				err = found.err()
			}
			if err != nil {
				return model.ConnectionDetail{}, err
			}
			proof = &found
		}
		made, err := runOnce(ctx, e, func(tx model.Tx) (model.ConnectionDetail, error) {
			return e.insertConnection(ctx, tx, trial, n.Name, proof)
		})
		if err == nil {
			e.caches.set(made.ID, trial.cache)
		}
		return made, err
	})
}

func (e *Engine) validateNew(n model.NewConnection) (*target.System, error) {
	var wrong invalidFields
	wrong.name("name", n.Name)
	s, ok := e.system(n.System)
	if !ok {
		names := make([]string, len(e.systems))
		for i, s := range e.systems {
			names[i] = s.Name
		}
		wrong.add("system", "There is no target system %q here: use one of %s.", n.System, strings.Join(names, ", "))
		return nil, wrong.err()
	}
	wrong.fields(e, s, n.Settings, n.Credentials)
	wrong.credentials(s, n.Settings, n.Credentials)
	return s, wrong.err()
}

// checkRepeatAndName spares a target system the sign-ins for what was made already and for what cannot be made.
func (e *Engine) checkRepeatAndName(ctx context.Context, name string) (answer model.ConnectionDetail, found bool, err error) {
	err = e.store.View(ctx, func(tx model.Tx) error {
		answer, found, err = findRepeat[model.ConnectionDetail](ctx, e, tx)
		if err != nil || found {
			return err
		}
		return checkNameFree(ctx, tx, name, "")
	})
	return answer, found, err
}

func (e *Engine) insertConnection(ctx context.Context, tx model.Tx, trial *openedConnection, name string, proof *signInResult) (model.ConnectionDetail, error) {
	s, submitted := trial.account.System, trial.account.Credentials
	id, err := newID()
	if err != nil {
		return model.ConnectionDetail{}, err
	}
	now := e.clock()
	c := model.Connection{
		ID: id, Name: name, System: s.Name, Kind: s.Kind, Settings: maps.Clone(trial.account.Settings),
		Revision: 1, CreatedAt: now, LastModifiedAt: now,
	}
	if c.Settings == nil {
		c.Settings = target.Settings{}
	}
	if err := e.setSubmitted(&c, s, submitted, now); err != nil {
		return model.ConnectionDetail{}, err
	}
	applyVerification(&c, proof)
	if err := tx.InsertConnection(ctx, c); err != nil {
		return model.ConnectionDetail{}, fmt.Errorf("insert the connection: %w", err)
	}
	// What is stored is what the target system rotated them to; what was submitted is what comparisons look at.
	set, _ := trial.cache.rotatedCredentials(submitted)
	if err := tx.PutCredentials(ctx, c.ID, s.Binding(c.Settings), set); err != nil {
		return model.ConnectionDetail{}, fmt.Errorf("seal the credentials: %w", err)
	}
	trial.cache.addVersion(set)
	if err := e.saveVerification(ctx, tx, c.ID, trial, proof); err != nil {
		return model.ConnectionDetail{}, err
	}
	if err := e.recordAudit(ctx, tx, "connection.create", c.ID, outcomeDone, verificationText(proof)); err != nil {
		return model.ConnectionDetail{}, err
	}
	return e.detail(ctx, tx, c)
}
