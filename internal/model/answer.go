package model

import "time"

// StoredAnswer is the first answer to an idempotent request.
type StoredAnswer struct {
	Caller string
	Key    string
	Digest []byte
	// Body is the engine's result as JSON. It holds no secrets.
	Body []byte
	At   time.Time
}
