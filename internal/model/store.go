package model

import (
	"context"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// Store stores everything that the engine works with. Credentials are sealed.
type Store interface {
	// InstanceID identifies the database. It is created with the database and never changes.
	InstanceID() string
	// View runs f in a read transaction.
	View(ctx context.Context, f func(Tx) error) error
	// Read is View for an f that calls one method of Tx, which must run one statement: on a server, that is three times as fast.
	Read(ctx context.Context, f func(Tx) error) error
	// Update runs f in a write transaction. Without keys, only this one runs over all processes that share the store. Keys say
	// what f writes: it may run beside others with other keys, which is faster on a server, and f may be called again after a
	// conflict, so it must not depend on what an earlier call left behind. An error of f rolls back. f must not call a target
	// system, since other writes wait until it returns.
	Update(ctx context.Context, f func(Tx) error, keys ...WriteKey) error
	// AuditEvents lists newest first. It is not part of a transaction: it waits for those that may write an earlier event than the
	// newest one.
	AuditEvents(ctx context.Context, f AuditFilter, p Page) ([]AuditEvent, error)
	// Digest returns a keyed digest for lookups: the same key, purpose and parts give the same bytes.
	Digest(purpose string, parts ...string) ([]byte, error)
	// Matches reports whether digest was made from purpose and parts, with any key of the keyset.
	Matches(digest []byte, purpose string, parts ...string) bool
	// Ping reports whether the store can be used.
	Ping(ctx context.Context) error
}

// Tx is a transaction. Reading an object that does not exist returns ErrNotFound. Writing a name or email address that
// another object has returns ErrNameTaken: they are unique in their folded form, see package names. Lists return an error
// for a page without a limit.
type Tx interface {
	ConnectionStore
	PolicyStore
	UserStore
	LeaseStore
	AuthorizationStore
	AccessStore

	// RejectedSignIns lists the rejected sign-ins with the same digest between two times, oldest first.
	RejectedSignIns(ctx context.Context, digest []byte, since, until time.Time) ([]RejectedSignIn, error)
	InsertRejectedSignIn(ctx context.Context, r RejectedSignIn) error
	// DeleteRejectedSignIns deletes the rejected sign-ins of a digest, and all that are older than before.
	DeleteRejectedSignIns(ctx context.Context, digest []byte, before time.Time) error

	// RotatedCredentials finds submitted credentials as the target system has rotated them, by the digest of the sign-in with
	// the submitted ones. The digest covers what they are bound to.
	RotatedCredentials(ctx context.Context, digest []byte) (target.Credentials, error)
	// PutRotatedCredentials stores them sealed, and deletes those that are older than before.
	PutRotatedCredentials(ctx context.Context, digest []byte, c target.Credentials, at, before time.Time) error
	// DeleteRotatedCredentials deletes them once they are stored with a connection.
	DeleteRotatedCredentials(ctx context.Context, digest []byte) error

	// IdempotencyRecord finds the first result of an idempotent request.
	IdempotencyRecord(ctx context.Context, caller, key string) (IdempotencyRecord, error)
	// InsertIdempotencyRecord stores the result and deletes records that are older than before.
	InsertIdempotencyRecord(ctx context.Context, r IdempotencyRecord, before time.Time) error
	// UndeliveredRecord finds the newest result of a request that created the object, if its delivery is not known.
	UndeliveredRecord(ctx context.Context, objectID string) (IdempotencyRecord, error)
	// MarkRunDelivered records that the responses about what a run created were delivered.
	MarkRunDelivered(ctx context.Context, runID string) error
	// MarkObjectDelivered records that the response to a run about the creation of an object was delivered. If that is recorded
	// already, the error is ErrNotFound.
	MarkObjectDelivered(ctx context.Context, objectID, runID string) error

	InsertAudit(ctx context.Context, e AuditEvent) error

	// OnEnd has f called when the transaction has ended, with whether it was committed.
	OnEnd(f func(committed bool))
}

// ConnectionStore stores connections and what belongs to them.
type ConnectionStore interface {
	Connection(ctx context.Context, id string) (Connection, error)
	ConnectionByName(ctx context.Context, name string) (Connection, error)
	// ConnectionDetail and Connections return connections with everything but the warnings.
	ConnectionDetail(ctx context.Context, id string) (ConnectionDetail, error)
	Connections(ctx context.Context, f ConnectionFilter, p Page) ([]ConnectionDetail, error)
	InsertConnection(ctx context.Context, c Connection) error
	// UpdateConnection writes every column.
	UpdateConnection(ctx context.Context, c Connection) error
	// DeleteConnection deletes it with its credentials, metadata, tests and re-validations, and removes it from the policies
	// that name it.
	DeleteConnection(ctx context.Context, id string) error

	// Credentials opens the sealed credentials of a connection. The binding must be the one that they were sealed with. The error
	// is ErrNotFound if no credentials are stored, and ErrSealed if they cannot be opened.
	Credentials(ctx context.Context, b Binding) (target.Credentials, error)
	// PutCredentials seals the credentials, with the binding in the associated data, and replaces stored ones.
	PutCredentials(ctx context.Context, b Binding, c target.Credentials) error
	// DeleteCredentials deletes the credentials and their comparison key.
	DeleteCredentials(ctx context.Context, connectionID string) error

	// PutComparisonKey seals the comparison key of the set of credentials that was submitted last, and replaces that of the set
	// before. The credentials must be stored.
	PutComparisonKey(ctx context.Context, connectionID, setID string, key []byte) error
	// ComparisonKeys opens the comparison keys of sets of credentials, given and returned by the id of their connection. A set
	// that was replaced, that was blanked, or that is older than comparison keys has none.
	ComparisonKeys(ctx context.Context, setIDs map[string]string) (map[string][]byte, error)

	// MarkUsed records that a cycle of the policy uses the connection.
	MarkUsed(ctx context.Context, connectionID string, u Use) error

	// Metadata returns the stored object definitions of a CRM.
	Metadata(ctx context.Context, connectionID string) (target.Snapshot, error)
	// PutMetadata replaces them.
	PutMetadata(ctx context.Context, connectionID string, s target.Snapshot) error

	Revalidation(ctx context.Context, connectionID, id string) (Revalidation, error)
	// InsertRevalidation stores a re-validation and deletes all but the newest keep of the connection.
	InsertRevalidation(ctx context.Context, r Revalidation, keep int) error

	// InsertTest stores a test result and deletes all but the newest keep of the connection.
	InsertTest(ctx context.Context, r TestResult, keep int) error
	// Tests lists the tests of a connection, newest first.
	Tests(ctx context.Context, connectionID string, f TestFilter, p Page) ([]TestResult, error)

	// UnequalComparisons counts the different candidates that compared unequal between two times, and reports whether this
	// one is among them.
	UnequalComparisons(ctx context.Context, connectionID string, candidate []byte, since, until time.Time) (
		count int, known bool, err error)
	// InsertUnequalComparison stores an unequal candidate and deletes those that are older than before.
	InsertUnequalComparison(ctx context.Context, connectionID string, candidate []byte, at, before time.Time) error
}

// PolicyStore stores sync policies, their cycles and sync logs.
type PolicyStore interface {
	Policy(ctx context.Context, id string) (Policy, error)
	Policies(ctx context.Context, f PolicyFilter, p Page) ([]Policy, error)
	InsertPolicy(ctx context.Context, p Policy) error
	// UpdatePolicy writes every column, and the new name into the uses that name the policy.
	UpdatePolicy(ctx context.Context, p Policy) error
	// DeletePolicy deletes the policy, which must have no users. Uses and sync logs keep its name.
	DeletePolicy(ctx context.Context, id string) error

	Cycle(ctx context.Context, policyID, cycleID string) (Cycle, error)
	// CycleByID finds a cycle without its policy, which may be deleted.
	CycleByID(ctx context.Context, id string) (Cycle, error)
	// RunningCycle finds the running cycle of the policy.
	RunningCycle(ctx context.Context, policyID string) (Cycle, error)
	// InsertCycle adds a cycle. While another one of its policy runs, the error is ErrCycleRunning.
	InsertCycle(ctx context.Context, c Cycle) error
	// SaveCycle writes what changes while a cycle runs, if it still runs in the epoch; else the error is ErrCycleLost.
	SaveCycle(ctx context.Context, c Cycle) error
	// TakeCycle writes lease and epoch of a running cycle that has the epoch before; else the error is ErrCycleLost.
	TakeCycle(ctx context.Context, c Cycle) error
	// RenewCycle moves the end of the lease of a running cycle that has the epoch; else the error is ErrCycleLost.
	RenewCycle(ctx context.Context, c Cycle) error
	// LeftCycles lists running cycles whose lease ended before now, or ends after latest, which no correct clock could have given.
	LeftCycles(ctx context.Context, now, latest time.Time, limit int) ([]Cycle, error)
	// CountWaitingCycles counts running cycles that no process has taken.
	CountWaitingCycles(ctx context.Context) (int, error)
	// RequestCancel notes that a running cycle is to end early.
	RequestCancel(ctx context.Context, id string, at time.Time) error
	InsertSyncLogs(ctx context.Context, logs []SyncLog) error
	// SyncLogs lists newest first.
	SyncLogs(ctx context.Context, f SyncLogFilter, p Page) ([]SyncLog, error)
}

// UserStore stores the users of the User Manager.
type UserStore interface {
	User(ctx context.Context, id string) (User, error)
	Users(ctx context.Context, f UserFilter, p Page) ([]User, error)
	InsertUser(ctx context.Context, u User) error
	UpdateUser(ctx context.Context, u User) error
	DeleteUser(ctx context.Context, id string) error
	// CountUsers counts those that Users lists.
	CountUsers(ctx context.Context, f UserFilter) (int, error)
}
