// Package embedded runs a whole control plane inside the process that uses it: store, engine and server behind an
// http.RoundTripper. Nothing listens on a network; the client of the contract speaks to it as it would to a remote one, so
// that there is one contract and one set of rules.
//
// Everything is kept in one data directory, except for the keyset that seals the credentials: that lies in the user's
// configuration directory, so that a copied data directory gives no secrets away.
package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"sync"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/server"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// BaseURL is the address to give to a client that speaks to an embedded control plane. The name never resolves.
const BaseURL = "http://embedded.invalid"

// closing bounds how long Close waits for what is under way.
const closing = 10 * time.Second

// Options say where an embedded control plane lives and what it works with.
type Options struct {
	// DataDir is the directory of the database; it is made if it is not there.
	DataDir string
	// RequireExisting refuses a data directory that holds no control plane yet, with a *[DataDirError], instead of making one.
	RequireExisting bool
	// Keyset is the file of the keyset; empty is a file of this control plane's own in the user's configuration directory.
	Keyset string
	// Version is what /v1/instance answers.
	Version string
	// Systems is the catalog of target systems.
	Systems target.Catalog
	// Network says where calls to target systems may go; the zero value allows http to this machine.
	Network target.Network
	// Now is the clock; nil means the machine's.
	Now func() time.Time
	// Logger receives what the control plane has to say; nil discards it. Secrets never reach it.
	Logger *slog.Logger
}

// ControlPlane is a control plane in this process. It is safe for concurrent use.
type ControlPlane struct {
	store   *store.Store
	engine  *engine.Engine
	handler http.Handler
	created bool

	mu       sync.Mutex
	closed   bool
	requests sync.WaitGroup
}

// ErrClosed says that the control plane was closed.
var ErrClosed = errors.New("the embedded control plane is closed")

// Open opens the control plane in the data directory, and makes it if there is none. Several processes may have it open
// at the same time. Errors name the file or directory and what to do; a keyset that is gone is a *[KeysetNotFoundError].
func Open(ctx context.Context, o Options) (*ControlPlane, error) {
	if o.DataDir == "" { // it would mean the working directory
		return nil, &DataDirError{Path: `""`, Reason: "it has no name: configure data_dir"}
	}
	dir, err := filepath.Abs(o.DataDir)
	if err != nil {
		return nil, fmt.Errorf("data directory %q: %w", o.DataDir, err)
	}
	database := filepath.Join(dir, databaseFile)
	if o.RequireExisting {
		if err := mustExist(dir, database); err != nil {
			return nil, err
		}
	}
	if err := makeDataDir(dir); err != nil {
		return nil, err
	}
	exists, err := fileExists(database)
	if err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	keyset, err := openKeyset(dir, o.Keyset, exists)
	if err != nil {
		return nil, err
	}
	opened, err := store.OpenSQLite(ctx, database, keyset)
	if err != nil {
		return nil, fmt.Errorf("open the embedded control plane: %w", err)
	}
	if o.Network == (target.Network{}) {
		o.Network.LoopbackHTTP = true
	}
	c := &ControlPlane{store: opened, created: !exists}
	c.engine = engine.New(opened, engine.Options{Systems: o.Systems, Network: o.Network, Now: o.Now, Logger: o.Logger})
	c.handler = server.New(c.engine, server.Options{
		Version: o.Version, Store: "sqlite", Embedded: true, Authenticate: server.Local, Logger: o.Logger,
	}).Handler()
	return c, nil
}

// Created reports whether this Open made the control plane: there was no database in the data directory.
func (c *ControlPlane) Created() bool { return c.created }

// EndCycles ends the full sync cycles of a policy that this control plane runs: whoever started one goes away, and the
// process with it. It returns when they are written down as interrupted, or when the context ends.
func (c *ControlPlane) EndCycles(ctx context.Context, policyID string) error {
	return c.engine.EndCycles(ctx, policyID)
}

// Close refuses new requests, ends running cycles, waits for what is under way and closes the database. It may be called
// more than once.
func (c *ControlPlane) Close() error {
	c.mu.Lock()
	done := c.closed
	c.closed = true
	c.mu.Unlock()
	if done {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), closing)
	defer cancel()
	stopped := c.engine.Close(ctx)
	idle := make(chan struct{})
	go func() {
		defer close(idle)
		c.requests.Wait()
	}()
	select {
	case <-idle:
	case <-ctx.Done():
		stopped = errors.Join(stopped, errors.New("requests are still under way"))
	}
	if err := errors.Join(stopped, c.store.Close()); err != nil {
		return fmt.Errorf("close the embedded control plane: %w", err)
	}
	return nil
}
