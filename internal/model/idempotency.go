package model

import "time"

// IdempotencyRecord is the first answer to an idempotent request.
type IdempotencyRecord struct {
	Caller string
	Key    string
	Digest []byte
	// Result is the engine's result as JSON. It holds no secrets.
	Result []byte
	At     time.Time
}
