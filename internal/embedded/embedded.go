// Package embedded is the front that runs a whole control plane inside the process of its client, on a data directory, behind
// an http.RoundTripper. Nothing listens on a network. The client of package api calls it as it calls a remote control plane, so
// there is one contract and one set of rules.
//
// All data is in one data directory, or in a PostgreSQL database that several machines use; see package storage.
package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/embedded/actor"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/plane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/storage"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// BaseURL is the base URL for a client that calls an embedded control plane.
const BaseURL = api.EmbeddedURL

// closeTimeout limits how long Close waits for running requests and cycles.
const closeTimeout = 10 * time.Second

// Options configure an embedded control plane.
type Options struct {
	// DataDir is the directory of the database. Open creates it if it does not exist.
	DataDir string
	// RequireExisting makes Open return a *[DataDirError] for a data directory without a control plane, instead of creating one.
	RequireExisting bool
	// DatabaseURL is the address of a PostgreSQL database, instead of a data directory. It has a password. The database must have
	// been migrated, and the keyset must exist.
	DatabaseURL string
	// CACertificate has certificate authorities (PEM) to trust for the server of the database.
	CACertificate string
	// Keyset is the file of the keyset; empty means a file for this control plane in the user's configuration directory.
	Keyset string
	// KeysetJSON is the content of the keyset, instead of a file. It is never written to a file.
	KeysetJSON string
	// Version is the version in /v1/instance.
	Version string
	// Systems is the catalog of target systems.
	Systems target.Catalog
	// Network limits the addresses of calls to target systems; the zero value allows http to this machine.
	Network target.Network
	// Now is the clock; nil means the clock of the machine.
	Now func() time.Time
	// Logger receives the log of the control plane; nil discards it. Secrets are never logged.
	Logger *slog.Logger
}

// ControlPlane is a control plane in this process. It is safe for concurrent use.
type ControlPlane struct {
	store   *store.Store
	plane   *plane.Plane
	endRun  func() error
	created bool
	// keyset is the file of the keyset; empty if the keyset is configured as text.
	keyset string
	// warnings are sentences about the places of the database and the keyset.
	warnings []string
	closed   atomic.Bool
}

// ErrClosed means that the control plane is closed.
var ErrClosed = errors.New("the embedded control plane is closed")

// Open opens the control plane in the data directory, or creates one. Several processes may have it open at the same time.
// Errors are those of [storage.Open].
func Open(ctx context.Context, o Options) (*ControlPlane, error) {
	opened, err := storage.Open(ctx, o.storage())
	if err != nil {
		return nil, err
	}
	if o.Logger != nil {
		for _, collision := range opened.Store.Collisions() {
			o.Logger.WarnContext(ctx, "two names collide", "collision", collision.String())
		}
		for _, warning := range opened.Warnings {
			o.Logger.WarnContext(ctx, "unsafe place", "warning", warning)
		}
	}
	if o.Network == (target.Network{}) {
		o.Network.LoopbackHTTP = true
	}
	options := plane.Options{
		Store: opened.Store, StoreName: opened.Type, Systems: o.Systems, Network: o.Network, Version: o.Version,
		Embedded: true, Actor: actor.Current(), LeaseRuns: true, Now: o.Now, Logger: o.Logger,
	}
	endRun := func() error { return nil }
	if dir := opened.DataDir; dir != "" {
		if endRun, err = showRun(ctx, dir); err != nil {
			return nil, errors.Join(fmt.Errorf("open the embedded control plane: %w", err), opened.Store.Close())
		}
		options.LeaseRuns, options.RunEnded = false, func(id string) bool { return runEnded(dir, id) }
	}
	return &ControlPlane{
		store: opened.Store, plane: plane.New(options), created: opened.Created, keyset: opened.Keyset, warnings: opened.Warnings,
		endRun: endRun,
	}, nil
}

// storage says what to open.
func (o Options) storage() storage.Options {
	return storage.Options{
		DataDir: o.DataDir, RequireExisting: o.RequireExisting, DatabaseURL: o.DatabaseURL, CACertificate: o.CACertificate,
		Keyset: o.Keyset, KeysetJSON: o.KeysetJSON, Version: o.Version, Systems: o.Systems,
	}
}

// Created reports whether this Open created the control plane: there was no database in the data directory.
func (c *ControlPlane) Created() bool { return c.created }

// Warnings are sentences about what this Open found unsafe: others can write a directory, or the keyset may be committed.
func (c *ControlPlane) Warnings() []string { return c.warnings }

// SignInHandler serves the pages for a person who signs in, for a listener of the caller at an address such as
// http://127.0.0.1:50123. While nothing listens, responses have no links.
func (c *ControlPlane) SignInHandler(publicURL string) (http.Handler, error) {
	return c.plane.SignInHandler(publicURL)
}

// EndCycles ends the full sync cycles of a policy that this control plane runs. Clients call it before they exit, because the
// cycles cannot outlive the process. It returns when they are saved as interrupted, or when the context ends.
func (c *ControlPlane) EndCycles(ctx context.Context, policyID string) error {
	return c.plane.EndCycles(ctx, policyID)
}

// ConfirmDelivery records that this process received the responses to all its requests and passed them on. After that, the next
// process does not get them. It is called at the regular end of the process, before the control plane is closed.
func (c *ControlPlane) ConfirmDelivery(ctx context.Context) error {
	return c.plane.ConfirmDelivery(ctx, api.RunID())
}

// Abort is Close for a process that must end soon, and in which no client waits for a response: it also cancels running requests.
func (c *ControlPlane) Abort() error {
	c.plane.Abort()
	return c.Close()
}

// Close rejects new requests, ends running cycles, waits for running requests and closes the database. It may be called more
// than once.
func (c *ControlPlane) Close() error {
	if c.closed.Swap(true) {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	if err := errors.Join(c.plane.Close(ctx), c.store.Close(), c.endRun()); err != nil {
		return fmt.Errorf("close the embedded control plane: %w", err)
	}
	return nil
}
