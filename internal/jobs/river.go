package jobs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/rivertype"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

const (
	// jobTimeout is more than a slice takes, so that it ends only slices that do not end by themselves.
	jobTimeout = 6 * time.Minute
	// rescueAfter is when River hands out the job of a killed process once more. The cycle was continued by then, and the job has an
	// epoch that is out of date. It must be more than jobTimeout.
	rescueAfter = 7 * time.Minute
	// fetchPoll is the time between two looks for jobs. Nothing listens for notifications: connection poolers do not pass them on.
	fetchPoll = 250 * time.Millisecond
	// retryAfter is when a job is tried again that the database did not let begin.
	retryAfter = 5 * time.Second
	// keepJobs is for how long finished jobs stay in the database, for those who look into it.
	keepJobs = time.Hour

	softStopTime = 25 * time.Second
	hardStopTime = 5 * time.Second
)

// QueueStore is a store with the tables of River.
type QueueStore interface {
	// QueueDB returns the connections of the queue, and the schema of its tables; nil for a store without a server.
	QueueDB() (db *sql.DB, schema string)
	// InSQLTx runs f in a transaction of the store.
	InSQLTx(ctx context.Context, t model.Tx, f func(*sql.Tx) error) error
}

// River is a queue in a PostgreSQL database, for any number of processes. A job is inserted in the transaction that writes the
// cycle, so there is never one without the other.
type River struct {
	store  QueueStore
	log    *slog.Logger
	client *river.Client[*sql.Tx]

	drain func()
	// stopping is closed by drain; stopped is closed when everything has stopped.
	stopping, stopped chan struct{}
}

var _ DurableQueue = (*River)(nil)

// NewRiver makes a queue in the database of a store.
func NewRiver(store QueueStore, log *slog.Logger) *River {
	r := &River{store: store, log: log, stopping: make(chan struct{}), stopped: make(chan struct{})}
	r.drain = sync.OnceFunc(r.stopClient)
	return r
}

// sliceArgs are what a job needs to know. A policy has at most one running cycle, which has one epoch at a time: the two together
// are unique, so that a slice is not enqueued twice, and the job of a process that was killed does not keep the next one out.
type sliceArgs struct {
	CycleID  string `json:"cycle_id"`
	PolicyID string `json:"policy_id" river:"unique"`
	Epoch    int64  `json:"epoch"     river:"unique"`
}

// Kind names the jobs in the database.
func (sliceArgs) Kind() string { return "cycle_slice" }

// InsertOpts makes a job unique in the five states that are not final. River's default counts completed jobs as well: then a
// slice whose job ended without it could not be enqueued again.
func (sliceArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{UniqueOpts: river.UniqueOpts{ByArgs: true, ByState: []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable, rivertype.JobStateRunning,
		rivertype.JobStateScheduled,
	}}}
}

// Start begins to hand out jobs.
func (r *River) Start(ctx context.Context, runner SliceRunner) error {
	db, schema := r.store.QueueDB()
	workers := river.NewWorkers()
	if err := river.AddWorkerSafely(workers, &sliceWorker{runner: runner, log: r.log, stopping: r.stopping}); err != nil {
		return fmt.Errorf("start the queue of cycles: %w", err)
	}
	client, err := river.NewClient(riverdatabasesql.New(db), &river.Config{
		Schema: schema, Workers: workers, Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: maxRunning}},
		JobTimeout: jobTimeout, RescueStuckJobsAfter: rescueAfter, SoftStopTimeout: softStopTime,
		PollOnly: true, FetchPollInterval: fetchPoll, CompletedJobRetentionPeriod: keepJobs, CancelledJobRetentionPeriod: keepJobs,
		DiscardedJobRetentionPeriod: keepJobs,
		ReindexerIndexNames:         []string{}, // only the owner of an index may do that, which a process that runs is not
		Logger:                      slog.New(queueLog{r.log.Handler()}).With("component", "queue"),
	})
	if err != nil {
		return fmt.Errorf("start the queue of cycles: %w", err)
	}
	r.client = client // before the first job, which enqueues the next one
	if err := client.Start(context.WithoutCancel(ctx)); err != nil {
		r.client = nil
		return fmt.Errorf("start the queue of cycles: %w", err)
	}
	return nil
}

// Enqueue inserts a job in the transaction. One that is there already is not inserted again.
func (r *River) Enqueue(ctx context.Context, tx model.Tx, c model.Cycle) error {
	if r.client == nil {
		return engine.ErrClosing
	}
	return r.store.InSQLTx(ctx, tx, func(own *sql.Tx) error {
		if _, err := r.client.InsertTx(ctx, own, sliceArgs{CycleID: c.ID, PolicyID: c.PolicyID, Epoch: c.Epoch}, nil); err != nil {
			return fmt.Errorf("insert a job: %w", err)
		}
		return nil
	})
}

// Drain hands out no more jobs here. Other processes do.
func (r *River) Drain() { r.drain() }

// stopClient lets slices stop by themselves for 25 seconds.
func (r *River) stopClient() {
	close(r.stopping)
	if r.client == nil {
		close(r.stopped)
		return
	}
	go func() {
		defer close(r.stopped)
		_ = r.client.Stop(context.Background()) // without an end of the context, it has no error
	}()
}

// Close waits for the slices that run here, and hands them over to other processes if that takes too long.
func (r *River) Close(ctx context.Context) error {
	r.Drain()
	soft, cancel := softStop(ctx)
	defer cancel()
	select {
	case <-r.stopped:
		return nil
	case <-soft.Done():
	}
	if err := r.client.StopAndCancel(ctx); err != nil {
		return fmt.Errorf("wait for running cycles to stop: %w", err)
	}
	select {
	case <-r.stopped:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait for running cycles to stop: %w", ctx.Err())
	}
}

// softStop is the part of the time to stop in which nothing is canceled.
func softStop(ctx context.Context) (context.Context, context.CancelFunc) {
	end, ok := ctx.Deadline()
	if !ok {
		return context.WithTimeout(ctx, softStopTime)
	}
	return context.WithDeadline(ctx, end.Add(-min(hardStopTime, time.Until(end)/2)))
}

// sliceWorker runs jobs.
type sliceWorker struct {
	river.WorkerDefaults[sliceArgs]

	runner   SliceRunner
	log      *slog.Logger
	stopping <-chan struct{}
}

// Work runs a slice. A job whose cycle somebody else has is done.
func (w *sliceWorker) Work(ctx context.Context, job *river.Job[sliceArgs]) error {
	err := w.runner.RunSlice(ctx, engine.Slice{CycleID: job.Args.CycleID, Epoch: job.Args.Epoch, Stop: w.stopping})
	if errors.Is(err, model.ErrCycleLost) || errors.Is(err, model.ErrNotFound) {
		w.log.WarnContext(ctx, "cycle stopped: another process has it, or it was ended", "cycle", job.Args.CycleID,
			"policy", job.Args.PolicyID, "epoch", job.Args.Epoch)
		return nil
	}
	return err
}

// NextRetry is soon: what fails is the database.
func (*sliceWorker) NextRetry(*river.Job[sliceArgs]) time.Time { return time.Now().Add(retryAfter) }
