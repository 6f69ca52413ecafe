package api

import "time"

// Connection is a connection as the control plane returns it. It never has secrets of the target system. CredentialsSet and
// ComparisonKey are there only if the request includes them and its client has [ScopeCompare].
type Connection struct {
	ID                   string            `json:"id" format:"uuid" doc:"UUIDv7."`
	Name                 string            `json:"name" doc:"Display name, unique regardless of letter case."`
	System               string            `json:"system" doc:"Target system."`
	Kind                 string            `json:"kind" enum:"crm,email" doc:"Side of the sync; follows from the system."`
	Settings             map[string]string `json:"settings" doc:"Settings as they were submitted."`
	Status               string            `json:"status" enum:"working,failing,unverified,blank" doc:"State at a glance."`
	Revision             int64             `json:"revision" doc:"Changes with name, settings and credentials only; the ETag."`
	CreatedAt            time.Time         `json:"created_at"`
	LastModifiedAt       time.Time         `json:"last_modified_at"`
	CredentialsUpdatedAt *time.Time        `json:"credentials_updated_at,omitempty" doc:"When credentials were last stored."`
	CredentialsExpireAt  *time.Time        `json:"credentials_expire_at,omitempty" doc:"When the account's own certificate expires."`
	MetadataRefreshedAt  *time.Time        `json:"metadata_refreshed_at,omitempty" doc:"When metadata was last read."`
	Fault                *Fault            `json:"fault,omitempty" doc:"Why the last sign-in failed."`
	Identity             *Identity         `json:"identity,omitempty" doc:"Who signed in last."`
	LastTest             *TestResult       `json:"last_test,omitempty"`
	Policies             []PolicyReference `json:"policies" doc:"Sync policies that use the connection."`
	Uses                 []Use             `json:"uses" doc:"Sync policies whose cycles have used it, deleted ones included."`
	Deletable            bool              `json:"deletable"`
	NotDeletableReason   string            `json:"not_deletable_reason,omitempty"`
	Warnings             []string          `json:"warnings" doc:"What expires soon or is deprecated, such as a certificate."`
	// AuthorizationID is the re-validation that waits for a person. AuthorizationURL is a secret, and only in the response about
	// one connection to a client with [ScopeWrite].
	AuthorizationID        string        `json:"authorization_id,omitempty" format:"uuid" doc:"Re-validation by a person."`
	AuthorizationURL       SecretURL     `json:"authorization_url,omitempty" doc:"Secret link, for clients with scope write."`
	AuthorizationExpiresAt *time.Time    `json:"authorization_expires_at,omitempty" doc:"Until when the person can sign in."`
	CredentialsSet         *string       `json:"credentials_set,omitempty" doc:"ID of the last submitted set; empty if blank."`
	ComparisonKey          ComparisonKey `json:"comparison_key,omitempty" doc:"Key to compare with that set; absent for old sets."`
}

// PolicyReference identifies a sync policy.
type PolicyReference struct {
	ID      string `json:"id" format:"uuid"`
	Name    string `json:"name"`
	Enabled bool   `json:"enabled"`
}

// Use records that cycles of a sync policy have used a connection. It stays when the policy is deleted.
type Use struct {
	PolicyID   string    `json:"policy_id" format:"uuid"`
	PolicyName string    `json:"policy_name"`
	FirstAt    time.Time `json:"first_at"`
	LastAt     time.Time `json:"last_at"`
}

// Identity is the identity that signed in to a target system.
type Identity struct {
	Username         string `json:"username,omitempty"`
	UserID           string `json:"user_id,omitempty"`
	OrganizationID   string `json:"organization_id,omitempty"`
	OrganizationName string `json:"organization_name,omitempty"`
	Host             string `json:"host,omitempty"`
}

