package model

import "time"

// User is a person in the User Manager.
type User struct {
	ID          string
	Email       string
	DisplayName string
	Enabled     bool
	// SyncPolicyID is the one sync policy whose cycles check the user. If it is empty, the cycles of every policy do.
	SyncPolicyID   string
	Revision       int64
	CreatedAt      time.Time
	LastModifiedAt time.Time
}

// NewUser is a request to create a user.
type NewUser struct {
	Email       string
	DisplayName string
	Enabled     bool
	// SyncPolicyID is empty for a user that every policy's cycles check.
	SyncPolicyID string
}

// UserChange is a request to change a user. Nil members are not changed; an empty policy id ends the assignment.
type UserChange struct {
	Email        *string
	DisplayName  *string
	Enabled      *bool
	SyncPolicyID *string
	Revision     int64
}

// UserFilter narrows a list of users. Empty members match everything.
type UserFilter struct {
	IDs     []string
	Email   string
	Enabled *bool
	// SyncPolicyID selects the users that are assigned to the policy.
	SyncPolicyID string
	// CheckedBy selects the users that the cycles of the policy check: those assigned to it, and those assigned to none.
	CheckedBy string
}
