package engine

import (
	"context"
	"errors"
	"fmt"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// revalidationHistory is how many re-validations of a connection are kept.
const revalidationHistory = 20

// Revalidate signs in to an OAuth system anew, whatever token is in use, proves who signed in with the quick test and
// reads the metadata. Submitted credentials are stored then, as an update of the credentials; without any, nothing is
// modified but what is known about the stored ones. It is all or nothing: with a fault, which is a *[FaultError] that
// names the failed re-validation, nothing is stored. Systems without tokens are an *[InvalidError].
func (e *Engine) Revalidate(ctx context.Context, id string, r model.RevalidationRequest) (model.RevalidationDetail, error) {
	return audited(ctx, e, "connection.revalidate", id, func() (model.RevalidationDetail, error) {
		change := model.ConnectionChange{Credentials: r.Credentials, Revision: r.Revision, Revalidate: true}
		answer, c, err := repeatedOrCandidate[model.RevalidationDetail](ctx, e, id, change)
		if err != nil || c == nil {
			return answer, err
		}
		c.action = "connection.revalidate"
		defer e.rescue(ctx, c.trial)
		proof, err := e.proved(ctx, c)
		if fault := new(model.FaultError); errors.As(err, &fault) {
			fault.RevalidationID, err = e.failedRevalidation(ctx, c, proof)
			return model.RevalidationDetail{}, errors.Join(fault, err)
		}
		if err != nil {
			return model.RevalidationDetail{}, err
		}
		answer, err = commit(ctx, e, func(tx model.Tx) (model.RevalidationDetail, error) {
			d, err := e.replace(ctx, tx, c, proof)
			if err != nil {
				return model.RevalidationDetail{}, err
			}
			result, err := keepRevalidation(ctx, tx, id, proof)
			return model.RevalidationDetail{Revalidation: result, Connection: d}, err
		})
		if err == nil {
			e.own(id, c)
		}
		return answer, err
	})
}

// failedRevalidation writes down what a re-validation met, even if the caller has gone meanwhile.
func (e *Engine) failedRevalidation(ctx context.Context, c *candidate, found *finding) (id string, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), auditTime)
	defer cancel()
	err = e.store.Update(ctx, func(tx model.Tx) error {
		if err := e.noteRejected(ctx, tx, c, found); err != nil {
			return err
		}
		result, err := keepRevalidation(ctx, tx, c.before.ID, found)
		id = result.ID
		return err
	})
	if err != nil {
		return "", fmt.Errorf("note the failed re-validation: %w", err)
	}
	return id, nil
}

// noteRejected notes on a connection what a rejected candidate tells about what is stored: nothing, unless the candidate
// was what is stored.
func (e *Engine) noteRejected(ctx context.Context, tx model.Tx, c *candidate, found *finding) error {
	if !c.stands() {
		return nil
	}
	_, err := e.keepTest(ctx, tx, c.trial, *found)
	return err
}

func keepRevalidation(ctx context.Context, tx model.Tx, connectionID string, found *finding) (model.Revalidation, error) {
	id, err := newID()
	if err != nil {
		return model.Revalidation{}, err
	}
	result := model.Revalidation{
		ID: id, ConnectionID: connectionID, Fault: found.fault, Remembered: found.remembered, FinishedAt: found.at,
		MetadataChanged: found.metadataChanged,
	}
	if found.metadata != nil {
		at := found.at
		result.MetadataRefreshedAt = &at
	}
	if err := tx.InsertRevalidation(ctx, result, revalidationHistory); err != nil {
		return model.Revalidation{}, fmt.Errorf("keep the re-validation: %w", err)
	}
	return result, nil
}

// Revalidation finds one of the last re-validations of a connection.
func (e *Engine) Revalidation(ctx context.Context, connectionID, id string) (model.RevalidationDetail, error) {
	var found model.RevalidationDetail
	err := e.store.View(ctx, func(tx model.Tx) error {
		c, err := readConnection(ctx, tx, connectionID)
		if err != nil {
			return err
		}
		if found.Revalidation, err = tx.Revalidation(ctx, connectionID, id); err != nil {
			return fmt.Errorf("re-validation %s of connection %s: %w", id, connectionID, err)
		}
		found.Connection, err = e.detail(ctx, tx, c)
		return err
	})
	return found, err
}
