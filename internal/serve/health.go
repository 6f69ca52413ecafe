package serve

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
)

const (
	// readyTimeout limits a look at the database.
	readyTimeout = 3 * time.Second
	// readyPeriod is how long the result of a look is used again, so that requests without credentials put no load on the database.
	readyPeriod = time.Second
)

// The reasons why a server is not ready. They are words of a fixed set, since anyone can read them.
const (
	reasonStopping = "stopping"
	reasonDatabase = "database"
	reasonSchema   = "schema"
	reasonKeyset   = "keyset"
)

// readiness is whether requests can be answered.
type readiness struct {
	check func(context.Context) error
	now   func() time.Time
	log   *slog.Logger

	stopping atomic.Bool

	mu     sync.Mutex // held while looking at the database
	seen   time.Time
	reason string
}

// reasonNow returns why the server is not ready; empty if it is.
func (r *readiness) reasonNow(ctx context.Context) string {
	if r.stopping.Load() {
		return reasonStopping
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if age := r.now().Sub(r.seen); age >= 0 && age < readyPeriod {
		return r.reason
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readyTimeout) // others wait for the same result
	defer cancel()
	err := r.check(ctx)
	reason := reasonOf(err)
	if reason != r.reason {
		if reason == "" {
			r.log.InfoContext(ctx, "ready again")
		} else {
			r.log.WarnContext(ctx, "not ready", "reason", reason, "error", err)
		}
	}
	r.reason, r.seen = reason, r.now()
	return reason
}

// reasonOf is the word for an error of [store.Store.CheckReady].
func reasonOf(err error) string {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, store.ErrKeyset):
		return reasonKeyset
	case errors.Is(err, store.ErrNewer), errors.Is(err, store.ErrOlder):
		return reasonSchema
	}
	return reasonDatabase
}

// healthy answers that this process works. It says nothing about the database: a restart of the process would not help there.
func healthy(w http.ResponseWriter, r *http.Request) {
	writeHealth(w, r, http.StatusOK, map[string]any{"status": "ok"})
}

// ready answers whether requests should be sent to this process.
func (r *readiness) ready(w http.ResponseWriter, request *http.Request) {
	if reason := r.reasonNow(request.Context()); reason != "" {
		writeHealth(w, request, http.StatusServiceUnavailable, map[string]any{"status": "not ready", "reasons": []string{reason}})
		return
	}
	writeHealth(w, request, http.StatusOK, map[string]any{"status": "ready"})
}

func writeHealth(w http.ResponseWriter, r *http.Request, status int, body map[string]any) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client may have disconnected
}
