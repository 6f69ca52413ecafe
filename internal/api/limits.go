package api

import "time"

// The limits of the contract. Server, engine and provider use these constants and no numbers of their own. What exceeds a
// limit is rejected with a problem that names the limit; nothing is cut off and nothing hangs. The tags of the wire types
// and of the server's inputs cannot use constants: a test compares them with these.

// Limits of a request.
const (
	// MaxBody is the largest body of a request, in bytes. A larger one is rejected with [ProblemTooLarge] (413).
	MaxBody = 1 << 20
	// MaxBodyDepth is the number of levels to which objects and lists of a body may be nested. It is far more than any request
	// of the contract needs; a deeper body is rejected with [ProblemInvalid].
	MaxBodyDepth = 32
	// MaxNameLength is the length of the longest name of a connection, of a sync policy or of a user, in characters (Unicode
	// code points). A longer one is rejected with [ProblemInvalid] (422).
	MaxNameLength = 200
	// MaxEmailLength is the length of the longest email address of a user, in bytes (RFC 5321 section 4.5.3.1.3, less the
	// angle brackets). A longer one is rejected with [ProblemInvalid] (422).
	MaxEmailLength = 254
	// MaxIDLength is the length of the longest id in a path, in characters. It leaves room for ids that are not UUIDs; a
	// longer one is rejected with [ProblemInvalid] (422).
	MaxIDLength = 255
	// MaxIdempotencyKeyLength is the length of the longest Idempotency-Key, in characters. A longer one is rejected with
	// [ProblemInvalid] (422).
	MaxIdempotencyKeyLength = 255
	// MaxRunIDLength is the length of the longest Riva-Run-Id, in characters. A longer one is rejected with [ProblemInvalid] (422).
	MaxRunIDLength = 64
	// MaxRequestIDLength is the length of the longest X-Request-Id that a caller can choose, in bytes. A longer one is not
	// rejected: the control plane chooses an id itself.
	MaxRequestIDLength = 128
)

// Limits of lists and of calls that carry several objects.
const (
	// MaxPage is the number of items in the largest page of a list, and in a page whose size the caller does not choose. A
	// limit above it is rejected with [ProblemInvalid] (422).
	MaxPage = 500
	// MaxCursorLength is the length of the longest cursor, in characters. A longer one is rejected with [ProblemInvalid] (422).
	MaxCursorLength = 64
	// MaxIDs is how many ids the filter of one list can name. More are rejected with [ProblemInvalid] (422).
	MaxIDs = 100
	// MaxProblemUsers is how many users a [ProblemPolicyInUse] names. It has the number of all.
	MaxProblemUsers = 10
	// MaxComparisons is how many connections can be compared in one call. More are rejected with [ProblemInvalid] (422).
	MaxComparisons = 100
	// MaxUnequalComparisons is how many different sets of credentials can compare unequal to those of one connection within
	// [ComparisonWindow]. After that the results of further sets are withheld, so that comparing is not a way to guess.
	MaxUnequalComparisons = 10
	// ComparisonKeySize is the size of a comparison key, in bytes. A client does not use another one: with a key that can be
	// guessed, a digest would not protect what it is made of.
	ComparisonKeySize = 32
	// ComparisonWindow is the time in which unequal comparisons are counted.
	ComparisonWindow = time.Hour
)

// Limits in time.
const (
	// TestTimeout is the time that a connection test can take, including the wait for other sign-ins with the same
	// credentials. A test that takes longer ends with the fault system_not_available.
	TestTimeout = 60 * time.Second
	// SignInPeriod is how long the link for a person is valid, unless the control plane is configured otherwise.
	SignInPeriod = 24 * time.Hour
	// SignInTimeout is the time that a person has between the button of the first page and the return from the target system, and
	// a client to confirm who signed in. After it, the person can start again with the same link.
	SignInTimeout = 15 * time.Minute
	// SecretOverlap is how long the secret of a client stays valid after another one replaced it, unless the request says otherwise.
	SecretOverlap = 24 * time.Hour
	// MaxSecretOverlap is the longest such time. A longer one is rejected with [ProblemInvalid] (422).
	MaxSecretOverlap = 31 * 24 * time.Hour
	// MinInterval is the shortest interval of a sync policy. A shorter one is rejected with [ProblemInvalid] (422).
	MinInterval = 15 * time.Minute
	// MaxInterval is the longest interval of a sync policy. A longer one is rejected with [ProblemInvalid] (422): a cycle that
	// is to run less than once a month is better started by the program that needs it.
	MaxInterval = 31 * 24 * time.Hour
	// IdempotencyPeriod is how long a repeated request gets the first result of its Idempotency-Key. Within it, the key of
	// another request is rejected with [ProblemIdempotencyKey] (422); after it, the key can be used again.
	IdempotencyPeriod = 24 * time.Hour
	// UndeliveredPeriod is how long the result of a create is returned to the same request of another run of its client, if the
	// first run did not confirm that it received the response.
	UndeliveredPeriod = 10 * time.Minute
)

// Numbers of records that are kept of each connection. Older ones are deleted.
const (
	// KeptTests is how many connection tests are kept.
	KeptTests = 100
	// KeptRevalidations is how many re-validations are kept.
	KeptRevalidations = 20
	// MaxSignInAttempts is how many times a person can start to sign in with one link.
	MaxSignInAttempts = 20
)
