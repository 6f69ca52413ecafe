// Package plane assembles a control plane from its parts: a store, the engine with the rules, the queue of cycles, and the HTTP
// server. The result is an http.Handler. A front decides how the handler is reached: package embedded calls it within the
// process.
package plane

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/access"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api/pages"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/console"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/jobs"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/server"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// Options configure a control plane.
type Options struct {
	// Store stores everything. It belongs to the caller, who closes it after the control plane.
	Store model.Store
	// StoreName is the type of the store in /v1/instance: "sqlite" or "postgresql".
	StoreName string
	// Systems is the catalog of target systems.
	Systems []*target.System
	// Network limits the addresses of calls to target systems.
	Network target.Network
	// Version is the version in /v1/instance.
	Version string
	// Embedded means that the control plane runs in the process of its client. It authorizes all requests.
	Embedded bool
	// Actor describes who runs the process of an embedded control plane, for the audit trail.
	Actor string
	// Authenticate identifies the client of a request, unless Embedded or Access is set. If it is nil, all requests are rejected.
	Authenticate func(*http.Request) (server.Client, error)
	// Access authenticates clients by their access tokens, and serves the token endpoint. It must have the same store. An embedded
	// control plane has none: its clients can be managed, and do not authenticate.
	Access *access.Service
	// PublicURL is the address under which a browser reaches the control plane, such as https://riva.example.com: the pages for a
	// person who signs in are served there. Without it, see [Plane.SignInHandler].
	PublicURL string
	// SignInPeriod is how long the link for a person is valid; zero means the default of the contract.
	SignInPeriod time.Duration
	// RunEnded reports whether a run of a client has ended, by its id; nil if that cannot be known, as for a shared control plane.
	RunEnded func(runID string) bool
	// LeaseRuns shows other processes with leases in the store that a run of a client in this process lasts, instead of RunEnded.
	LeaseRuns bool
	// DurableCycles means that cycles survive this process: they run in slices, in any process with the same store, and Close hands
	// them over. The store must be one of package store. Without it, cycles end with this process. See [Plane.Start].
	DurableCycles bool
	// SliceUsers is the number of users in a slice of a durable cycle; zero means 500.
	SliceUsers int
	// Now is the clock; nil means the clock of the machine.
	Now func() time.Time
	// Logger receives the log of the engine and the server; nil discards it. Secrets are never logged.
	Logger *slog.Logger
	// Observer receives what happens, for metrics; nil discards it. Requests are observed with [server.Observe].
	Observer engine.Observer
}

// Plane is a control plane. It is safe for concurrent use.
type Plane struct {
	engine *engine.Engine
	queue  jobs.Queue
	// durable is the queue if it is a durable one; watch runs from Start on.
	durable jobs.DurableQueue
	watch   *jobs.Watch
	server  *server.Server
	handler http.Handler
	logger  *slog.Logger

	// life is the parent of the contexts of all requests, and abort cancels it.
	life  context.Context //nolint:containedctx // it is the life of the control plane
	abort context.CancelFunc

	// mu guards closed and the number of running requests, and orders closed before the Add of requests.
	mu       sync.Mutex
	closed   bool
	running  int
	requests sync.WaitGroup
}

// New assembles a control plane. Close it before its store.
func New(o Options) *Plane {
	callers := o.Access
	var allowVisit func(*http.Request) error
	switch {
	case o.Embedded:
		o.Authenticate = server.Local(o.Actor)
	case callers != nil:
		o.Authenticate, allowVisit = callers.Authenticate, callers.AllowVisit
	}
	if callers == nil {
		callers = access.Manage(access.Options{Store: o.Store, Network: o.Network, Now: o.Now, Logger: o.Logger})
	}
	now := o.Now
	if now == nil {
		now = time.Now
	}
	p := &Plane{logger: o.Logger}
	start := p.makeQueue(o)
	p.engine = engine.New(o.Store, engine.Options{
		Systems: o.Systems, Network: o.Network, Now: o.Now, Logger: o.Logger, Enqueue: p.queue.Enqueue,
		SliceUsers: o.SliceUsers, RunEnded: o.RunEnded, LeaseRuns: o.LeaseRuns, SignInPeriod: o.SignInPeriod, Observer: o.Observer,
	})
	start()
	p.life, p.abort = context.WithCancel(context.Background())
	p.server = server.New(p.engine, server.Options{
		Version: o.Version, Store: o.StoreName, Embedded: o.Embedded, Authenticate: o.Authenticate, Logger: o.Logger,
		PublicURL: o.PublicURL, AllowVisit: allowVisit, LoopbackHTTP: o.Network.LoopbackHTTP, Pages: console.New(now),
		Clients: callers,
	})
	handler := p.server.Handler()
	if o.Access != nil && !o.Embedded {
		handler = withTokens(callers.Handler(), handler)
	}
	p.handler = server.Middleware(p.untilClosed(handler), o.Logger)
	return p
}

