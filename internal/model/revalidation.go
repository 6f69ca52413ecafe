package model

import (
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// RevalidationRequest is a request to re-validate a connection.
type RevalidationRequest struct {
	// Credentials are what to sign in with and to store; nil uses the stored credentials.
	Credentials target.Credentials
	// Interactive has a person sign in, in a browser, whatever credentials are stored.
	Interactive bool
	// AnyPerson means that the caller confirms who signed in, see [Authorization].
	AnyPerson bool
	// Revision is the revision that the caller has read; zero re-validates any revision.
	Revision int64
}

// Revalidation is the record of a re-validation.
type Revalidation struct {
	ID           string
	ConnectionID string
	// Fault is why it failed; nil if it succeeded.
	Fault *Fault
	// Remembered means that the target system was not contacted: the fault is the result of an earlier sign-in.
	Remembered bool
	FinishedAt time.Time
	// MetadataRefreshedAt is when it read the metadata; nil if it did not.
	MetadataRefreshedAt *time.Time
	// MetadataChanged means that the metadata differs from the metadata that was stored before.
	MetadataChanged bool
}

// RevalidationDetail is a re-validation with the connection as it is now.
type RevalidationDetail struct {
	Revalidation
	// Authorization is the request to a person that it is, or was; nil if no person signs in.
	Authorization *Authorization
	Connection    ConnectionDetail
}
