package model

import "time"

// Refusal is a sign-in that a target refused, remembered so that nobody is locked out by repeating it.
type Refusal struct {
	// Digest is the keyed digest of address, username and secrets.
	Digest []byte
	At     time.Time
	Fault  Fault
}
