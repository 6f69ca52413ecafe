package jobs_test

import (
	"context"
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
