package engine

import (
	"context"
	"sync"
)

// keyedMutex lets one at a time pass per key. Its zero value is ready to use.
type keyedMutex struct {
	mu    sync.Mutex
	locks map[any]*keyLock
}

type keyLock struct {
	held chan struct{}
	// refs counts who holds or awaits the turn, so that idle keys are forgotten.
	refs int
}

// lock waits for the turn, or until the context ends. Whoever entered must leave.
func (t *keyedMutex) lock(ctx context.Context, key any) (leave func(), err error) {
	q := t.acquire(key)
	select {
	case q.held <- struct{}{}:
		return func() { <-q.held; t.release(key, q) }, nil
	case <-ctx.Done():
		t.release(key, q)
		return nil, ctx.Err()
	}
}

func (t *keyedMutex) acquire(key any) *keyLock {
	t.mu.Lock()
	defer t.mu.Unlock()
	q, ok := t.locks[key]
	if !ok {
		if t.locks == nil {
			t.locks = map[any]*keyLock{}
		}
		q = &keyLock{held: make(chan struct{}, 1)}
		t.locks[key] = q
	}
	q.refs++
	return q
}

func (t *keyedMutex) release(key any, q *keyLock) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if q.refs--; q.refs == 0 {
		delete(t.locks, key)
	}
}
