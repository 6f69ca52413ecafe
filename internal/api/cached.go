package api

import (
	"context"
	"sync"
	"sync/atomic"
)

// cached is an answer that never changes while the process lives: fetched once, by whoever asks first. Errors are
// not remembered.
type cached[T any] struct {
	fetch func(ctx context.Context) (T, error)

	init  sync.Once
	calls batch[struct{}, T]
	value atomic.Pointer[T]
}

func (r *cached[T]) get(ctx context.Context) (T, error) {
	if value := r.value.Load(); value != nil {
		return *value, nil
	}
	r.init.Do(func() { r.calls.limit, r.calls.run = maxBatch, r.fetchOnce })
	return r.calls.do(ctx, struct{}{})
}

// fetchOnce runs one at a time: the batch makes sure.
func (r *cached[T]) fetchOnce(ctx context.Context, keys []struct{}) ([]response[T], error) {
	value := r.value.Load()
	if value == nil {
		fetched, err := r.fetch(ctx)
		if err != nil {
			return nil, err
		}
		value = &fetched
		r.value.Store(value)
	}
	answers := make([]response[T], len(keys))
	for i := range answers {
		answers[i].value = *value
	}
	return answers, nil
}
