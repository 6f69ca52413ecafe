package engine

import (
	"context"
	"sync"
)

// turnstile lets one at a time pass per key. Its zero value is ready to use.
type turnstile struct {
	mu     sync.Mutex
	queues map[any]*queue
}

type queue struct {
	turn chan struct{}
	// users counts who holds or awaits the turn, so that idle keys are forgotten.
	users int
}

// enter waits for the turn, or until the context ends. Whoever entered must leave.
func (t *turnstile) enter(ctx context.Context, key any) (leave func(), err error) {
	q := t.join(key)
	select {
	case q.turn <- struct{}{}:
		return func() { <-q.turn; t.part(key, q) }, nil
	case <-ctx.Done():
		t.part(key, q)
		return nil, ctx.Err()
	}
}

func (t *turnstile) join(key any) *queue {
	t.mu.Lock()
	defer t.mu.Unlock()
	q, ok := t.queues[key]
	if !ok {
		if t.queues == nil {
			t.queues = map[any]*queue{}
		}
		q = &queue{turn: make(chan struct{}, 1)}
		t.queues[key] = q
	}
	q.users++
	return q
}

func (t *turnstile) part(key any, q *queue) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if q.users--; q.users == 0 {
		delete(t.queues, key)
	}
}
