package engine_test

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// fixture is an engine on a real store, between a fake email system and a fake CRM.
type fixture struct {
	*engine.Engine
	t     *testing.T
	ctx   context.Context
	mail  *fake
	crm   *fake
	clock *clock
	store *recorder
}

func newFixture(t *testing.T, options ...func(*engine.Options)) *fixture {
	t.Helper()
	dir := t.TempDir()
	keyset, _, err := store.OpenKeyset(filepath.Join(dir, "keyset.json"))
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.OpenSQLite(t.Context(), filepath.Join(dir, "riva.db"), keyset)
	if err != nil {
		t.Fatal(err)
	}
	w := &fixture{
		t: t, mail: newFake("mailer", target.Email), crm: newFake("sales", target.CRM),
		clock: &clock{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)},
		store: &recorder{Store: db, ends: make(chan model.Cycle, 16)},
	}
	w.ctx = engine.WithCaller(t.Context(), engine.Caller{Name: "pipeline", RequestID: "request-1"})
	o := engine.Options{Systems: []*target.System{w.crm.System, w.mail.System}, Now: w.clock.Now}
	for _, option := range options {
		option(&o)
	}
	w.Engine = engine.New(w.store, o)
	t.Cleanup(func() {
		if err := w.Close(context.Background()); err != nil {
			t.Error(err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// clock stands still until it is moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// recorder is a store that shows the audit events that were committed, and cycles that ended.
type recorder struct {
	model.Store
	ends chan model.Cycle

	mu     sync.Mutex
	events []model.AuditEvent
	// written lists, for each transaction that was committed, what of credentials and tests it wrote.
	written []string
	// sealed and full make the store fail: it cannot open credentials, or keep sync logs.
	sealed, full bool
	// beforeCycle is called before a cycle is written down for the first time.
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

func (r *recorder) Update(ctx context.Context, f func(model.Tx) error) error {
	var tx recording
	err := r.Store.Update(ctx, func(inner model.Tx) error {
		tx = recording{Tx: inner, store: r}
		return f(&tx)
	})
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

func (tx *recording) UpdateCycle(ctx context.Context, c model.Cycle) error {
	if c.State != model.CycleRunning {
		tx.ended = append(tx.ended, c)
	}
	return tx.Tx.UpdateCycle(ctx, c)
}

func (tx *recording) PutCredentials(ctx context.Context, id, binding string, c target.Credentials) error {
	tx.wrote += "credentials "
	return tx.Tx.PutCredentials(ctx, id, binding, c)
}

func (tx *recording) InsertTest(ctx context.Context, r model.TestResult, keep int) error {
	tx.wrote += "test "
	return tx.Tx.InsertTest(ctx, r, keep)
}

func (tx *recording) Credentials(ctx context.Context, id, binding string) (target.Credentials, error) {
	if tx.store.wantEvents(&tx.store.sealed) {
		return nil, model.ErrSealed
	}
	return tx.Tx.Credentials(ctx, id, binding)
}

func (tx *recording) InsertSyncLogs(ctx context.Context, logs []model.SyncLog) error {
	if tx.store.wantEvents(&tx.store.full) {
		return errors.New("database or disk is full")
	}
	return tx.Tx.InsertSyncLogs(ctx, logs)
}

func (r *recorder) wantEvents(broken *bool) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return *broken
}

func (r *recorder) set(broken *bool, to bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	*broken = to
}

// audited gives action and outcome of the audit events so far.
func (r *recorder) audited() []string {
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
