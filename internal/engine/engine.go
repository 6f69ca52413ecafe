// Package engine holds the rules for connections and the types they speak of: what may be saved, what a failed sign-in
// does to stored credentials, what may be deleted, what a full sync cycle does.
//
// Each rule has one place and one small file. The engine knows target systems only by their declarations
// (package target) and its database only as a [Store]. No target system is ever called inside a transaction: a change is
// checked and tried first, then written in one transaction that looks again at everything the decision rested on.
//
// Whatever changes something runs at most once per idempotency key of its [Caller], and leaves an [AuditEvent], as does
// every refused attempt.
package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// TestTimeout bounds a whole connection test, the wait for a turn included.
const TestTimeout = 60 * time.Second

// ErrClosing means that the engine is being closed and starts nothing new.
var ErrClosing = errors.New("the control plane is shutting down")

// Options say what an engine works with.
type Options struct {
	// Systems is the catalog of target systems.
	Systems target.Catalog
	// Network says where calls to target systems may go.
	Network target.Network
	// Now is the clock; nil means the machine's.
	Now func() time.Time
	// Logger receives what happens in the background; nil discards it. Secrets never reach it.
	Logger *slog.Logger
	// TestTimeout bounds a whole connection test; zero means [TestTimeout].
	TestTimeout time.Duration
}

// Engine carries out requests by the rules. It is safe for concurrent use.
type Engine struct {
	store       model.Store
	systems     target.Catalog
	network     target.Network
	now         func() time.Time
	log         *slog.Logger
	testTimeout time.Duration
	signInLocks keyedMutex
	caches      tokenCaches

	// mu guards closed and running.
	mu     sync.Mutex
	closed bool
	cycles map[*runningCycle]bool
}

// New makes an engine. Close it to end its running cycles.
func New(store model.Store, o Options) *Engine {
	e := &Engine{
		store: store, systems: o.Systems, network: o.Network,
		now: o.Now, log: o.Logger, testTimeout: o.TestTimeout, cycles: map[*runningCycle]bool{},
	}
	if e.now == nil {
		e.now = time.Now
	}
	if e.log == nil {
		e.log = slog.New(slog.DiscardHandler)
	}
	if e.testTimeout == 0 {
		e.testTimeout = TestTimeout
	}
	return e
}

// Close cancels running cycles, which end as interrupted, and waits for them as long as the context allows.
func (e *Engine) Close(ctx context.Context) error {
	e.mu.Lock()
	e.closed = true
	e.mu.Unlock()
	return e.cancelCycles(ctx, func(*runningCycle) bool { return true })
}

// Systems is the catalog of target systems.
func (e *Engine) Systems() target.Catalog { return e.systems }

// InstanceID identifies the database; it was made with it and never changes.
func (e *Engine) InstanceID() string { return e.store.InstanceID() }

// RequestDigest is the keyed digest of a request, for [Caller].
func (e *Engine) RequestDigest(parts ...string) ([]byte, error) {
	return e.store.Digest("request", parts...)
}

// Ping reports whether the store can be used.
func (e *Engine) Ping(ctx context.Context) error { return e.store.Ping(ctx) }

// clock gives the time in the precision that stores keep, so that an answer and a later read of it agree.
func (e *Engine) clock() time.Time { return e.now().UTC().Truncate(time.Microsecond) }

func (e *Engine) system(name string) (*target.System, bool) { return e.systems.Find(name) }

// systemFor finds the system of a stored connection, which an older control plane may not know.
func (e *Engine) systemFor(c model.Connection) (*target.System, error) {
	s, ok := e.system(c.System)
	if !ok {
		return nil, &model.InvalidError{Fields: []model.InvalidField{{Path: "system", Message: fmt.Sprintf(
			"The connection %q belongs to the target system %q, which this control plane does not know: "+
				"use a version of it that does.", c.Name, c.System)}}}
	}
	return s, nil
}

func (e *Engine) account(s *target.System, settings target.Settings, c target.Credentials) target.Account {
	return target.Account{System: s, Settings: settings, Credentials: c, Network: e.network}
}

// newID makes an id whose order is the order of creation.
func newID() (string, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return "", fmt.Errorf("make an id: %w", err)
	}
	return id.String(), nil
}

// clampPage makes a page one that a store may be asked for.
func clampPage(p model.Page) model.Page {
	if p.Limit <= 0 || p.Limit > model.MaxPage {
		p.Limit = model.MaxPage
	}
	return p
}
