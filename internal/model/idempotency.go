package model

import "time"

// IdempotencyRecord is the stored first result of an idempotent request.
type IdempotencyRecord struct {
	// Caller is the owner of the key: the id of a registered client, or the name of a caller without one.
	Caller string
	Key    string
	Digest []byte
	// Result is the engine's result as JSON. It contains no secrets.
	Result []byte
	At     time.Time
	// RunID is the run of the client that sent the request, and ObjectID is the created object. Both are empty unless the request
	// created an object.
	RunID    string
	ObjectID string
	// Delivered means that the run is known to have received the response.
	Delivered bool
}
