package model

import "time"

// RejectedSignIn is a sign-in that a target refused, remembered so that nobody is locked out by repeating it.
type RejectedSignIn struct {
	// Digest is the keyed digest of address, username and secrets.
	Digest []byte
	At     time.Time
	Fault  Fault
}
