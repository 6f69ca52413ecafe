package engine

import (
	"context"
	"errors"
	"fmt"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// Revalidate signs in to an OAuth system again, without a cached token, checks the identity with the quick test and reads the
// metadata. Then it stores submitted credentials, as an update of the credentials does. Without submitted credentials, only
// the result for the stored ones is recorded. It is all or nothing: a fault is a *[model.FaultError] with the id of the failed
// re-validation, and nothing is stored. For systems without OAuth the error is a *[model.InvalidError].
//
// If the caller wants a person to sign in, or if nothing is stored to sign in with, it makes an authorization that waits for one.
func (e *Engine) Revalidate(ctx context.Context, id string, r model.RevalidationRequest) (model.RevalidationDetail, error) {
	return withAudit(ctx, e, "connection.revalidate", id, func() (model.RevalidationDetail, error) {
		switch waits, err := e.waitsForPerson(ctx, id, r); {
		case err != nil:
			return model.RevalidationDetail{}, err
		case waits:
			return e.requestAuthorization(ctx, id, r)
		}
		change := model.ConnectionChange{Credentials: r.Credentials, Revision: r.Revision, Revalidate: true}
		result, c, err := findRepeatOrCandidate[model.RevalidationDetail](ctx, e, id, change)
		if err != nil || c == nil {
			return result, err
		}
		c.action = "connection.revalidate"
		verification, err := e.verifyCandidate(ctx, c)
		if fault := new(model.FaultError); errors.As(err, &fault) {
			fault.RevalidationID, err = e.saveFailedRevalidation(ctx, c, verification)
			return model.RevalidationDetail{}, errors.Join(fault, err)
		}
		if err != nil {
			return model.RevalidationDetail{}, err
		}
		keys, err := e.credentialKeys(c.opened, id)
		if err != nil {
			return model.RevalidationDetail{}, err
		}
		result, err = runOnce(ctx, e, func(tx model.Tx) (model.RevalidationDetail, error) {
			d, err := e.saveCandidate(ctx, tx, c, verification)
			if err != nil {
				return model.RevalidationDetail{}, err
			}
			revalidationID, err := newID()
			if err != nil {
				return model.RevalidationDetail{}, err
			}
			record, err := saveRevalidation(ctx, tx, revalidationID, id, verification)
			return model.RevalidationDetail{Revalidation: record, Connection: d}, err
		}, keys...)
		if err == nil {
			e.adoptTokens(id, c)
		}
		return result, err
	})
}

// saveFailedRevalidation stores the record of a failed re-validation, even if the caller has disconnected.
func (e *Engine) saveFailedRevalidation(ctx context.Context, c *candidate, found *signInResult) (id string, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), auditTimeout)
	defer cancel()
	err = e.store.Update(ctx, func(tx model.Tx) error {
		if err := e.recordRejectedCandidate(ctx, tx, c, found); err != nil {
			return err
		}
		if id, err = newID(); err != nil {
			return err
		}
		_, err = saveRevalidation(ctx, tx, id, c.current.ID, found)
		return err
	}, model.ConnectionKey(c.current.ID))
	if err != nil {
		return "", fmt.Errorf("store the failed re-validation: %w", err)
	}
	return id, nil
}

// recordRejectedCandidate records the result of a rejected candidate on the connection, if the candidate was verified with
// exactly what is stored. Otherwise the result does not apply to the stored connection.
func (e *Engine) recordRejectedCandidate(ctx context.Context, tx model.Tx, c *candidate, found *signInResult) error {
	if !c.matchesStored() {
		return nil
	}
	_, err := e.saveTest(ctx, tx, c.opened, *found)
	return err
}

func saveRevalidation(ctx context.Context, tx model.Tx, id, connectionID string, found *signInResult) (
	model.Revalidation, error,
) {
	record := model.Revalidation{
		ID: id, ConnectionID: connectionID, Fault: found.fault, Remembered: found.remembered, FinishedAt: found.at,
		MetadataChanged: found.metadataChanged,
	}
	if found.metadata != nil {
		at := found.at
		record.MetadataRefreshedAt = &at
	}
	if err := tx.InsertRevalidation(ctx, record, api.KeptRevalidations); err != nil {
		return model.Revalidation{}, fmt.Errorf("store the re-validation: %w", err)
	}
	return record, nil
}

// Revalidation finds a re-validation of a connection. The newest [api.KeptRevalidations] are kept.
func (e *Engine) Revalidation(ctx context.Context, connectionID, id string) (model.RevalidationDetail, error) {
	var found model.RevalidationDetail
	err := e.store.View(ctx, func(tx model.Tx) (err error) {
		found, err = e.revalidation(ctx, tx, connectionID, id)
		return err
	})
	return found, err
}

func (e *Engine) revalidation(ctx context.Context, tx model.Tx, connectionID, id string) (
	found model.RevalidationDetail, err error,
) {
	if found.Connection, err = e.detail(ctx, tx, connectionID); err != nil {
		return found, err
	}
	a, err := tx.Authorization(ctx, connectionID, id)
	switch {
	case err == nil:
		now, err := tx.Now(ctx, e.clock())
		if err != nil {
			return found, err
		}
		a.State, found.Authorization = a.StateAt(now), &a
		found.ID, found.ConnectionID = id, connectionID
	case !errors.Is(err, model.ErrNotFound):
		return found, fmt.Errorf("authorization %s: %w", id, err)
	}
	if found.Authorization == nil || a.State == model.AuthorizationSucceeded {
		if found.Revalidation, err = tx.Revalidation(ctx, connectionID, id); err != nil {
			return found, fmt.Errorf("re-validation %s of connection %s: %w", id, connectionID, err)
		}
	}
	return found, nil
}
