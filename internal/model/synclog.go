package model

import "time"

// SyncLog is what a cycle wrote for one user about one connection of the policy.
type SyncLog struct {
	ID             string
	CycleID        string
	PolicyID       string
	PolicyName     string
	UserID         string
	UserEmail      string
	ConnectionID   string
	ConnectionName string
	At             time.Time
	Passed         bool
	// Message is one line about the result.
	Message string
	Fault   *Fault
}

// SyncLogFilter narrows a list of sync logs. Empty members match everything.
type SyncLogFilter struct {
	UserEmail    string
	PolicyID     string
	ConnectionID string
	CycleID      string
	OnlyErrors   bool
	Since        time.Time
}
