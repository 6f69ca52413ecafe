package engine_test

import (
	"context"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/jobs"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// fixture is an engine on a real store, with a fake email system and a fake CRM.
type fixture struct {
	*engine.Engine
	t *testing.T
	// dir contains the keyset and the database.
	dir   string
	ctx   context.Context
	mail  *fake
	crm   *fake
	clock *clock
	store *recorder
	queue *jobs.Worker
}

func newFixture(t *testing.T, options ...func(*engine.Options)) *fixture {
	t.Helper()
	dir := t.TempDir()
	keyset, _, err := store.OpenKeyset(filepath.Join(dir, "keyset.json"))
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.OpenSQLite(t.Context(), filepath.Join(dir, "riva.db"), keyset, nil)
	if err != nil {
		t.Fatal(err)
	}
	w := &fixture{
		t: t, dir: dir, mail: newFake("mailer", target.Email), crm: newFake("sales", target.CRM),
		clock: &clock{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)},
		store: &recorder{Store: db, ends: make(chan model.Cycle, 16)},
	}
	w.ctx = engine.WithCaller(t.Context(), engine.Caller{Name: "pipeline", RequestID: "request-1"})
	w.queue = jobs.NewWorker(nil)
	o := engine.Options{Enqueue: w.queue.Enqueue, Systems: []*target.System{w.crm.System, w.mail.System}, Now: w.clock.Now}
	for _, option := range options {
		option(&o)
	}
	w.Engine = engine.New(w.store, o)
	w.queue.Start(w.Engine)
	t.Cleanup(func() {
		if err := w.queue.Close(context.Background()); err != nil {
			t.Error(err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// clock does not advance on its own.
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
