package model

import (
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// Status is the state of a connection in one word.
type Status string

// The states of a connection. Working, failing: the result of the last sign-in. Unverified: the credentials were stored
// without a test and have not been tested since. Blank: the credentials were rejected on their first test and deleted.
const (
	StatusWorking    Status = "working"
	StatusFailing    Status = "failing"
	StatusUnverified Status = "unverified"
	StatusBlank      Status = "blank"
)

// Connection is a named target system with settings and sealed credentials.
type Connection struct {
	ID       string
	Name     string
	System   string
	Kind     target.Kind
	Settings target.Settings

	// Revision starts at 1 and changes only when a caller changes name, settings or credentials.
	Revision             int64
	CreatedAt            time.Time
	LastModifiedAt       time.Time
	CredentialsUpdatedAt *time.Time
	// CredentialsExpireAt is when the account's own certificate expires; nil if the credentials contain no certificate.
	CredentialsExpireAt *time.Time
	MetadataRefreshedAt *time.Time

	// CredentialsSetID is the random id of the set of credentials that was submitted last; empty after it was blanked. It is no
	// secret. The target system's own replacements of a secret belong to the same set.
	CredentialsSetID string
	// CredentialsScheme is the authentication scheme that proved the credentials, where the offer of the system decides it; empty
	// if none is known. It changes with a successful sign-in only, and is forgotten when credentials are submitted, also the same.
	CredentialsScheme string
	// CredentialsVerified means that the credentials were accepted at least once. They survive a rejection. Credentials that
	// were never accepted are blanked by their first rejection.
	CredentialsVerified bool
	// CredentialsBlank means that the credentials were rejected on their first test and deleted, or that a person must sign in
	// first. In the second case, secrets may be stored that are used with the sign-in.
	CredentialsBlank bool
	// SubmittedDigest is the keyed digest of the credentials last submitted; nil after they were blanked. Only comparisons use
	// it.
	SubmittedDigest []byte
	// Fault is why the last sign-in failed; nil if it succeeded, and before the first sign-in.
	Fault *Fault
	// Identity is the account that signed in last; nil before the first sign-in.
	Identity *target.Identity
}

// Status derives the status from what is stored.
func (c *Connection) Status() Status {
	switch {
	case c.CredentialsBlank:
		return StatusBlank
	case c.Fault != nil:
		return StatusFailing
	case !c.CredentialsVerified:
		return StatusUnverified
	}
	return StatusWorking
}

// IsPending reports whether a person must sign in before the connection can be used for the first time.
func (c *Connection) IsPending() bool { return c.CredentialsBlank && c.Fault == nil }

// ConnectionDetail is a connection with its related objects.
type ConnectionDetail struct {
	Connection
	// Policies are the sync policies that name the connection now.
	Policies []PolicyReference
	// Uses are the sync policies whose cycles have used the connection, including deleted policies, ordered by first use.
	Uses []Use
	// LastTest is the newest connection test; nil if the connection was never tested.
	LastTest *TestResult
	// Authorization waits for a person; nil if nothing does.
	Authorization *Authorization
	// Warnings report what expires soon or is deprecated, one sentence each that names the field.
	Warnings []string
}

// PolicyReference names a sync policy.
type PolicyReference struct {
	ID      string
	Name    string
	Enabled bool
}

// Use records that cycles of a policy have used a connection. It is permanent, and it keeps the name when the policy is
// deleted.
type Use struct {
	PolicyID   string
	PolicyName string
	FirstAt    time.Time
	LastAt     time.Time
}

// NewConnection is a request to create a connection.
type NewConnection struct {
	Name        string
	System      string
	Settings    target.Settings
	Credentials target.Credentials
	// Verify tests the credentials before anything is stored.
	Verify bool
	// Interactive means that a person signs in afterwards. So it is without credentials that a sign-in is possible with, see
	// [target.System.Waits].
	Interactive bool
}

// ConnectionChange is a request to change a connection, all or nothing. Nil members are not changed.
type ConnectionChange struct {
	Name        *string
	Settings    target.Settings
	Credentials target.Credentials
	// Verify tests changed settings or credentials before anything is stored.
	Verify bool
	// Revalidate signs in again in the same step, as a re-validation does, regardless of Verify.
	Revalidate bool
	// Interactive has a person sign in afterwards, instead of Revalidate.
	Interactive bool
	// Revision is the revision that the caller has read; zero changes any revision.
	Revision int64
}

// ConnectionFilter narrows a list of connections. Empty members match everything.
type ConnectionFilter struct {
	IDs    []string
	Name   string
	Kind   target.Kind
	System string
	Status Status
}
