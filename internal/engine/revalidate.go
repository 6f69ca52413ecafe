package engine

import (
	"context"
	"errors"
	"fmt"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// Revalidate signs in to an OAuth system anew, whatever token is in use, proves who signed in with the quick test and
// reads the metadata. Submitted credentials are stored then, as an update of the credentials; without any, nothing is
// modified but what is known about the stored ones. It is all or nothing: with a fault, which is a *[FaultError] that
// names the failed re-validation, nothing is stored. Systems without tokens are an *[InvalidError].
func (e *Engine) Revalidate(ctx context.Context, id string, r model.RevalidationRequest) (model.RevalidationDetail, error) {
	return withAudit(ctx, e, "connection.revalidate", id, func() (model.RevalidationDetail, error) {
		change := model.ConnectionChange{Credentials: r.Credentials, Revision: r.Revision, Revalidate: true}
		answer, c, err := findRepeatOrCandidate[model.RevalidationDetail](ctx, e, id, change)
		if err != nil || c == nil {
			return answer, err
		}
		c.action = "connection.revalidate"
		defer e.saveRotated(ctx, c.opened)
		proof, err := e.verifyCandidate(ctx, c)
		if fault := new(model.FaultError); errors.As(err, &fault) {
			fault.RevalidationID, err = e.saveFailedRevalidation(ctx, c, proof)
			return model.RevalidationDetail{}, errors.Join(fault, err)
		}
		if err != nil {
			return model.RevalidationDetail{}, err
		}
		answer, err = runOnce(ctx, e, func(tx model.Tx) (model.RevalidationDetail, error) {
			d, err := e.saveCandidate(ctx, tx, c, proof)
			if err != nil {
				return model.RevalidationDetail{}, err
			}
			result, err := saveRevalidation(ctx, tx, id, proof)
			return model.RevalidationDetail{Revalidation: result, Connection: d}, err
		})
		if err == nil {
			e.adoptTokens(id, c)
		}
		return answer, err
	})
}

// saveFailedRevalidation writes down what a re-validation met, even if the caller has gone meanwhile.
func (e *Engine) saveFailedRevalidation(ctx context.Context, c *candidate, found *signInResult) (id string, err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), auditTimeout)
	defer cancel()
	err = e.store.Update(ctx, func(tx model.Tx) error {
		if err := e.recordRejectedCandidate(ctx, tx, c, found); err != nil {
			return err
		}
		result, err := saveRevalidation(ctx, tx, c.current.ID, found)
		id = result.ID
		return err
	})
	if err != nil {
		return "", fmt.Errorf("note the failed re-validation: %w", err)
	}
	return id, nil
}

// recordRejectedCandidate notes on a connection what a rejected candidate tells about what is stored: nothing, unless the candidate
// was what is stored.
func (e *Engine) recordRejectedCandidate(ctx context.Context, tx model.Tx, c *candidate, found *signInResult) error {
	if !c.matchesStored() {
		return nil
	}
	_, err := e.saveTest(ctx, tx, c.opened, *found)
	return err
}

func saveRevalidation(ctx context.Context, tx model.Tx, connectionID string, found *signInResult) (model.Revalidation, error) {
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
	if err := tx.InsertRevalidation(ctx, result, api.KeptRevalidations); err != nil {
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
