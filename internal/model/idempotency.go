package model

import "time"

// IdempotencyRecord is the stored first result of an idempotent request.
type IdempotencyRecord struct {
	Caller string
	Key    string
	Digest []byte
	// Result is the engine's result as JSON. It contains no secrets.
	Result []byte
	At     time.Time
}
