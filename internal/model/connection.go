package model

import (
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// Status tells the state of a connection at a glance.
type Status string

// The states of a connection. Working, failing: what the last sign-in found. Unverified: stored without a test and not
// tested since. Blank: the credentials were refused on their first test and wiped.
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
	// CredentialsExpireAt is when the account's own certificate ends; nil if the credentials hold none.
	CredentialsExpireAt *time.Time
	MetadataRefreshedAt *time.Time

	// CredentialsVerified credentials were accepted at least once, and survive a refusal. Others are blanked by their first one.
	CredentialsVerified bool
	// CredentialsBlank means that the credentials were refused on their first test and deleted.
	CredentialsBlank bool
	// SubmittedDigest is the keyed digest of the credentials last submitted; nil once they were wiped. Only comparisons use it.
	SubmittedDigest []byte
	// Fault is why the last sign-in failed; nil if it worked or none was tried.
	Fault *Fault
	// Identity is who signed in last; nil before the first sign-in.
	Identity *target.Identity
}

// Status sums up what is known.
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

// ConnectionDetail is a connection with what stands around it.
type ConnectionDetail struct {
	Connection
	// Policies name the connection now.
	Policies []PolicyReference
	// Uses are the sync policies whose cycles have used it, deleted ones included, by first use.
	Uses []Use
	// LastTest is the newest connection test; nil if there was none.
	LastTest *TestResult
	// Warnings say what works today and will not for long, a sentence each that names the field.
	Warnings []string
}

// PolicyReference names a sync policy.
type PolicyReference struct {
	ID      string
	Name    string
	Enabled bool
}

// Use is the fact, for ever after, that cycles of a policy have used a connection. The name stays when the policy goes.
type Use struct {
	PolicyID   string
	PolicyName string
	FirstAt    time.Time
	LastAt     time.Time
}

// NewConnection asks for a connection to be made.
type NewConnection struct {
	Name        string
	System      string
	Settings    target.Settings
	Credentials target.Credentials
	// Verify tests the credentials before anything is stored.
	Verify bool
}

// ConnectionChange asks for a change of a connection, all or nothing. Nil members stay as they are.
type ConnectionChange struct {
	Name        *string
	Settings    target.Settings
	Credentials target.Credentials
	// Verify tests changed settings or credentials before anything is stored.
	Verify bool
	// Revalidate signs in afresh in the same step, whatever Verify says; as a re-validation does.
	Revalidate bool
	// Revision is the one that the caller has seen; zero changes whatever is there.
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
