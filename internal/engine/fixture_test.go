package engine_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/jobs"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
)

// fixture is an engine on a real store, with a fake email system and a fake CRM.
type fixture struct {
	*engine.Engine
	t        *testing.T
	database storetest.Database
	ctx      context.Context
	mail     *fake
	crm      *fake
	clock    *clock
	store    *recorder
	queue    *jobs.Worker
}

// eachFixture runs a test on a store of each type. A test in a bubble of synctest calls newFixture: a connection to PostgreSQL
// is outside of the bubble, so that its time would never advance.
func eachFixture(t *testing.T, run func(*testing.T, *fixture), options ...func(*engine.Options)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, d storetest.Database) { run(t, newFixtureOn(t, d, options...)) })
}

// newFixture is a fixture on SQLite.
func newFixture(t *testing.T, options ...func(*engine.Options)) *fixture {
	t.Helper()
	return newFixtureOn(t, storetest.SQLite(t), options...)
}

func newFixtureOn(t *testing.T, d storetest.Database, options ...func(*engine.Options)) *fixture {
	t.Helper()
	db := d.Open(t, nil)
	w := &fixture{
		t: t, database: d, mail: newFake("mailer", target.Email), crm: newFake("sales", target.CRM),
		clock: &clock{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)},
		store: &recorder{Store: ownClock{db}, ends: make(chan model.Cycle, 16)},
	}
	w.ctx = engine.WithCaller(t.Context(), engine.Caller{Name: "pipeline", RequestID: "request-1"})
	w.queue = jobs.NewWorker(nil)
	o := engine.Options{
		Enqueue: w.queue.Enqueue, Systems: []*target.System{w.crm.System, w.mail.System}, Now: w.clock.Now,
		RunEnded: func(string) bool { return true },
	}
	for _, option := range options {
		option(&o)
	}
	w.Engine = engine.New(w.store, o)
	w.queue.Start(w.Engine)
	t.Cleanup(func() {
		if err := w.queue.Close(context.Background()); err != nil {
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
