package model

import (
	"context"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// Store keeps everything the engine knows, with credentials sealed.
type Store interface {
	// InstanceID identifies the database; it was made with it and never changes.
	InstanceID() string
	// View runs f in a read transaction.
	View(ctx context.Context, f func(Tx) error) error
	// Update runs f in a write transaction, one at a time over all processes that share the store. An error of f rolls back.
	// f must not call a target system: nobody else can write meanwhile.
	Update(ctx context.Context, f func(Tx) error) error
	// Digest is a keyed digest for looking up: the same key, purpose and parts give the same bytes.
	Digest(purpose string, parts ...string) ([]byte, error)
	// Matches reports whether digest was made of purpose and parts, with any key of the keyset.
	Matches(digest []byte, purpose string, parts ...string) bool
	// Ping reports whether the store can be used.
	Ping(ctx context.Context) error
}

// Tx is a transaction. Reads of something that is not there give ErrNotFound; a name or email address that is taken
// gives ErrNameTaken. Names and email addresses are unique regardless of letter case.
type Tx interface {
	ConnectionStore
	PolicyStore
	UserStore
	LeaseStore

	// Attempts are the refusals of the same credentials since a time, oldest first.
	RejectedSignIns(ctx context.Context, digest []byte, since time.Time) ([]RejectedSignIn, error)
	InsertRejectedSignIn(ctx context.Context, a RejectedSignIn) error
	// DeleteAttempts forgets the refusals of a digest, and all that are older than before.
	DeleteRejectedSignIns(ctx context.Context, digest []byte, before time.Time) error

	// Answer finds the first answer to an idempotent request.
	IdempotencyRecord(ctx context.Context, caller, key string) (IdempotencyRecord, error)
	// InsertAnswer remembers it and forgets those older than before.
	InsertIdempotencyRecord(ctx context.Context, a IdempotencyRecord, before time.Time) error

	InsertAudit(ctx context.Context, e AuditEvent) error

	// OnEnd has f called when the transaction has ended, with whether it was committed.
	OnEnd(f func(committed bool))
}

// ConnectionStore keeps connections and what belongs to them.
type ConnectionStore interface {
	Connection(ctx context.Context, id string) (Connection, error)
	ConnectionByName(ctx context.Context, name string) (Connection, error)
	Connections(ctx context.Context, f ConnectionFilter, p Page) ([]Connection, error)
	InsertConnection(ctx context.Context, c Connection) error
	// UpdateConnection writes every column.
	UpdateConnection(ctx context.Context, c Connection) error
	// DeleteConnection removes it with its credentials, metadata, tests and re-validations, and takes it out of the
	// policies that name it.
	DeleteConnection(ctx context.Context, id string) error

	// Credentials opens the sealed credentials. The binding must be the one they were sealed with. ErrNotFound if none are
	// stored; ErrSealed if they cannot be opened.
	Credentials(ctx context.Context, connectionID, binding string) (target.Credentials, error)
	// PutCredentials seals the credentials, with connection and binding in the associated data, and replaces stored ones.
	PutCredentials(ctx context.Context, connectionID, binding string, c target.Credentials) error
	// DeleteCredentials wipes them.
	DeleteCredentials(ctx context.Context, connectionID string) error

	// PoliciesOf and UsesOf tell, for each of the connections, which policies name it and which have used it.
	PoliciesOf(ctx context.Context, connectionIDs []string) (map[string][]PolicyReference, error)
	UsesOf(ctx context.Context, connectionIDs []string) (map[string][]Use, error)
	// LastTests finds the newest test of each of the connections.
	LastTests(ctx context.Context, connectionIDs []string) (map[string]TestResult, error)
	// MarkUsed records that a cycle of the policy uses the connection.
	MarkUsed(ctx context.Context, connectionID string, u Use) error

	// Metadata is what was kept of a CRM's object definitions.
	Metadata(ctx context.Context, connectionID string) (target.Snapshot, error)
	// PutMetadata replaces it.
	PutMetadata(ctx context.Context, connectionID string, s target.Snapshot) error

	Revalidation(ctx context.Context, connectionID, id string) (Revalidation, error)
	// InsertRevalidation keeps a re-validation, and of older ones of the connection the newest keep.
	InsertRevalidation(ctx context.Context, r Revalidation, keep int) error

	// InsertTest keeps a test result, and of older ones of the connection the newest keep.
	InsertTest(ctx context.Context, r TestResult, keep int) error
	// Tests lists the tests of a connection, newest first.
	Tests(ctx context.Context, connectionID string, p Page) ([]TestResult, error)

	// UnequalComparisons counts the different candidates that compared unequal since a time, and tells whether this one did.
	UnequalComparisons(ctx context.Context, connectionID string, candidate []byte, since time.Time) (count int, known bool, err error)
	// InsertUnequalComparison remembers an unequal candidate and forgets those older than before.
	InsertUnequalComparison(ctx context.Context, connectionID string, candidate []byte, at, before time.Time) error
}

// PolicyStore keeps sync policies, their cycles and sync logs.
type PolicyStore interface {
	Policy(ctx context.Context, id string) (Policy, error)
	Policies(ctx context.Context, f PolicyFilter, p Page) ([]Policy, error)
	InsertPolicy(ctx context.Context, p Policy) error
	// UpdatePolicy writes every column, and the new name into the uses that cite the policy.
	UpdatePolicy(ctx context.Context, p Policy) error
	// DeletePolicy removes the policy; uses and sync logs keep its name.
	DeletePolicy(ctx context.Context, id string) error

	Cycle(ctx context.Context, policyID, cycleID string) (Cycle, error)
	// CycleByID finds a cycle whose policy may be gone.
	CycleByID(ctx context.Context, id string) (Cycle, error)
	// RunningCycle finds the cycle of the policy that has not ended.
	RunningCycle(ctx context.Context, policyID string) (Cycle, error)
	// InsertCycle adds a cycle. While another one of its policy runs, the error is ErrCycleRunning.
	InsertCycle(ctx context.Context, c Cycle) error
	// SaveCycle writes what changes while a cycle runs, if it still runs in the epoch; else the error is ErrCycleLost.
	SaveCycle(ctx context.Context, c Cycle) error
	// TakeCycle writes lease and epoch of a running cycle that has the epoch before; else the error is ErrCycleLost.
	TakeCycle(ctx context.Context, c Cycle) error
	// RenewCycle moves the end of the lease of a running cycle that has the epoch; else the error is ErrCycleLost.
	RenewCycle(ctx context.Context, c Cycle) error
	// RequestCancel notes that a running cycle is to end early.
	RequestCancel(ctx context.Context, id string, at time.Time) error
	InsertSyncLogs(ctx context.Context, logs []SyncLog) error
	// SyncLogs lists newest first.
	SyncLogs(ctx context.Context, f SyncLogFilter, p Page) ([]SyncLog, error)
}

// UserStore keeps the users of the User Manager.
type UserStore interface {
	User(ctx context.Context, id string) (User, error)
	Users(ctx context.Context, f UserFilter, p Page) ([]User, error)
	InsertUser(ctx context.Context, u User) error
	UpdateUser(ctx context.Context, u User) error
	DeleteUser(ctx context.Context, id string) error
	// CountUsers counts those that Users lists.
	CountUsers(ctx context.Context, f UserFilter) (int, error)
}
