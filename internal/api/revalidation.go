package api

import "time"

// Revalidate is the body of POST /v1/connections/{id}/revalidations.
type Revalidate struct {
	Credentials map[string]string `json:"credentials,omitempty" doc:"Secrets: one set, submitted whole. Absent: stored ones."`
}

// Revalidation is one re-validation of a connection: the control plane signed in again and read the metadata.
type Revalidation struct {
	ID           string    `json:"id" format:"uuid"`
	ConnectionID string    `json:"connection_id" format:"uuid"`
	State        string    `json:"state" enum:"succeeded,failed"`
	Message      string    `json:"message" doc:"The documented message if it succeeded, else the fault's title."`
	Fault        *Fault    `json:"fault,omitempty" doc:"Why it failed."`
	FinishedAt   time.Time `json:"finished_at"`
	// MetadataRefreshedAt is nil if it failed, and for systems without metadata.
	MetadataRefreshedAt *time.Time `json:"metadata_refreshed_at,omitempty" doc:"When it read the metadata."`
	MetadataChanged     bool       `json:"metadata_changed,omitempty" doc:"The metadata has changed since it was last read."`
	Connection          Connection `json:"connection" doc:"The connection as it is now."`
}

// The states of a re-validation.
const (
	RevalidationSucceeded = "succeeded"
	RevalidationFailed    = "failed"
)
