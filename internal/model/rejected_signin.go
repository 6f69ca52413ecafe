package model

import "time"

// RejectedSignIn is a sign-in that a target system rejected. It is remembered, so that the account is not locked by
// repeated attempts.
type RejectedSignIn struct {
	// Digest is the keyed digest of address, user name and secrets.
	Digest []byte
	At     time.Time
	Fault  Fault
}
