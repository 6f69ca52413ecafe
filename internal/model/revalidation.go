package model

import (
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// RevalidationRequest asks for a connection to be re-validated.
type RevalidationRequest struct {
	// Credentials are what to sign in with, and to store; nil: what is stored.
	Credentials target.Credentials
	// Revision is the one that the caller has seen; zero re-validates whatever is there.
	Revision int64
}

// Revalidation is what came of a re-validation.
type Revalidation struct {
	ID           string
	ConnectionID string
	// Fault is why it failed; nil if it succeeded.
	Fault *Fault
	// Remembered tells that the target was not asked: the fault is the answer it gave before.
	Remembered bool
	FinishedAt time.Time
	// MetadataRefreshedAt is when it read the metadata; nil if it did not.
	MetadataRefreshedAt *time.Time
	// MetadataChanged tells that the metadata differs from what was read before.
	MetadataChanged bool
}

// RevalidationDetail is what came of a re-validation, with the connection as it is now.
type RevalidationDetail struct {
	Revalidation
	Connection ConnectionDetail
}
