package api

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// maxBatch is how many reads or comparisons share one call at most.
const maxBatch = 100

// batchDelay is how long a call waits for company after one that was shared. Terraform asks in step with its
// parallelism: the callers of a shared call come back together, and without this wait the first to come back would
// leave alone while the others wait for it to return. It is nothing beside a call over a network.
const batchDelay = 2 * time.Millisecond

// batch lets concurrent questions of the same sort share calls. A lone question goes at once; those that arrive while its
// call is under way share the next one. A question never joins a call that began before it was asked, so
// what was written before a question is in its answer.
type batch[K, V any] struct {
	limit int
	// run answers the keys, one answer a key, in their order.
	run func(ctx context.Context, keys []K) ([]response[V], error)

	mu      sync.Mutex
	busy    bool
	waiting []*batchRequest[K, V]
	// expected is how many questions were open when the last call returned; so many are likely to come back.
	expected int
	timer    *time.Timer
}

// response is what one key of a batch got.
type response[V any] struct {
	value V
	err   error
}

// batchRequest is one caller's share of a batch.
type batchRequest[K, V any] struct {
	ctx  context.Context //nolint:containedctx // the call carries the values of its first question's context
	key  K
	done chan response[V]
	// leave is called when the caller stops waiting; set once the question is under way.
	leave func()
}

// do returns the answer for a key, or the context's error if that comes first.
func (b *batch[K, V]) do(ctx context.Context, key K) (V, error) {
	q := &batchRequest[K, V]{ctx: ctx, key: key, done: make(chan response[V], 1)}
	b.mu.Lock()
	b.waiting = append(b.waiting, q)
	b.start(false)
	b.mu.Unlock()

	select {
	case a := <-q.done:
		return a.value, a.err
	case <-ctx.Done():
		b.cancel(q)
		var none V
		return none, ctx.Err()
	}
}

// start sends what is waiting, if no call is under way and there is no reason to wait for more. The caller holds the lock.
func (b *batch[K, V]) start(now bool) {
	if b.busy || len(b.waiting) == 0 {
		return
	}
	if !now && len(b.waiting) < min(b.expected, b.limit) {
		if b.timer == nil {
			b.timer = time.AfterFunc(batchDelay, b.flush)
		}
		return
	}
	if b.timer != nil {
		b.timer.Stop()
		b.timer = nil
	}
	n := min(len(b.waiting), b.limit)
	questions := b.waiting[:n:n]
	b.waiting = b.waiting[n:]
	b.busy = true

	ctx, cancel := context.WithCancel(context.WithoutCancel(questions[0].ctx))
	staying := n
	for _, q := range questions {
		q.leave = func() { // under the lock
			if staying--; staying == 0 {
				cancel()
			}
		}
	}
	go func() {
		defer cancel()
		b.execute(ctx, questions)
		b.mu.Lock()
		defer b.mu.Unlock()
		b.busy = false
		b.expected = n + len(b.waiting)
		b.start(false)
	}()
}

func (b *batch[K, V]) flush() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.timer = nil
	b.start(true)
}

// cancel takes a question out whose caller has gone. A call that nobody waits for is cancelled.
func (b *batch[K, V]) cancel(q *batchRequest[K, V]) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if q.leave != nil {
		q.leave()
		return
	}
	for i, waiting := range b.waiting {
		if waiting == q {
			b.waiting = append(b.waiting[:i:i], b.waiting[i+1:]...)
			return
		}
	}
}

// execute runs one call. If it is refused for what one of the questions holds, each is asked alone: nobody fails for
// another one's mistake.
func (b *batch[K, V]) execute(ctx context.Context, questions []*batchRequest[K, V]) {
	keys := make([]K, len(questions))
	for i, q := range questions {
		keys[i] = q.key
	}
	answers, err := b.run(ctx, keys)
	if err != nil && len(questions) > 1 && isContentError(err) {
		for _, q := range questions {
			b.execute(ctx, []*batchRequest[K, V]{q})
		}
		return
	}
	for i, q := range questions {
		if err != nil {
			q.done <- response[V]{err: err}
			continue
		}
		q.done <- answers[i]
	}
}

func isContentError(err error) bool {
	p, ok := AsProblem(err)
	if !ok {
		return false
	}
	switch p.Status {
	case http.StatusBadRequest, http.StatusNotFound, http.StatusConflict, http.StatusRequestEntityTooLarge,
		http.StatusRequestURITooLong, http.StatusUnprocessableEntity, http.StatusInternalServerError:
		return true
	}
	return false
}
