package model

import "time"

// Policy is a sync policy: one CRM connection, one email connection, enabled or not, and an interval.
type Policy struct {
	ID   string
	Name string
	// CRMConnectionID and EmailConnectionID are empty where the policy has no such connection (any more).
	CRMConnectionID   string
	EmailConnectionID string
	Enabled           bool
	Interval          time.Duration
	Revision          int64
	CreatedAt         time.Time
	LastModifiedAt    time.Time
	// LastCycle is the newest full sync cycle; nil if there was none.
	LastCycle *Cycle
}

// NewPolicy asks for a sync policy to be made.
type NewPolicy struct {
	Name              string
	CRMConnectionID   string
	EmailConnectionID string
	Enabled           bool
	Interval          time.Duration
}

// PolicyChange asks for a change of a sync policy. Nil members stay as they are; an empty id takes a connection out.
type PolicyChange struct {
	Name              *string
	CRMConnectionID   *string
	EmailConnectionID *string
	Enabled           *bool
	Interval          *time.Duration
	Revision          int64
}

// PolicyFilter narrows a list of sync policies. Empty members match everything.
type PolicyFilter struct {
	Name         string
	ConnectionID string
}
