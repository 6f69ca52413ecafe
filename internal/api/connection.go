package api

import "time"

// Connection is a connection as the control plane answers it. Secrets never travel this way.
type Connection struct {
	ID                   string            `json:"id" format:"uuid" doc:"UUIDv7."`
	Name                 string            `json:"name" doc:"Display name, unique regardless of letter case."`
	System               string            `json:"system" doc:"Target system."`
	Kind                 string            `json:"kind" enum:"crm,email" doc:"Side of the sync; follows from the system."`
	Settings             map[string]string `json:"settings" doc:"Settings as they were given."`
	Status               string            `json:"status" enum:"working,failing,unverified,blank" doc:"State at a glance."`
	Revision             int64             `json:"revision" doc:"Changes with name, settings and credentials only; the ETag."`
	CreatedAt            time.Time         `json:"created_at"`
	LastModifiedAt       time.Time         `json:"last_modified_at"`
	CredentialsUpdatedAt *time.Time        `json:"credentials_updated_at,omitempty" doc:"When credentials were last stored."`
	CredentialsExpireAt  *time.Time        `json:"credentials_expire_at,omitempty" doc:"When the account's own certificate ends."`
	MetadataRefreshedAt  *time.Time        `json:"metadata_refreshed_at,omitempty" doc:"When metadata was last read."`
	Fault                *Fault            `json:"fault,omitempty" doc:"Why the last sign-in failed."`
	Identity             *Identity         `json:"identity,omitempty" doc:"Who signed in last."`
	LastTest             *TestResult       `json:"last_test,omitempty"`
	Policies             []PolicyReference `json:"policies" doc:"Sync policies that name the connection."`
	Uses                 []Use             `json:"uses" doc:"Sync policies whose cycles have used it, deleted ones included."`
	Deletable            bool              `json:"deletable"`
	NotDeletableReason   string            `json:"not_deletable_reason,omitempty"`
	Warnings             []string          `json:"warnings" doc:"What will not work for long, such as a certificate near its end."`
}

// PolicyReference names a sync policy.
type PolicyReference struct {
	ID      string `json:"id" format:"uuid"`
	Name    string `json:"name"`
	Enabled bool   `json:"enabled"`
}

// Use is the fact that cycles of a sync policy have used a connection. It outlives the policy.
type Use struct {
	PolicyID   string    `json:"policy_id" format:"uuid"`
	PolicyName string    `json:"policy_name"`
	FirstAt    time.Time `json:"first_at"`
	LastAt     time.Time `json:"last_at"`
}

// Identity is who signed in to a target system.
type Identity struct {
	Username         string `json:"username,omitempty"`
	UserID           string `json:"user_id,omitempty"`
	OrganizationID   string `json:"organization_id,omitempty"`
	OrganizationName string `json:"organization_name,omitempty"`
	Host             string `json:"host,omitempty"`
}

// Fault says why a target system could not be used.
type Fault struct {
	Code              string   `json:"code"`
	Title             string   `json:"title"`
	Message           string   `json:"message,omitempty" doc:"The system's own words."`
	Help              []string `json:"help" doc:"What to do next, in order."`
	Field             string   `json:"field,omitempty" doc:"Field of the connection to mend."`
	Retryable         bool     `json:"retryable" doc:"Whether a retry can succeed by itself."`
	RetryAfterSeconds int64    `json:"retry_after_seconds,omitempty" doc:"The wait that the system asked for."`
	Remembered        bool     `json:"remembered,omitempty" doc:"The target was not asked: it refused the same credentials before."`
}

// CreateConnection is the body of POST /v1/connections.
type CreateConnection struct {
	Name        string            `json:"name" doc:"1 to 200 characters; no control or invisible ones."`
	System      string            `json:"system"`
	Settings    map[string]string `json:"settings,omitempty"`
	Credentials map[string]string `json:"credentials,omitempty" doc:"Secrets: one set, submitted whole."`
	Verify      *bool             `json:"verify,omitempty" default:"true" doc:"Test before storing."`
}

