package model

import (
	"context"
	"time"
)

// Lease is the right to do something that only one process may do at a time, such as to sign in with the same credentials.
// A lease ends by itself, so that a process that was killed blocks the others only until then.
type Lease struct {
	// Key names what is leased.
	Key string
	// Holder names who has it, for messages: a process and its machine, with something that no other acquisition has.
	Holder string
	// Epoch grows by one each time a holder takes the lease over from another one that did not release it.
	Epoch int64
	// ExpiresAt is when it ends, unless it is renewed.
	ExpiresAt time.Time
}

// LeaseStore keeps leases.
type LeaseStore interface {
	// Now returns the time of the database server, which all processes share. A database without a server is used on one machine:
	// then it returns own, the time of the caller's clock. All times of leases, rejected sign-ins and idempotency records come
	// from Now.
	Now(ctx context.Context, own time.Time) (time.Time, error)
	// AcquireLease gives the lease of want.Key to want.Holder until want.ExpiresAt, if it is free at the time now, and returns
	// it with its epoch; else it returns the lease of another holder as it is, and false.
	//
	// A lease is free if it does not exist, if it has expired, or if it ends later than want.ExpiresAt by more than
	// [MaxClockSkew]: only a clock that was wrong could have made that one. It is also free if it is the same as seen (nil: not
	// seen before): a caller that saw it unchanged for as long as a lease lasts does not depend on the clock.
	AcquireLease(ctx context.Context, want Lease, now time.Time, seen *Lease) (held Lease, ok bool, err error)
	// RenewLease moves the end of a lease that is still of the holder and epoch; false if it is not.
	RenewLease(ctx context.Context, l Lease) (bool, error)
	// ReleaseLease removes a lease that is still of the holder and epoch.
	ReleaseLease(ctx context.Context, l Lease) error
}
