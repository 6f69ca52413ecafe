package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// outcomeRepeated is the outcome of a request that got the result of an earlier run.
const outcomeRepeated = "repeated"

// A run of a client, such as one process of the provider, can be killed after an object was created and before the run received
// the response. The next run does not know the object and creates it again. For [api.UndeliveredPeriod], the same request of
// another run gets the first result, if the first run is known to have ended, it did not confirm that it received its responses,
// and nothing has changed the object. In all other cases the name is taken. So it is always at a shared control plane, which does
// not know whether the processes of its clients last: two configurations with the same connection must not both get it.

// creatable is a type of object that requests create.
type creatable[T any] struct {
	// action is the name of the operation in audit events.
	action   string
	id       func(T) string
	revision func(ctx context.Context, tx model.Tx, id string) (int64, error)
}

var (
	creatableConnection = creatable[model.ConnectionDetail]{
		action: "connection.create",
		id:     func(c model.ConnectionDetail) string { return c.ID },
		revision: func(ctx context.Context, tx model.Tx, id string) (int64, error) {
			c, err := tx.Connection(ctx, id)
			return c.Revision, err
		},
	}
	creatablePolicy = creatable[model.Policy]{
		action: "policy.create",
		id:     func(p model.Policy) string { return p.ID },
		revision: func(ctx context.Context, tx model.Tx, id string) (int64, error) {
			p, err := tx.Policy(ctx, id)
			return p.Revision, err
		},
	}
	creatableUser = creatable[model.User]{
		action: "user.create",
		id:     func(u model.User) string { return u.ID },
		revision: func(ctx context.Context, tx model.Tx, id string) (int64, error) {
			u, err := tx.User(ctx, id)
			return u.Revision, err
		},
	}
)

// createOnce is runOnce for a request that creates an object. If the name is taken by what the same request of an earlier run
// created, it returns the first result, provided that the earlier run did not receive it. The keys are those of what is written
// beside the new object.
func createOnce[T any](
	ctx context.Context, e *Engine, c creatable[T], insert func(model.Tx) (T, error), keys ...model.WriteKey,
) (T, error) {
	if err := e.showRun(ctx); err != nil {
		var none T
		return none, err
	}
	result, err := afterEarlierRun(ctx, func() (T, error) { return insertOnce(ctx, e, c, insert, keys) })
	if err == nil && CallerFrom(ctx).RunID != "" {
		e.unconfirmed.Store(true)
	}
	return result, err
}

func insertOnce[T any](
	ctx context.Context, e *Engine, c creatable[T], insert func(model.Tx) (T, error), keys []model.WriteKey,
) (T, error) {
	return runOnceFor(ctx, e, c.id, func(tx model.Tx) (T, error) {
		created, err := insert(tx)
		var taken *model.NameTakenError
		if !errors.As(err, &taken) {
			return created, err
		}
		first, runID, findErr := findUndelivered(ctx, e, tx, c, taken.ID)
		if findErr != nil || runID == "" {
			return created, errors.Join(findErr, err)
		}
		if err := e.checkRunEnded(ctx, tx, runID, err); err != nil {
			return created, err
		}
		switch markErr := tx.MarkObjectDelivered(ctx, taken.ID, runID); { // the result of this request replaces it
		case errors.Is(markErr, model.ErrNotFound):
			return created, err // another run got it, or the first run received it after all
		case markErr != nil:
			return created, errors.Join(markErr, err)
		}
		return first, e.recordAudit(ctx, tx, c.action, taken.ID, outcomeRepeated,
			"an earlier run sent the same request and did not receive the response")
	}, append(keys, model.AppendKey)...)
}

// findUndelivered finds the first result of the caller's request, sent by an earlier run that did not receive it, and the id of
// that run; the id is empty without such a run. The object is the one that has the name.
func findUndelivered[T any](ctx context.Context, e *Engine, tx model.Tx, c creatable[T], objectID string) (
	result T, runID string, err error,
) {
	caller := CallerFrom(ctx)
	if caller.RunID == "" || caller.IdempotencyKey == "" {
		return result, "", nil
	}
	first, err := tx.UndeliveredRecord(ctx, objectID)
	switch {
	case errors.Is(err, model.ErrNotFound):
		return result, "", nil
	case err != nil:
		return result, "", fmt.Errorf("find an undelivered result: %w", err)
	}
	now, err := e.leaseClock(ctx, tx)
	if err != nil {
		return result, "", err
	}
	switch age := now.Sub(first.At); {
	case first.Caller != caller.owner(), first.RunID == caller.RunID, !bytes.Equal(first.Digest, caller.RequestDigest):
		return result, "", nil
	case age < 0, age > api.UndeliveredPeriod: // a time in the future proves nothing
		return result, "", nil
	case !e.runEnded(first.RunID): // it may still receive the response
		return result, "", nil
	}
	switch revision, err := c.revision(ctx, tx, objectID); {
	case errors.Is(err, model.ErrNotFound):
		return result, "", nil
	case err != nil:
		return result, "", fmt.Errorf("read the object that has the name: %w", err)
	case revision != 1:
		return result, "", nil
	}
	if err := json.Unmarshal(first.Result, &result); err != nil {
		return result, "", fmt.Errorf("read the undelivered result: %w", err)
	}
	return result, first.RunID, nil
}

// ConfirmDelivery records that a run of a client received the responses to all its requests: another run does not get them.
func (e *Engine) ConfirmDelivery(ctx context.Context, runID string) error {
	if !e.unconfirmed.Load() {
		return nil
	}
	err := e.store.Update(ctx, func(tx model.Tx) error { return tx.MarkRunDelivered(ctx, runID) }, model.RunKey(runID))
	if err != nil {
		return fmt.Errorf("confirm the delivery to run %s: %w", runID, err)
	}
	return nil
}