// UpdateConnection is the body of PATCH /v1/connections/{id}. Absent members stay as they are.
type UpdateConnection struct {
	Name        *string           `json:"name,omitempty" doc:"1 to 200 characters; no control or invisible ones."`
	Settings    map[string]string `json:"settings,omitempty" doc:"All settings; replaces the stored ones."`
	Credentials map[string]string `json:"credentials,omitempty" doc:"Secrets: one set, submitted whole."`
	Verify      *bool             `json:"verify,omitempty" default:"true" doc:"Test changed settings or credentials before storing."`
	Revalidate  bool              `json:"revalidate,omitempty" doc:"Sign in again in the same step, whatever verify says."`
}

// UpdateCredentials is the body of PUT /v1/connections/{id}/credentials.
type UpdateCredentials struct {
	Credentials map[string]string `json:"credentials" minProperties:"1" doc:"Secrets: one set, submitted whole."`
	Verify      *bool             `json:"verify,omitempty" default:"true" doc:"Test before storing."`
}

// UpdatedCredentials is its answer.
type UpdatedCredentials struct {
	Message    string     `json:"message" doc:"The documented message, such as: Password updated successfully."`
	Connection Connection `json:"connection"`
}

// ConnectionFilter narrows a list of connections. Empty members match everything.
type ConnectionFilter struct {
	IDs    []string
	Name   string
	Kind   string
	System string
	Status string
}

// Comparison asks whether credentials are the ones last submitted for a connection.
type Comparison struct {
	ConnectionID string            `json:"connection_id" format:"uuid"`
	Credentials  map[string]string `json:"credentials"`
}

// CompareCredentials is the body of POST /v1/credential-comparisons.
type CompareCredentials struct {
	Comparisons []Comparison `json:"comparisons" minItems:"1" maxItems:"100"`
}

// ComparedCredentials is its answer: one result a comparison, in their order. Result is empty where the control plane
// withholds it, since too many different sets were compared within the hour.
type ComparedCredentials struct {
	Results []ComparisonResult `json:"results"`
}

// ComparisonResult answers one comparison.
type ComparisonResult struct {
	ConnectionID string `json:"connection_id" format:"uuid"`
	Result       string `json:"result,omitempty" enum:"equal,unequal,none"`
}

// The results of a comparison.
const (
	Equal      = "equal"
	Unequal    = "unequal"
	NoneStored = "none"
)

// RunTest is the body of POST /v1/connections/{id}/tests.
type RunTest struct {
	Account   string `json:"account,omitempty" enum:"service_account,user" default:"service_account"`
	UserEmail string `json:"user_email,omitempty"`
	Test      string `json:"test,omitempty" default:"general"`
	Force     bool   `json:"force,omitempty" doc:"Ask the target even if it refused the same credentials before."`
}

// TestResult is what a connection test found. A fault is an answer, not an error.
type TestResult struct {
	ID           string    `json:"id" format:"uuid"`
	ConnectionID string    `json:"connection_id" format:"uuid"`
	Account      string    `json:"account"`
	UserEmail    string    `json:"user_email,omitempty"`
	Test         string    `json:"test"`
	Passed       bool      `json:"passed"`
	Summary      string    `json:"summary" doc:"One line: the fault's title, or what passed."`
	Fault        *Fault    `json:"fault,omitempty"`
	Identity     *Identity `json:"identity,omitempty"`
	Checks       []Check   `json:"checks"`
	TestedAt     time.Time `json:"tested_at"`
	Remembered   bool      `json:"remembered"`
	Warnings     []string  `json:"warnings" doc:"Those of the connection at that time."`
}

// Check is one step of a connection test.
type Check struct {
	Name       string `json:"name"`
	Passed     bool   `json:"passed"`
	Message    string `json:"message,omitempty"`
	DurationMS int64  `json:"duration_ms" doc:"Milliseconds."`
}
