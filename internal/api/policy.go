package api

import "time"

// Policy is a sync policy as the control plane returns it.
type Policy struct {
	ID                string    `json:"id" format:"uuid"`
	Name              string    `json:"name"`
	CRMConnectionID   *string   `json:"crm_connection_id,omitempty" format:"uuid"`
	EmailConnectionID *string   `json:"email_connection_id,omitempty" format:"uuid"`
	Enabled           bool      `json:"enabled"`
	IntervalSeconds   int64     `json:"interval_seconds" minimum:"900" maximum:"2678400"`
	Revision          int64     `json:"revision"`
	CreatedAt         time.Time `json:"created_at"`
	LastModifiedAt    time.Time `json:"last_modified_at"`
	LastCycle         *Cycle    `json:"last_cycle,omitempty"`
}

// CreatePolicy is the body of POST /v1/sync-policies.
type CreatePolicy struct {
	Name              string  `json:"name" doc:"1 to 200 characters; no control or invisible ones."`
	CRMConnectionID   *string `json:"crm_connection_id,omitempty"`
	EmailConnectionID *string `json:"email_connection_id,omitempty"`
	Enabled           bool    `json:"enabled"`
	IntervalSeconds   int64   `json:"interval_seconds" doc:"900 (15 minutes) to 2678400 (31 days)."`
}

// UpdatePolicy is the body of PATCH /v1/sync-policies/{id}. Absent members stay as they are; an empty connection id removes
// the connection.
type UpdatePolicy struct {
	Name              *string `json:"name,omitempty" doc:"1 to 200 characters; no control or invisible ones."`
	CRMConnectionID   *string `json:"crm_connection_id,omitempty"`
	EmailConnectionID *string `json:"email_connection_id,omitempty"`
	Enabled           *bool   `json:"enabled,omitempty"`
	IntervalSeconds   *int64  `json:"interval_seconds,omitempty" doc:"900 (15 minutes) to 2678400 (31 days)."`
}

// PolicyFilter narrows a list of sync policies. Empty members match everything.
type PolicyFilter struct {
	IDs          []string
	Name         string
	ConnectionID string
}

// Cycle is one full sync cycle of a policy.
type Cycle struct {
	ID          string     `json:"id" format:"uuid"`
	PolicyID    string     `json:"policy_id" format:"uuid"`
	State       string     `json:"state" enum:"running,finished,interrupted"`
	StartedAt   time.Time  `json:"started_at"`
	FinishedAt  *time.Time `json:"finished_at,omitempty"`
	UsersTotal  int        `json:"users_total"`
	UsersDone   int        `json:"users_done"`
	UsersFaulty int        `json:"users_faulty"`
	Fault       *Fault     `json:"fault,omitempty" doc:"A fault of a connection: it affects every enabled user of the policy."`
}

// The states of a cycle.
const (
	CycleRunning     = "running"
	CycleFinished    = "finished"
	CycleInterrupted = "interrupted"
)

// SyncLog is the result of a cycle for a user and one connection of the policy.
type SyncLog struct {
	ID             string    `json:"id" format:"uuid"`
	CycleID        string    `json:"cycle_id" format:"uuid"`
	PolicyID       string    `json:"policy_id" format:"uuid"`
	PolicyName     string    `json:"policy_name"`
	UserID         string    `json:"user_id" format:"uuid"`
	UserEmail      string    `json:"user_email"`
	ConnectionID   string    `json:"connection_id" format:"uuid"`
	ConnectionName string    `json:"connection_name"`
	At             time.Time `json:"at"`
	Passed         bool      `json:"passed"`
	Message        string    `json:"message,omitempty"`
	Fault          *Fault    `json:"fault,omitempty"`
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

// User is a person in the User Manager.
type User struct {
	ID             string    `json:"id" format:"uuid"`
	Email          string    `json:"email"`
	DisplayName    string    `json:"display_name,omitempty"`
	Enabled        bool      `json:"enabled"`
	SyncPolicyID   *string   `json:"sync_policy_id,omitempty" format:"uuid" doc:"The one policy whose cycles check the user."`
	Revision       int64     `json:"revision"`
	CreatedAt      time.Time `json:"created_at"`
	LastModifiedAt time.Time `json:"last_modified_at"`
}

// CreateUser is the body of POST /v1/users.
type CreateUser struct {
	Email        string  `json:"email"`
	DisplayName  string  `json:"display_name,omitempty" doc:"At most 200 characters; no control or invisible ones."`
	Enabled      bool    `json:"enabled"`
	SyncPolicyID *string `json:"sync_policy_id,omitempty"`
}

// UpdateUser is the body of PATCH /v1/users/{id}. Absent members stay as they are; an empty policy id ends the assignment.
type UpdateUser struct {
	Email        *string `json:"email,omitempty"`
	DisplayName  *string `json:"display_name,omitempty" doc:"At most 200 characters; no control or invisible ones."`
	Enabled      *bool   `json:"enabled,omitempty"`
	SyncPolicyID *string `json:"sync_policy_id,omitempty" doc:"An empty text ends the assignment."`
}

// UserReference is a user that a problem is about.
type UserReference struct {
	ID    string `json:"id" format:"uuid"`
	Email string `json:"email"`
}

// UserFilter narrows a list of users. Empty members match everything.
type UserFilter struct {
	IDs     []string
	Email   string
	Enabled *bool
	// SyncPolicyID selects the users that are assigned to the policy.
	SyncPolicyID string
}
