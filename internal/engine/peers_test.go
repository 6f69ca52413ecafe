package engine_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
)

// peers are two engines on one database and the same target systems, as those of two processes are.
type peers struct{ one, other *fixture }

// eachPeers runs a test with new peers on each type of database.
func eachPeers(t *testing.T, run func(*testing.T, peers)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, d storetest.Database) { run(t, newPeers(t, d)) })
}

func newPeers(t *testing.T, d storetest.Database) peers {
	t.Helper()
	mail, crm := newFake("mailer", target.Email), newFake("sales", target.CRM)
	now := &clock{now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	peer := func() *fixture {
		w := &fixture{t: t, mail: mail, crm: crm, clock: now, store: &recorder{Store: ownClock{d.Open(t, nil)}}}
		w.ctx = engine.WithCaller(t.Context(), engine.Caller{Name: "pipeline", RequestID: "request-1"})
		w.Engine = engine.New(w.store, engine.Options{
			Enqueue: func(context.Context, model.Tx, model.Cycle) error { return nil },
			Systems: []*target.System{crm.System, mail.System}, Now: now.Now,
			RunEnded: func(runID string) bool { return runID == "run 0" },
		})
		return w
	}
	return peers{one: peer(), other: peer()}
}

// both runs a function on each peer at the same time, and returns the errors.
func (p peers) both(f func(w *fixture) error) (one, other error) {
	return p.atOnce(func() error { return f(p.one) }, func() error { return f(p.other) })
}

func (peers) atOnce(f, g func() error) (one, other error) {
	var ready, done sync.WaitGroup
	ready.Add(2)
	start := func(f func() error, err *error) {
		done.Go(func() {
			ready.Done()
			ready.Wait()
			*err = f()
		})
	}
	start(f, &one)
	start(g, &other)
	done.Wait()
	return one, other
}
