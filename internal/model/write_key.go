package model

// WriteKey names what a transaction writes, see [Store]. Two transactions with a common key run one after the other, and a
// transaction without keys runs alone. So a key is enough for a transaction that writes only rows that others write with the same
// key or without keys, and that checks only such rows.
type WriteKey string

// AppendKey is for audit events: their ids grow in the order in which they are committed.
const AppendKey WriteKey = "append"

// LeaseKey is for the lease with the key.
func LeaseKey(key string) WriteKey { return WriteKey("lease/" + key) }

// CycleKey is for the progress of a running cycle and its sync logs.
func CycleKey(cycleID string) WriteKey { return WriteKey("cycle/" + cycleID) }