// Fault is the reason why a target system could not be used.
type Fault struct {
	Code              string   `json:"code"`
	Title             string   `json:"title"`
	Message           string   `json:"message,omitempty" doc:"The system's own message."`
	Help              []string `json:"help" doc:"What to do next, in order."`
	Field             string   `json:"field,omitempty" doc:"Field of the connection to correct."`
	Retryable         bool     `json:"retryable" doc:"Whether a retry without changes can succeed."`
	RetryAfterSeconds int64    `json:"retry_after_seconds,omitempty" doc:"The wait that the system requested."`
	Certain           bool     `json:"certain" doc:"Whether it is a known statement about the secret, such as expired or revoked."`
	Remembered        bool     `json:"remembered,omitempty" doc:"Not called: the system refused the same credentials before."`
}

// CreateConnection is the body of POST /v1/connections.
type CreateConnection struct {
	Name        string            `json:"name" doc:"1 to 200 characters; no control or invisible ones."`
	System      string            `json:"system"`
	Settings    map[string]string `json:"settings,omitempty"`
	Credentials map[string]string `json:"credentials,omitempty" doc:"Secrets: one set, submitted whole."`
	Verify      *bool             `json:"verify,omitempty" default:"true" doc:"Test before storing."`
	Interactive bool              `json:"interactive,omitempty" doc:"A person signs in afterwards; so too without credentials."`
}

// UpdateConnection is the body of PATCH /v1/connections/{id}. Absent members stay as they are.
type UpdateConnection struct {
	Name        *string           `json:"name,omitempty" doc:"1 to 200 characters; no control or invisible ones."`
	Settings    map[string]string `json:"settings,omitempty" doc:"All settings; they replace the stored settings."`
	Credentials map[string]string `json:"credentials,omitempty" doc:"Secrets: one set, submitted whole."`
	Verify      *bool             `json:"verify,omitempty" default:"true" doc:"Test changed settings or credentials before storing."`
	Revalidate  bool              `json:"revalidate,omitempty" doc:"Sign in again in the same step, regardless of verify."`
	Interactive bool              `json:"interactive,omitempty" doc:"With revalidate: a person signs in afterwards."`
}

// UpdateCredentials is the body of PUT /v1/connections/{id}/credentials.
type UpdateCredentials struct {
	Credentials map[string]string `json:"credentials" minProperties:"1" doc:"Secrets: one set, submitted whole."`
	Verify      *bool             `json:"verify,omitempty" default:"true" doc:"Test before storing."`
}

// UpdatedCredentials is the response to UpdateCredentials.
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

// Comparison compares credentials with those last submitted for a connection.
type Comparison struct {
	ConnectionID string            `json:"connection_id" format:"uuid"`
	Credentials  map[string]string `json:"credentials"`
}

// CompareCredentials is the body of POST /v1/credential-comparisons.
type CompareCredentials struct {
	Comparisons []Comparison `json:"comparisons" minItems:"1" maxItems:"100"`
}

// ComparedCredentials is the response to CompareCredentials: one result for each comparison, in their order. A result is empty
// if the control plane withholds it, because too many different sets were compared within an hour.
type ComparedCredentials struct {
	Results []ComparisonResult `json:"results"`
}

// ComparisonResult is the result of one comparison.
type ComparisonResult struct {
	ConnectionID string `json:"connection_id" format:"uuid"`
	Result       string `json:"result,omitempty" enum:"equal,unequal,none"`
}

// The statuses of a connection that does not work.
const (
	// StatusFailing: the last sign-in failed.
	StatusFailing = "failing"
	// StatusBlank: its credentials were deleted because the target system rejected them.
	StatusBlank = "blank"
)

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
	Force     bool   `json:"force,omitempty" doc:"Call the target system even if it rejected the same credentials before."`
}

// TestResult is the result of a connection test. A fault is a result, not an error.
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
	Warnings     []string  `json:"warnings" doc:"Warnings of the connection at that time."`
}

// The results of a connection test, to filter a list of them.
const (
	Passed = "passed"
	Failed = "failed"
)

// PurgeConnection is the body of POST /v1/connections/{id}/purge.
type PurgeConnection struct {
	Name string `json:"name" doc:"The name of the connection, regardless of letter case, as a confirmation."`
}

// Check is one step of a connection test.
type Check struct {
	Name       string `json:"name"`
	Passed     bool   `json:"passed"`
	Message    string `json:"message,omitempty"`
	DurationMS int64  `json:"duration_ms" doc:"Milliseconds."`
}
