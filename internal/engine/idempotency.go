package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// findRepeat finds the first result of the caller's request. Mutations call it before everything else: a repeated request must
// not be judged by what the first one changed, or by what has changed since.
func findRepeat[T any](ctx context.Context, e *Engine, tx model.Tx) (result T, found bool, err error) {
	caller := CallerFrom(ctx)
	if caller.IdempotencyKey == "" {
		return result, false, nil
	}
	first, err := tx.IdempotencyRecord(ctx, caller.owner(), caller.IdempotencyKey)
	switch {
	case errors.Is(err, model.ErrNotFound):
		return result, false, nil
	case err != nil:
		return result, false, fmt.Errorf("find the first result: %w", err)
	}
	now, err := e.leaseClock(ctx, tx)
	switch {
	case err != nil:
		return result, false, err
	case first.At.Before(now.Add(-api.IdempotencyPeriod)), first.At.After(now.Add(model.MaxClockSkew)):
		return result, false, nil
	case !bytes.Equal(first.Digest, caller.RequestDigest):
		return result, false, model.ErrIdempotencyKey
	}
	if err := json.Unmarshal(first.Result, &result); err != nil {
		return result, false, fmt.Errorf("read the first result: %w", err)
	}
	return result, true, nil
}

// runOnce runs a mutation and stores its result in one transaction. For a repeated request it returns the first result. The keys
// are those of what the mutation writes; without keys it runs alone.
func runOnce[T any](ctx context.Context, e *Engine, mutate func(model.Tx) (T, error), keys ...model.WriteKey) (T, error) {
	return runOnceFor(ctx, e, func(T) string { return "" }, mutate, keys...)
}

// runOnceFor is runOnce for a mutation that creates an object. createdID returns the id of the object.
func runOnceFor[T any](
	ctx context.Context, e *Engine, createdID func(T) string, mutate func(model.Tx) (T, error), keys ...model.WriteKey,
) (T, error) {
	if caller := CallerFrom(ctx); len(keys) > 0 && caller.IdempotencyKey != "" {
		keys = append(slices.Clone(keys), model.RequestKey(caller.owner(), caller.IdempotencyKey))
	}
	var result T
	err := e.store.Update(ctx, func(tx model.Tx) error {
		first, found, err := findRepeat[T](ctx, e, tx)
		if err != nil || found {
			result = first
			return err
		}
		if result, err = mutate(tx); err != nil {
			return err
		}
		return saveResult(ctx, e, tx, result, createdID(result))
	}, keys...)
	return result, err
}

func saveResult[T any](ctx context.Context, e *Engine, tx model.Tx, result T, createdID string) error {
	caller := CallerFrom(ctx)
	if caller.IdempotencyKey == "" {
		return nil
	}
	body, err := json.Marshal(result)
	if err != nil {
		return fmt.Errorf("encode the result: %w", err)
	}
	now, err := e.leaseClock(ctx, tx)
	if err != nil {
		return err
	}
	record := model.IdempotencyRecord{
		Caller: caller.owner(), Key: caller.IdempotencyKey, Digest: caller.RequestDigest, Result: body, At: now,
	}
	if createdID != "" && caller.RunID != "" {
		record.RunID, record.ObjectID = caller.RunID, createdID
	}
	return tx.InsertIdempotencyRecord(ctx, record, now.Add(-api.IdempotencyPeriod))
}
