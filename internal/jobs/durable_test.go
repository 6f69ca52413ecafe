package jobs_test

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/jobs"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
)

// sliceRunner passes slices on to the test.
type sliceRunner struct {
	ran chan engine.Slice
	// during is called while a slice runs; nil does nothing.
	during func(ctx context.Context, s engine.Slice) error
	looked chan struct{}
}

func newSliceRunner() *sliceRunner {
	return &sliceRunner{ran: make(chan engine.Slice, 64), looked: make(chan struct{}, 64)}
}

func (r *sliceRunner) RunSlice(ctx context.Context, s engine.Slice) error {
	r.ran <- s
	if r.during == nil {
		return nil
	}
	return r.during(ctx, s)
}

func (r *sliceRunner) ContinueCycles(context.Context) error {
	r.looked <- struct{}{}
	return nil
}

// durable is a queue on a store, with what runs its slices.
type durable struct {
	jobs.DurableQueue
	*sliceRunner
	store *store.Store
}

// start starts a queue, which is closed at the end of the test.
func start(t *testing.T, s *store.Store, during func(ctx context.Context, s engine.Slice) error) *durable {
	t.Helper()
	q := &durable{sliceRunner: newSliceRunner(), store: s}
	q.during = during
	if db, _ := s.QueueDB(); db != nil {
		q.DurableQueue = jobs.NewRiver(s, slog.New(slog.DiscardHandler))
	} else {
		q.DurableQueue = jobs.NewSliceWorker(slog.New(slog.DiscardHandler))
	}
	if err := q.Start(t.Context(), q.sliceRunner); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := q.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return q
}

// enqueue enqueues a slice in a transaction of its own, which ends with an error of the caller's.
func (q *durable) enqueue(t *testing.T, c model.Cycle, then error) {
	t.Helper()
	err := q.store.Update(t.Context(), func(tx model.Tx) error {
		return errors.Join(q.Enqueue(t.Context(), tx, c), then)
	})
	if !errors.Is(err, then) {
		t.Fatal(err)
	}
}

// next is the slice that ran next.
func (q *durable) next(t *testing.T) engine.Slice {
	t.Helper()
	return receive(t, q.ran)
}

func receive[T any](t *testing.T, from <-chan T) (value T) {
	t.Helper()
	timeout := time.NewTimer(time.Minute)
	defer timeout.Stop()
	select {
	case value = <-from:
	case <-timeout.C:
		t.Fatal("nothing for a minute")
	}
	return value
}

func eachDurable(t *testing.T, run func(*testing.T, *store.Store)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, d storetest.Database) { run(t, d.Open(t, nil)) })
}

var errAborted = errors.New("aborted")

func TestSliceRunsIfItsTransactionIsCommitted(t *testing.T) {
	t.Parallel()
	eachDurable(t, func(t *testing.T, s *store.Store) {
		q := start(t, s, nil)
		q.enqueue(t, model.Cycle{ID: "dropped", PolicyID: "p"}, errAborted)
		q.enqueue(t, model.Cycle{ID: "kept", PolicyID: "p", Epoch: 7}, nil)
		if got := q.next(t); got.CycleID != "kept" || got.Epoch != 7 {
			t.Errorf("ran %+v", got)
		}
		if err := q.Close(t.Context()); err != nil || len(q.ran) != 0 {
			t.Errorf("%v, %d more ran", err, len(q.ran))
		}
	})
}

// A slice that runs enqueues the next one of the same policy.
func TestSliceEnqueuesTheNext(t *testing.T) {
	t.Parallel()
	eachDurable(t, func(t *testing.T, s *store.Store) {
		var q *durable
		q = start(t, s, func(ctx context.Context, slice engine.Slice) error {
			if slice.Epoch == 3 {
				return nil
			}
			return s.Update(ctx, func(tx model.Tx) error {
				return q.Enqueue(ctx, tx, model.Cycle{ID: slice.CycleID, PolicyID: "p", Epoch: slice.Epoch + 1})
			})
		})
		q.enqueue(t, model.Cycle{ID: "c", PolicyID: "p"}, nil)
		for epoch := range int64(4) {
			if got := q.next(t); got.Epoch != epoch {
				t.Errorf("got %+v, want the epoch %d", got, epoch)
			}
		}
	})
}

func TestDrainedQueueStopsItsSlices(t *testing.T) {
	t.Parallel()
	eachDurable(t, func(t *testing.T, s *store.Store) {
		q := start(t, s, func(ctx context.Context, slice engine.Slice) error {
			select {
			case <-slice.Stop:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
		q.enqueue(t, model.Cycle{ID: "c", PolicyID: "p"}, nil)
		q.next(t)
		q.Drain()
		if err := q.Close(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// A slice that does not stop is canceled when half of a short time is over.
func TestClosedQueueCancelsItsSlices(t *testing.T) {
	t.Parallel()
	eachDurable(t, func(t *testing.T, s *store.Store) {
		var canceled atomic.Bool
		q := start(t, s, func(ctx context.Context, _ engine.Slice) error {
			<-ctx.Done()
			canceled.Store(true)
			return nil
		})
		q.enqueue(t, model.Cycle{ID: "c", PolicyID: "p"}, nil)
		q.next(t)
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		if err := q.Close(ctx); err != nil || !canceled.Load() {
			t.Errorf("%v, canceled: %t", err, canceled.Load())
		}
	})
}

func TestWatchLooksAtOnceAndUntilItIsClosed(t *testing.T) {
	t.Parallel()
	r := newSliceRunner()
	w := jobs.StartWatch(r, slog.New(slog.DiscardHandler))
	receive(t, r.looked)
	w.Close()
	if len(r.looked) != 0 {
		t.Error("looked again at once")
	}
}
