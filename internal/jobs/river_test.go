package jobs_test

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/jobs"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/postgrestest"
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

// Several processes share the queue. One that stops leaves what waits to the others.
func TestQueueIsSharedByProcesses(t *testing.T) {
	t.Parallel()
	d := storetest.PostgreSQL(t)
	first, second := start(t, d.Open(t, nil), nil), start(t, d.Open(t, nil), nil)
	if err := first.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	first.enqueue(t, model.Cycle{ID: "c", PolicyID: "p"}, nil)
	if got := second.next(t); got.CycleID != "c" {
		t.Errorf("ran %+v", got)
	}
}

// The same slice waits only once, while that of another epoch or policy waits beside it.
func TestSliceWaitsOnce(t *testing.T) {
	t.Parallel()
	s := storetest.PostgreSQL(t).Open(t, nil)
	release := make(chan struct{})
	q := start(t, s, func(ctx context.Context, _ engine.Slice) error {
		select {
		case <-release:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	one := model.Cycle{ID: "c", PolicyID: "p", Epoch: 1}
	q.enqueue(t, one, nil)
	q.enqueue(t, one, nil)
	q.next(t)
	q.enqueue(t, one, nil) // while it runs, as in a process that was killed
	if n := count(t, s, `SELECT COUNT(*) FROM river_job`); n != 1 {
		t.Errorf("%d jobs, want one", n)
	}
	q.enqueue(t, model.Cycle{ID: "c", PolicyID: "p", Epoch: 2}, nil)
	q.enqueue(t, model.Cycle{ID: "d", PolicyID: "q", Epoch: 1}, nil)
	if n := count(t, s, `SELECT COUNT(*) FROM river_job`); n != 3 {
		t.Errorf("%d jobs, want three", n)
	}
	q.next(t)
	q.next(t)
	close(release)
}

// A process that runs has fewer rights than one that migrates: it owns nothing.
func TestQueueRunsWithTheRightsOfRunningProcesses(t *testing.T) {
	t.Parallel()
	const role = "riva_queue_test"
	d := storetest.At(t, postgrestest.New(t))
	admin, _ := d.Open(t, nil).QueueDB()
	statements := []string{"DROP ROLE IF EXISTS " + role, "CREATE ROLE " + role + " LOGIN"}
	for _, grant := range store.Grants() {
		statements = append(statements, strings.ReplaceAll(grant, store.RunRole, role))
	}
	for _, statement := range statements {
		if _, err := admin.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	t.Cleanup(func() {
		_, err := admin.ExecContext(context.Background(), "DROP OWNED BY "+role+"; DROP ROLE "+role)
		if err != nil {
			t.Error(err)
		}
	})
	address, err := url.Parse(d.Address)
	if err != nil {
		t.Fatal(err)
	}
	settings := address.Query()
	settings.Set("user", role)
	address.RawQuery = settings.Encode()
	keyset, err := store.ParseKeyset(d.Keyset)
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.OpenPostgres(t.Context(), address.String(), keyset, nil, store.PostgresOptions{Connections: 4})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	var log strings.Builder
	q := &durable{
		DurableQueue: jobs.NewRiver(s, slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelWarn}))),
		sliceRunner:  newSliceRunner(), store: s,
	}
	if err := q.Start(t.Context(), q.sliceRunner); err != nil {
		t.Fatal(err)
	}
	q.enqueue(t, model.Cycle{ID: "c", PolicyID: "p"}, nil)
	q.next(t)
	if err := q.Close(t.Context()); err != nil || log.Len() != 0 {
		t.Errorf("%v, the log: %s", err, log.String())
	}
}

// A job can end without its cycle, for example if a process stops at the wrong moment. The cycle goes on all the same.
func TestSliceCanBeEnqueuedAgainAfterItsJob(t *testing.T) {
	t.Parallel()
	s := storetest.PostgreSQL(t).Open(t, nil)
	q := start(t, s, nil)
	one := model.Cycle{ID: "c", PolicyID: "p", Epoch: 1}
	for range 2 {
		q.enqueue(t, one, nil)
		q.next(t)
		tick, timeout := time.NewTicker(10*time.Millisecond), time.NewTimer(time.Minute)
		for count(t, s, `SELECT COUNT(*) FROM river_job WHERE state <> 'completed'`) > 0 {
			select {
			case <-tick.C:
			case <-timeout.C:
				t.Fatal("the job is not completed after a minute")
			}
		}
	}
}

func TestQueueGoesOnAfterRestartOfTheServer(t *testing.T) {
	t.Parallel()
	cluster := postgrestest.Start(t)
	q := start(t, storetest.At(t, cluster.Address("postgres")).Open(t, nil), nil)
	q.enqueue(t, model.Cycle{ID: "before", PolicyID: "p"}, nil)
	q.next(t)
	if err := cluster.Restart("immediate"); err != nil {
		t.Fatal(err)
	}
	after := func() error {
		return q.store.Update(t.Context(), func(tx model.Tx) error {
			return q.Enqueue(t.Context(), tx, model.Cycle{ID: "after", PolicyID: "q"})
		})
	}
	for range 8 { // each connection of before fails once
		if err := after(); err == nil {
			break
		}
	}
	if got := q.next(t); got.CycleID != "after" {
		t.Errorf("ran %+v", got)
	}
}

// Behind a connection pooler, nothing is prepared.
func TestQueueRunsWithoutPreparedStatements(t *testing.T) {
	t.Parallel()
	d := storetest.PostgreSQL(t)
	d.Address += "&default_query_exec_mode=exec"
	q := start(t, d.Open(t, nil), nil)
	q.enqueue(t, model.Cycle{ID: "c", PolicyID: "p", Epoch: 7}, nil)
	q.enqueue(t, model.Cycle{ID: "c", PolicyID: "p", Epoch: 7}, nil)
	if got := q.next(t); got.CycleID != "c" || got.Epoch != 7 {
		t.Errorf("ran %+v", got)
	}
}

func count(t *testing.T, s *store.Store, query string) (n int) {
	t.Helper()
	db, _ := s.QueueDB()
	if err := db.QueryRowContext(t.Context(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// Only a database that does not answer makes a slice fail, and it is tried again soon. A cycle that another process has is done.
func TestFailedSliceIsTriedAgain(t *testing.T) {
	t.Parallel()
	s := storetest.PostgreSQL(t).Open(t, nil)
	var failed atomic.Bool
	q := start(t, s, func(_ context.Context, slice engine.Slice) error {
		if slice.CycleID == "lost" {
			return model.ErrCycleLost
		}
		if failed.CompareAndSwap(false, true) {
			return errAborted
		}
		return nil
	})
	q.enqueue(t, model.Cycle{ID: "lost", PolicyID: "p"}, nil)
	q.next(t)
	q.enqueue(t, model.Cycle{ID: "failing", PolicyID: "q"}, nil)
	for range 2 {
		if got := q.next(t); got.CycleID != "failing" {
			t.Errorf("ran %+v", got)
		}
	}
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
