package api

import "time"

// Revalidate is the body of POST /v1/connections/{id}/revalidations.
type Revalidate struct {
	Credentials map[string]string `json:"credentials,omitempty" doc:"Secrets: one set, submitted whole. Absent: stored ones."`
	Interactive bool              `json:"interactive,omitempty" doc:"A person signs in, in a browser, whatever is stored."`
	Confirm     bool              `json:"confirm,omitempty" doc:"Any account may sign in; the client confirms who did."`
}

// Revalidation is one re-validation of a connection: the control plane signed in again and read the metadata. Or a person is to
// sign in, or did: then a failed attempt leaves it pending, with the fault of the attempt.
type Revalidation struct {
	ID           string    `json:"id" format:"uuid"`
	ConnectionID string    `json:"connection_id" format:"uuid"`
	State        string    `json:"state" enum:"pending,confirm,succeeded,failed,expired,canceled"`
	Message      string    `json:"message" doc:"The documented message if it succeeded, else the fault's title or the state."`
	Fault        *Fault    `json:"fault,omitempty" doc:"Why it failed, or why the last attempt of a pending one did."`
	FinishedAt   time.Time `json:"finished_at,omitzero" doc:"Absent while a person can sign in."`
	// AuthorizationURL is a secret: who has it can sign in for the connection.
	AuthorizationURL SecretURL  `json:"authorization_url,omitempty" doc:"Secret link; only if there are pages."`
	ExpiresAt        *time.Time `json:"expires_at,omitempty" doc:"Until when the person can sign in, or the client can confirm."`
	Identity         *Identity  `json:"identity,omitempty" doc:"Who signed in at the last attempt of a person."`
	WantedScopes     []string   `json:"wanted_scopes,omitempty" doc:"Scopes that a person was asked for."`
	GrantedScopes    []string   `json:"granted_scopes,omitempty" doc:"Scopes that a person granted."`
	Attempts         int64      `json:"attempts,omitempty" doc:"How many times a person started to sign in."`
	// MetadataRefreshedAt is nil if it failed, and for systems without metadata.
	MetadataRefreshedAt *time.Time `json:"metadata_refreshed_at,omitempty" doc:"When it read the metadata."`
	MetadataChanged     bool       `json:"metadata_changed,omitempty" doc:"The metadata has changed since it was last read."`
	Connection          Connection `json:"connection" doc:"The connection as it is now."`
}

// The states of a re-validation.
const (
	// RevalidationPending: a person can sign in.
	RevalidationPending = "pending"
	// RevalidationConfirm: a person has signed in. Nothing is stored before the client confirms who it was.
	RevalidationConfirm   = "confirm"
	RevalidationSucceeded = "succeeded"
	// RevalidationFailed: the sign-in failed; with a person, too many attempts did.
	RevalidationFailed = "failed"
	// RevalidationExpired: no person signed in, or no client confirmed, in time.
	RevalidationExpired = "expired"
	// RevalidationCanceled: a client canceled it, or it was replaced by a newer one or by submitted credentials.
	RevalidationCanceled = "canceled"
)
