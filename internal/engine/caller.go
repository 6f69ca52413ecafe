package engine

import "context"

// Caller is who asks, for the audit trail, and which request it is, so that a repeat of it happens once.
type Caller struct {
	// Name identifies the client, such as "pipeline", or "local" in embedded mode.
	Name string
	// RequestID identifies the request in logs, problems and audit events.
	RequestID string
	// IdempotencyKey marks repeats of one mutation; empty if the caller gave none.
	IdempotencyKey string
	// RequestDigest is the keyed digest of what was asked under the key; a repeat with another one is refused.
	RequestDigest []byte
}

type callerKey struct{}

// WithCaller returns a context that carries who asks.
func WithCaller(ctx context.Context, c Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

// CallerFrom returns who asks; the zero Caller if nobody said.
func CallerFrom(ctx context.Context) Caller {
	c, _ := ctx.Value(callerKey{}).(Caller)
	return c
}
