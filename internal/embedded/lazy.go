package embedded

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/storage"
)

// Lazy is an embedded control plane that may not exist yet. Reads never create it, so that a run on a new machine does not take
// an empty control plane for the lost one. That of a PostgreSQL database always exists; it is opened by the first request. It is
// safe for concurrent use.
type Lazy struct {
	options Options
	// database names the PostgreSQL database; empty for a data directory.
	database string
	// early are the warnings about a PostgreSQL database before it is open.
	early []string

	life context.Context //nolint:containedctx // it is the life of the control plane: nothing is opened after Close
	end  context.CancelFunc

	mu     sync.Mutex // held while opening
	opened atomic.Pointer[ControlPlane]
	// refused is the error of opening if trying again cannot help: a server can lock the login after several wrong passwords.
	refused error
	// announced: Make has reported that it created the control plane.
	announced atomic.Bool
}

// OpenLazy opens the control plane of a data directory if it exists. Otherwise it checks that one can be created there, and
// creates nothing. The address of a PostgreSQL database and its keyset are checked, without a call to the server. Errors are
// those of [Open].
func OpenLazy(ctx context.Context, o Options) (*Lazy, error) {
	l := &Lazy{options: o}
	l.life, l.end = context.WithCancel(context.Background())
	if o.DatabaseURL != "" {
		place, warnings, err := storage.CheckDatabase(ctx, o.storage())
		if err != nil {
			l.end()
			return nil, err
		}
		l.database, l.early = place, warnings
		return l, nil
	}
	_, err := l.open(ctx, true)
	if _, missing := errors.AsType[*api.NoControlPlaneError](err); missing {
		err = storage.CheckPlaces(ctx, l.options.storage())
	}
	if err != nil {
		l.end()
		return nil, err
	}
	return l, nil
}

// Database names the PostgreSQL database by host, port and name; empty for a data directory.
func (l *Lazy) Database() string { return l.database }

// Exists reports whether the data directory has a control plane. Another process can have created it.
func (l *Lazy) Exists() bool {
	if l.opened.Load() != nil || l.database != "" {
		return true
	}
	exists, err := storage.Exists(l.options.DataDir)
	return exists || err != nil // opening it reports the error
}

// Make creates the control plane if it does not exist. To one caller, it returns that it is new. The path of its keyset is empty
// if the keyset is configured as text.
func (l *Lazy) Make(ctx context.Context) (keyset string, made bool, err error) {
	plane, err := l.open(ctx, false)
	if err != nil {
		return "", false, err
	}
	return plane.keyset, plane.Created() && !l.announced.Swap(true), nil
}

// Warnings are sentences about unsafe places: those of the control plane, or of the data directory that is there before it.
func (l *Lazy) Warnings() []string {
	if plane := l.opened.Load(); plane != nil {
		return plane.Warnings()
	}
	if l.database != "" {
		return l.early
	}
	if warning := storage.DirWarning(l.options.DataDir); warning != "" {
		return []string{warning}
	}
	return nil
}

// open opens the control plane, once.
func (l *Lazy) open(ctx context.Context, existing bool) (*ControlPlane, error) {
	if plane := l.opened.Load(); plane != nil {
		return plane, nil
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(l.life, cancel)()
	l.mu.Lock()
	defer l.mu.Unlock()
	if plane := l.opened.Load(); plane != nil {
		return plane, nil
	}
	switch {
	case l.life.Err() != nil:
		return nil, ErrClosed
	case l.refused != nil:
		return nil, l.refused
	}
	if existing && !l.Exists() {
		return nil, &api.NoControlPlaneError{DataDir: l.options.DataDir}
	}
	options := l.options
	options.RequireExisting = existing // it may have been removed since
	plane, err := Open(ctx, options)
	if err != nil {
		if refusal, ok := errors.AsType[*api.DatabaseError](err); ok && !refusal.Passes && ctx.Err() == nil {
			l.refused = err
		}
		return nil, err
	}
	l.opened.Store(plane)
	return plane, nil
}

// RoundTrip handles a request. Without a control plane, the error is a *[api.NoControlPlaneError]; if a PostgreSQL database
// cannot be used, an *[api.DatabaseError].
func (l *Lazy) RoundTrip(req *http.Request) (*http.Response, error) {
	plane, err := l.open(req.Context(), true)
	if err != nil {
		return nil, err
	}
	return plane.RoundTrip(req)
}

// EndCycles ends the full sync cycles of a policy; see [ControlPlane.EndCycles].
func (l *Lazy) EndCycles(ctx context.Context, policyID string) error {
	if plane := l.opened.Load(); plane != nil {
		return plane.EndCycles(ctx, policyID)
	}
	return nil
}

// Abort closes the control plane, if it was opened; see [ControlPlane.Abort]. With confirm, it first records that Terraform has
// all responses; see [ControlPlane.ConfirmDelivery].
func (l *Lazy) Abort(ctx context.Context, confirm bool) error {
	l.end()
	l.mu.Lock() // waits for an open that has begun
	defer l.mu.Unlock()
	plane := l.opened.Load()
	if plane == nil {
		return nil
	}
	var err error
	if confirm {
		err = plane.ConfirmDelivery(ctx)
	}
	return errors.Join(err, plane.Abort())
}

// Close closes the control plane, if it was opened; see [ControlPlane.Close].
func (l *Lazy) Close() error {
	l.end()
	l.mu.Lock()
	defer l.mu.Unlock()
	if plane := l.opened.Load(); plane != nil {
		return plane.Close()
	}
	return nil
}
