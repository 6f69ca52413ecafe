package model

import "time"

// Policy is a sync policy: one CRM connection, one email connection, enabled or not, and an interval.
type Policy struct {
	ID   string
	Name string
	// CRMConnectionID and EmailConnectionID are empty if the policy has no such connection, or no longer has one.
	CRMConnectionID   string
	EmailConnectionID string
	Enabled           bool
	Interval          time.Duration
	Revision          int64
	CreatedAt         time.Time
	LastModifiedAt    time.Time
	// LastCycle is the newest full sync cycle; nil before the first cycle.
	LastCycle *Cycle
}

// NewPolicy is a request to create a sync policy.
type NewPolicy struct {
	Name              string
	CRMConnectionID   string
	EmailConnectionID string
	Enabled           bool
	Interval          time.Duration
}

// PolicyChange is a request to change a sync policy. Nil members are not changed; an empty id removes a connection.
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
	IDs          []string
	Name         string
	ConnectionID string
}
