package api

import (
	"context"
	"sync"
	"sync/atomic"
)

// cached is a value that does not change while the process runs. The first call fetches it. Errors are not cached.
type cached[T any] struct {
	fetch func(ctx context.Context) (T, error)

	init  sync.Once
	calls batch[struct{}, T]
	value atomic.Pointer[T]
}

func (c *cached[T]) get(ctx context.Context) (T, error) {
	if value := c.value.Load(); value != nil {
		return *value, nil
	}
	c.init.Do(func() { c.calls.limit, c.calls.run = MaxIDs, c.fetchOnce })
	return c.calls.do(ctx, struct{}{})
}

// fetchOnce fetches the value, unless it is there. The batch runs one call at a time.
func (c *cached[T]) fetchOnce(ctx context.Context, keys []struct{}) ([]batchResult[T], error) {
	value := c.value.Load()
	if value == nil {
		fetched, err := c.fetch(ctx)
		if err != nil {
			return nil, err
		}
		value = &fetched
		c.value.Store(value)
	}
	results := make([]batchResult[T], len(keys))
	for i := range results {
		results[i].value = *value
	}
	return results, nil
}
