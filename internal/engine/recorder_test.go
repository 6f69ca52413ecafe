package engine_test

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// ownClock is a store on which a test decides what the time is: the clock of the engine counts, not that of the database.
type ownClock struct{ model.Store }

type ownClockTx struct{ model.Tx }

func (ownClockTx) Now(_ context.Context, own time.Time) (time.Time, error) { return own, nil }

func (s ownClock) View(ctx context.Context, f func(model.Tx) error) error {
	return s.Store.View(ctx, func(tx model.Tx) error { return f(ownClockTx{tx}) })
}

func (s ownClock) Update(ctx context.Context, f func(model.Tx) error, keys ...model.WriteKey) error {
	return s.Store.Update(ctx, func(tx model.Tx) error { return f(ownClockTx{tx}) }, keys...)
}

// recorder is a store that records committed audit events and ended cycles.
type recorder struct {
	model.Store
	ends chan model.Cycle

	mu     sync.Mutex
	events []model.AuditEvent
	// written lists, for each committed transaction, whether it wrote credentials and tests.
	written []string
	// sealed and full make the store fail: it cannot open credentials, or store sync logs.
	sealed, full bool
	// beforeCycle is called before a new cycle is stored.
	beforeCycle func()
}

type recording struct {
	model.Tx
	store  *recorder
	events []model.AuditEvent
	ended  []model.Cycle
	wrote  string
}

func (r *recorder) View(ctx context.Context, f func(model.Tx) error) error {
	return r.Store.View(ctx, func(inner model.Tx) error { return f(&recording{Tx: inner, store: r}) })
}

func (r *recorder) Update(ctx context.Context, f func(model.Tx) error, keys ...model.WriteKey) error {
	var tx recording
	err := r.Store.Update(ctx, func(inner model.Tx) error {
		tx = recording{Tx: inner, store: r}
		return f(&tx)
	}, keys...)
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, tx.events...)
	if tx.wrote != "" {
		r.written = append(r.written, tx.wrote)
	}
	for _, c := range tx.ended {
		r.ends <- c
	}
	return nil
}

func (tx *recording) InsertAudit(ctx context.Context, e model.AuditEvent) error {
	tx.events = append(tx.events, e)
	return tx.Tx.InsertAudit(ctx, e)
}

func (tx *recording) InsertCycle(ctx context.Context, c model.Cycle) error {
	if tx.store.beforeCycle != nil {
		tx.store.beforeCycle()
	}
	return tx.Tx.InsertCycle(ctx, c)
}

func (tx *recording) SaveCycle(ctx context.Context, c model.Cycle) error {
	err := tx.Tx.SaveCycle(ctx, c)
	if err == nil && c.State != model.CycleRunning {
		tx.ended = append(tx.ended, c)
	}
	return err
}

func (tx *recording) PutCredentials(ctx context.Context, b model.Binding, c target.Credentials) error {
	tx.wrote += "credentials "
	return tx.Tx.PutCredentials(ctx, b, c)
}

func (tx *recording) InsertTest(ctx context.Context, r model.TestResult, keep int) error {
	tx.wrote += "test "
	return tx.Tx.InsertTest(ctx, r, keep)
}

func (tx *recording) Credentials(ctx context.Context, b model.Binding) (target.Credentials, error) {
	if tx.store.isSet(&tx.store.sealed) {
		return nil, model.ErrSealed
	}
	return tx.Tx.Credentials(ctx, b)
}

func (tx *recording) InsertSyncLogs(ctx context.Context, logs []model.SyncLog) error {
	if tx.store.isSet(&tx.store.full) {
		return errors.New("database or disk is full")
	}
	return tx.Tx.InsertSyncLogs(ctx, logs)
}

func (r *recorder) isSet(broken *bool) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return *broken
}

func (r *recorder) set(broken *bool, to bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	*broken = to
}

// outcomes returns action and outcome of the audit events so far.
func (r *recorder) outcomes() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := make([]string, len(r.events))
	for i, e := range r.events {
		all[i] = e.Action + " " + e.Outcome
	}
	return all
}

func (r *recorder) lastEvent() model.AuditEvent {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.events) == 0 {
		return model.AuditEvent{}
	}
	return r.events[len(r.events)-1]
}
