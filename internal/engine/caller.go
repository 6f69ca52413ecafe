package engine

import (
	"context"
	"time"
)

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

// AuditEvent records a change or a refused attempt: who, what, which object, when; never a secret.
type AuditEvent struct {
	ID        string
	At        time.Time
	Actor     string
	RequestID string
	// Action is a word for what was asked, such as "connection.update".
	Action string
	// ObjectID is the object it was asked of; empty if none was made.
	ObjectID string
	// Outcome is "done", or the code of the refusal or fault.
	Outcome string
	// Detail is one line without secrets, such as the names of the changed fields.
	Detail string
}

// Attempt is a sign-in that a target refused, remembered so that nobody is locked out by repeating it.
type Attempt struct {
	// Digest is the keyed digest of address, username and secrets.
	Digest []byte
	At     time.Time
	Fault  Fault
}

// Answer is the first answer to an idempotent request.
type Answer struct {
	Caller string
	Key    string
	Digest []byte
	// Body is the engine's result as JSON. It holds no secrets.
	Body []byte
	At   time.Time
}

// Page is a place in a list. Lists are in the order of creation (ids are UUIDv7).
type Page struct {
	// After is the id of the last item seen; empty starts at the beginning.
	After string
	// Limit bounds the page; 1 to MaxPage.
	Limit int
}

// MaxPage is the largest page of a list.
const MaxPage = 500
