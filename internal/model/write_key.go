package model

import (
	"encoding/base64"
	"strings"
)

// WriteKey names what a transaction writes, see [Store]. Two transactions with a common key run one after the other, and a
// transaction without keys runs alone. So a key is enough for a transaction that writes only rows that others write with the same
// key or without keys, and that decides only by such rows.
//
// Three things do not need a key. New objects: unique indexes decide who gets a name. Objects that a transaction refers to, such
// as the policy of a user: connections and policies are deleted without keys, since deleting them changes what refers to them.
// Expired rows: a prune leaves out those that another transaction is changing.
type WriteKey string

// AppendKey is for rows that only this transaction knows, such as an audit event or a new object. It is a common key of none.
const AppendKey WriteKey = "append"

// RequestKey is for the result of the request of a caller with an idempotency key: a repeated request waits for the first one.
func RequestKey(caller, idempotencyKey string) WriteKey {
	return WriteKey("request/" + base64.RawURLEncoding.EncodeToString([]byte(caller)) + "/" + idempotencyKey)
}

// RunKey is for the marks that a run of a client received its responses.
func RunKey(runID string) WriteKey { return WriteKey("run/" + runID) }

// UserKey is for a user.
func UserKey(id string) WriteKey { return WriteKey("user/" + id) }

// ConnectionKey is for a connection and what belongs to it: its credentials, metadata, tests, re-validations and comparisons.
func ConnectionKey(id string) WriteKey { return WriteKey("connection/" + id) }

// PolicyKey is for a sync policy, and for its name in the uses of connections.
func PolicyKey(id string) WriteKey { return WriteKey("policy/" + id) }

// ClientKey is for a client with its secrets and trusts.
func ClientKey(id string) WriteKey { return WriteKey("client/" + id) }

// TokenKeysKey is for the keys that sign access tokens.
const TokenKeysKey WriteKey = "token-keys"

// RejectionKey is for the rejected sign-ins with the digest.
func RejectionKey(digest []byte) WriteKey { return digestKey("rejection", digest) }

// RotatedKey is for the rotated form of submitted credentials with the digest.
func RotatedKey(digest []byte) WriteKey { return digestKey("rotated", digest) }

func digestKey(kind string, digest []byte) WriteKey {
	return WriteKey(kind + "/" + base64.RawURLEncoding.EncodeToString(digest))
}

// LeaseKey is for the lease with the key.
func LeaseKey(key string) WriteKey { return WriteKey(leasePrefix + key) }

// CycleKey is for the progress of a running cycle and its sync logs.
func CycleKey(cycleID string) WriteKey { return WriteKey(cyclePrefix + cycleID) }

const (
	leasePrefix = "lease/"
	cyclePrefix = "cycle/"
)

// OfLease reports whether the key is for a lease or a running cycle. A process that cannot renew one in time loses it, so
// that these transactions do not wait for a connection to the database that others use.
func (k WriteKey) OfLease() bool {
	return strings.HasPrefix(string(k), leasePrefix) || strings.HasPrefix(string(k), cyclePrefix)
}