// withTokens serves the token endpoint beside the contract.
func withTokens(tokens, contract http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if access.Handles(r.URL.Path) {
			server.NameOperation(r.Context(), "access")
			tokens.ServeHTTP(w, r)
			return
		}
		contract.ServeHTTP(w, r)
	})
}

// Handler handles the requests of the contract. After Close, it responds to each request with status 503.
func (p *Plane) Handler() http.Handler { return p.handler }

// SignInHandler serves the pages for a person who signs in, and nothing else, for a listener at an address such as
// http://127.0.0.1:50123. From then on, the responses of the contract have links to it. Requests for another host are rejected.
func (p *Plane) SignInHandler(publicURL string) (http.Handler, error) {
	handler, err := p.server.SignInHandler(publicURL)
	if err != nil {
		return nil, fmt.Errorf("pages for the sign-in of a person: %w", err)
	}
	p.server.SetPublicURL(publicURL)
	return server.Middleware(p.untilClosed(handler), p.logger), nil
}

// StartSignIn starts a sign-in of a person whose browser cannot reach the pages, see [server.Server.StartSignIn].
func (p *Plane) StartSignIn(ctx context.Context, revalidationID, redirect string) (pages.Started, error) {
	if !p.beginRequest() {
		return pages.Started{}, engine.ErrClosing
	}
	defer p.endRequest()
	return p.server.StartSignIn(ctx, revalidationID, redirect)
}

// FinishSignIn ends such a sign-in with the parameters of the address where the browser ended.
func (p *Plane) FinishSignIn(ctx context.Context, browser string, callback url.Values) (pages.Page, error) {
	if !p.beginRequest() {
		return pages.Page{}, engine.ErrClosing
	}
	defer p.endRequest()
	return p.server.FinishSignIn(ctx, browser, callback)
}

// untilClosed counts the requests that are being handled, and rejects all requests once the control plane is closed.
func (p *Plane) untilClosed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !p.beginRequest() {
			p.server.WriteError(w, r, engine.ErrClosing)
			return
		}
		defer p.endRequest()
		ctx, cancel := context.WithCancelCause(r.Context())
		defer cancel(nil)
		defer context.AfterFunc(p.life, func() { cancel(engine.ErrClosing) })()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

func (p *Plane) beginRequest() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return false
	}
	p.running++
	p.requests.Add(1)
	return true
}

func (p *Plane) endRequest() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.running--
	p.requests.Done()
}

// EndCycles ends the running full sync cycle of a policy. A client calls it before it exits, because a cycle cannot outlive its
// process. It returns when the cycle is saved as interrupted, or when the context ends.
func (p *Plane) EndCycles(ctx context.Context, policyID string) error {
	return p.engine.EndCycle(ctx, policyID)
}

// ConfirmDelivery records that a run of a client has received the responses to all its requests. While a request is being
// handled, that cannot be true, and nothing is recorded.
func (p *Plane) ConfirmDelivery(ctx context.Context, runID string) error {
	p.mu.Lock()
	running := p.running
	p.mu.Unlock()
	if running > 0 {
		return nil
	}
	return p.engine.ConfirmDelivery(ctx, runID)
}

// Abort cancels the requests that are being handled, because their clients are gone. Close still waits until they have ended.
func (p *Plane) Abort() { p.abort() }

// Close rejects new requests, ends running cycles, and waits for requests that are being handled until the context ends. After
// that, the store can be closed. A second Close does nothing.
func (p *Plane) Close(ctx context.Context) error {
	p.mu.Lock()
	done := p.closed
	p.closed = true
	p.mu.Unlock()
	if done {
		return nil
	}
	if p.watch != nil {
		p.watch.Close()
	}
	err := p.queue.Close(ctx)
	idle := make(chan struct{})
	go func() {
		defer close(idle)
		p.requests.Wait()
	}()
	select {
	case <-idle:
	case <-ctx.Done():
		err = errors.Join(err, fmt.Errorf("requests are still being handled: %w", ctx.Err()))
	}
	p.engine.EndRuns(ctx)
	return err
}
