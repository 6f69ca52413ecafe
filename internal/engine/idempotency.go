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

// findRepeat finds the first answer to the caller's request. Mutations ask it before anything else, so that a repeat is
// judged neither by what the first did nor by what happened since.
func findRepeat[T any](ctx context.Context, e *Engine, tx model.Tx) (answer T, found bool, err error) {
	caller := CallerFrom(ctx)
	if caller.IdempotencyKey == "" {
		return answer, false, nil
	}
	first, err := tx.IdempotencyRecord(ctx, caller.Name, caller.IdempotencyKey)
	switch {
	case errors.Is(err, model.ErrNotFound):
		return answer, false, nil
	case err != nil:
		return answer, false, fmt.Errorf("look for an earlier answer: %w", err)
	case first.At.Before(e.clock().Add(-api.IdempotencyPeriod)):
		return answer, false, nil
	case !bytes.Equal(first.Digest, caller.RequestDigest):
		return answer, false, model.ErrIdempotencyKey
	}
	if err := json.Unmarshal(first.Result, &answer); err != nil {
		return answer, false, fmt.Errorf("read an earlier answer: %w", err)
	}
	return answer, true, nil
}

// runOnce writes a mutation and its answer in one transaction, or answers a repeat of it.
func runOnce[T any](ctx context.Context, e *Engine, mutate func(model.Tx) (T, error)) (T, error) {
	var answer T
	err := e.store.Update(ctx, func(tx model.Tx) error {
		first, found, err := findRepeat[T](ctx, e, tx)
		if err != nil || found {
			answer = first
			return err
		}
		if answer, err = mutate(tx); err != nil {
			return err
		}
		return saveResult(ctx, e, tx, answer)
	})
	return answer, err
}

func saveResult[T any](ctx context.Context, e *Engine, tx model.Tx, answer T) error {
	caller := CallerFrom(ctx)
	if caller.IdempotencyKey == "" {
		return nil
	}
	body, err := json.Marshal(answer)
	if err != nil {
		return fmt.Errorf("write down the answer: %w", err)
	}
	now := e.clock()
	return tx.InsertIdempotencyRecord(ctx, model.IdempotencyRecord{
		Caller: caller.Name, Key: caller.IdempotencyKey, Digest: caller.RequestDigest, Result: body, At: now,
	}, now.Add(-api.IdempotencyPeriod))
}
