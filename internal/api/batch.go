package api

import (
	"context"
	"net/http"
	"sync"
	"time"
)

// batchDelay is how long a request waits for others after a call that was shared. Terraform runs as many operations at a
// time as its parallelism: the callers of a shared call come back together. Without this wait, the first of them would start
// a call of its own while the others wait for it to return. The delay is short compared to a call over a network.
const batchDelay = 2 * time.Millisecond

// batch lets concurrent requests of the same kind share calls. A single request is sent at once. Requests that arrive during
// a call share the next one. A request never joins a call that started before it, so its result has everything that was
// written before it.
type batch[K, V any] struct {
	limit int
	// run returns one result for each key, in their order.
	run func(ctx context.Context, keys []K) ([]batchResult[V], error)

	mu      sync.Mutex
	busy    bool
	waiting []*batchRequest[K, V]
	// expected is the number of open requests when the last call returned: as many are likely to come back.
	expected int
	timer    *time.Timer
}

// batchResult is the result for one key of a batch.
type batchResult[V any] struct {
	value V
	err   error
	// repeat means that the call has no result for the key: the request waits for the next call.
	repeat bool
}

// batchRequest is the request of one caller.
type batchRequest[K, V any] struct {
	ctx  context.Context //nolint:containedctx // the call has the values of its first request's context
	key  K
	done chan batchResult[V]
	// leave is called when the caller stops waiting. It is nil while the request is not part of a call.
	leave func()
	// left reports that the caller has stopped waiting.
	left bool
}

// do returns the result for a key, or the context's error if that comes first.
func (b *batch[K, V]) do(ctx context.Context, key K) (V, error) {
	request := &batchRequest[K, V]{ctx: ctx, key: key, done: make(chan batchResult[V], 1)}
	b.mu.Lock()
	b.waiting = append(b.waiting, request)
	b.start(false)
	b.mu.Unlock()

	select {
	case result := <-request.done:
		return result.value, result.err
	case <-ctx.Done():
		b.cancel(request)
		var zero V
		return zero, context.Cause(ctx)
	}
}

// start starts a call for the waiting requests, unless a call is running or more requests are expected. The caller holds the
// lock.
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
	requests := b.waiting[:n:n]
	b.waiting = b.waiting[n:]
	b.busy = true

	ctx, cancel := context.WithCancel(context.WithoutCancel(requests[0].ctx))
	remaining := n
	for _, request := range requests {
		request.leave = func() { // the caller holds the lock
			if remaining--; remaining == 0 {
				cancel()
			}
		}
	}
	go func() {
		defer cancel()
		repeated := b.execute(ctx, requests)
		b.mu.Lock()
		defer b.mu.Unlock()
		b.busy = false
		b.expected = n - len(repeated)
		b.repeat(repeated)
		b.expected += len(b.waiting)
		b.start(false)
	}()
}

func (b *batch[K, V]) flush() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.timer = nil
	b.start(true)
}

// cancel removes the request of a caller that stopped waiting. A call without remaining callers is canceled.
func (b *batch[K, V]) cancel(request *batchRequest[K, V]) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if request.left = true; request.leave != nil {
		request.leave()
		return
	}
	for i, waiting := range b.waiting {
		if waiting == request {
			b.waiting = append(b.waiting[:i:i], b.waiting[i+1:]...)
			return
		}
	}
}

// repeat puts requests back to those that wait for a call, before all others. The caller holds the lock.
func (b *batch[K, V]) repeat(requests []*batchRequest[K, V]) {
	waiting := make([]*batchRequest[K, V], 0, len(requests)+len(b.waiting))
	for _, request := range requests {
		if request.leave = nil; !request.left {
			waiting = append(waiting, request)
		}
	}
	b.waiting = append(waiting, b.waiting...)
}

// execute runs one call, and returns the requests that wait for another one. If the call fails because of the content of a
// request, it runs one call for each request, so that no caller gets an error because of another caller's request.
func (b *batch[K, V]) execute(ctx context.Context, requests []*batchRequest[K, V]) (repeated []*batchRequest[K, V]) {
	keys := make([]K, len(requests))
	for i, request := range requests {
		keys[i] = request.key
	}
	results, err := b.run(ctx, keys)
	if err != nil && len(requests) > 1 && isContentError(err) {
		for _, request := range requests {
			repeated = append(repeated, b.execute(ctx, []*batchRequest[K, V]{request})...)
		}
		return repeated
	}
	for i, request := range requests {
		switch {
		case err != nil:
			request.done <- batchResult[V]{err: err}
		case results[i].repeat:
			repeated = append(repeated, request)
		default:
			request.done <- results[i]
		}
	}
	return repeated
}

// isContentError reports whether an error can be caused by the content of a request.
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
