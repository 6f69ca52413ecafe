// Package engine contains the rules of the control plane, and only rules. A line of code belongs here if it is a rule: what can
// be saved, what a failed sign-in does to stored credentials, what can be deleted, what a full sync cycle does. What the rules
// are about is in other packages: the types and errors in package model, the tables in package store, the protocols of target
// systems in package target, and HTTP in package server. From package api, which is the contract, the engine uses only the
// limits.
//
// Each rule is in one place, in one small file. The engine uses target systems through their declarations, and its database
// through [model.Store]. No target system is called inside a transaction: a change is validated and verified first, and then
// written in one transaction that checks again everything that the decision was based on.
//
// Every operation that changes something runs at most once per idempotency key of its [Caller], and writes a
// [model.AuditEvent]. Rejected requests are recorded as well.
package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// ErrClosing means that the control plane is closing and does not start new work.
var ErrClosing = errors.New("the control plane is shutting down")

// Options configure an engine.
type Options struct {
	// Systems is the catalog of target systems.
	Systems target.Catalog
	// Network restricts the addresses of calls to target systems.
	Network target.Network
	// Now is the clock; nil means the system clock.
	Now func() time.Time
	// Logger receives events and the errors of background work; nil discards them. It never receives secrets.
	Logger *slog.Logger
	// Observer receives what happens, for metrics; nil discards it.
	Observer Observer
	// Enqueue has a requested cycle run by [Engine.RunCycle], or its next slice by [Engine.RunSlice], once the transaction is
	// committed. If it is nil, no cycles can be requested.
	Enqueue func(ctx context.Context, tx model.Tx, c model.Cycle) error
	// RunEnded reports whether a run of a client has ended, by its id. It is called in transactions. Nil means that it cannot be
	// known, as of clients on other machines: then no other run gets the result of a create.
	RunEnded func(runID string) bool
	// LeaseRuns shows with leases in the store that a run of a client lasts, instead of RunEnded. It is for clients in this process.
	LeaseRuns bool
	// SignInPeriod is how long the link for a person is valid; zero means [api.SignInPeriod].
	SignInPeriod time.Duration
	// TestTimeout is the timeout of a whole connection test; zero means [api.TestTimeout].
	TestTimeout time.Duration
	// SliceUsers and SliceTime limit the slices of cycles, see [Engine.RunSlice]; zero means 500 users and 5 minutes.
	SliceUsers int
	SliceTime  time.Duration
}

// Engine carries out requests according to the rules. It is safe for concurrent use.
type Engine struct {
	store       model.Store
	systems     target.Catalog
	network     target.Network
	now         func() time.Time
	log         *slog.Logger
	observer    Observer
	testTimeout time.Duration
	sliceUsers  int
	sliceTime   time.Duration
	// signInPeriod is how long the link for a person is valid.
	signInPeriod time.Duration
	signInLocks  keyedMutex
	caches       tokenCaches

	// enqueue has a requested cycle run.
	enqueue func(ctx context.Context, tx model.Tx, c model.Cycle) error
	// runEnded reports whether a run of a client has ended.
	runEnded func(runID string) bool
	// leaseRuns means that runs have leases.
	leaseRuns bool
	runs      runLeases
	// unconfirmed is true if runs that identify themselves have created objects.
	unconfirmed atomic.Bool

	// process names this process in messages, as the holder of leases.
	process string
}

// New returns an engine. It starts nothing by itself: the queue behind Options.Enqueue calls [Engine.RunCycle].
func New(store model.Store, o Options) *Engine {
	e := &Engine{
		store: store, systems: o.Systems, network: o.Network,
		now: o.Now, log: o.Logger, testTimeout: o.TestTimeout, enqueue: o.Enqueue, process: processName(),
		runEnded: o.RunEnded, leaseRuns: o.LeaseRuns, observer: o.Observer,
	}
	if e.observer == nil {
		e.observer = noObserver{}
	}
	if e.runEnded == nil {
		e.runEnded = func(string) bool { return e.leaseRuns } // the lease decides, see checkRunEnded
	}
	if e.enqueue == nil {
		e.enqueue = func(context.Context, model.Tx, model.Cycle) error { return ErrClosing }
	}
	if e.now == nil {
		e.now = time.Now
	}
	if e.log == nil {
		e.log = slog.New(slog.DiscardHandler)
	}
	if e.sliceUsers = o.SliceUsers; e.sliceUsers == 0 {
		e.sliceUsers = sliceUsers
	}
	if e.sliceTime = o.SliceTime; e.sliceTime == 0 {
		e.sliceTime = sliceTime
	}
	if e.testTimeout == 0 {
		e.testTimeout = api.TestTimeout
	}
	if e.signInPeriod = o.SignInPeriod; e.signInPeriod == 0 {
		e.signInPeriod = api.SignInPeriod
	}
	return e
}

// Systems is the catalog of target systems.
func (e *Engine) Systems() target.Catalog { return e.systems }

// InstanceID identifies the database. It is created with the database and never changes.
func (e *Engine) InstanceID() string { return e.store.InstanceID() }

// RequestDigest returns the keyed digest of a request, for [Caller].
func (e *Engine) RequestDigest(parts ...string) ([]byte, error) {
	return e.store.Digest("request", parts...)
}

// Ping reports whether the store can be used.
func (e *Engine) Ping(ctx context.Context) error { return e.store.Ping(ctx) }

// clock returns the time in the precision of the store, so that a result and a later read of it are equal.
func (e *Engine) clock() time.Time { return e.now().UTC().Truncate(time.Microsecond) }

func (e *Engine) system(name string) (*target.System, bool) { return e.systems.Find(name) }

// systemFor finds the target system of a stored connection. A newer version may have stored one that this version does not
// support.
func (e *Engine) systemFor(c model.Connection) (*target.System, error) {
	s, ok := e.system(c.System)
	if !ok {
		return nil, &model.InvalidError{Fields: []model.InvalidField{{Path: "system", Message: fmt.Sprintf(
			"The connection %q is for the target system %q, which this version of the control plane does not support: "+
				"use a newer version.", c.Name, c.System)}}}
	}
	return s, nil
}

func (e *Engine) account(s *target.System, settings target.Settings, c target.Credentials) target.Account {
	return target.Account{System: s, Settings: settings, Credentials: c, Network: e.network}
}

// newID returns a new id. The order of ids is the order of creation.
func newID() (string, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return "", fmt.Errorf("create an id: %w", err)
	}
	return id.String(), nil
}

// clampPage limits a page to the limit of the contract.
func clampPage(p model.Page) model.Page {
	if p.Limit <= 0 || p.Limit > api.MaxPage {
		p.Limit = api.MaxPage
	}
	return p
}
