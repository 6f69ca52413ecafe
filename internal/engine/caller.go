package engine

import (
	"cmp"
	"context"
)

// Caller identifies the client, for the audit trail, and the request, so that a repeated request runs only once.
type Caller struct {
	// Name identifies the client for people, such as "pipeline", or "local" in embedded mode.
	Name string
	// ID is the id of a registered client, empty without one. Idempotency keys belong to it, since a name can be given to another
	// client.
	ID string
	// Actor is recorded in audit events instead of the name; empty records the name. In embedded mode, it is the user and the
	// host of the process, and the pipeline that runs it.
	Actor string
	// RequestID identifies the request in logs, problems and audit events.
	RequestID string
	// RunID identifies the run of the client, such as one process; empty if the client does not identify its runs.
	RunID string
	// IdempotencyKey identifies repeats of one mutation; empty if the request has no key.
	IdempotencyKey string
	// RequestDigest is the keyed digest of the request with the key. Another request with the same key is rejected.
	RequestDigest []byte
}

// owner is the owner of the caller's idempotency keys.
func (c Caller) owner() string { return cmp.Or(c.ID, c.Name) }

type callerKey struct{}

// WithCaller returns a context with the caller.
func WithCaller(ctx context.Context, c Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

// CallerFrom returns the caller of the context; the zero Caller if the context has none.
func CallerFrom(ctx context.Context) Caller {
	c, _ := ctx.Value(callerKey{}).(Caller)
	return c
}
