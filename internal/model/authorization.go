package model

import (
	"context"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// AuthorizationState is the state of an [Authorization].
type AuthorizationState string

// The states of an authorization. Pending and confirm are open, and a connection has one open authorization at most.
const (
	// AuthorizationPending: a person can sign in with the link.
	AuthorizationPending AuthorizationState = "pending"
	// AuthorizationConfirm: a person has signed in, and the sign-in is stored once it is confirmed.
	AuthorizationConfirm AuthorizationState = "confirm"
	// AuthorizationSucceeded: a person has signed in, and the result is stored with the connection.
	AuthorizationSucceeded AuthorizationState = "succeeded"
	// AuthorizationFailed: too many attempts failed.
	AuthorizationFailed AuthorizationState = "failed"
	// AuthorizationExpired: nobody signed in while the link was valid.
	AuthorizationExpired AuthorizationState = "expired"
	// AuthorizationCanceled: a client canceled it.
	AuthorizationCanceled AuthorizationState = "canceled"
	// AuthorizationReplaced: a newer authorization, or credentials that were submitted, replaced it.
	AuthorizationReplaced AuthorizationState = "replaced"
)

// Authorization is the request that a person signs in for a connection, and what came of it. It is a re-validation that waits for
// a person, and has an id like one.
type Authorization struct {
	ID           string
	ConnectionID string
	State        AuthorizationState
	// AnyPerson means that the caller confirms who signed in, before anything is stored, if the connection expects nobody in
	// particular.
	AnyPerson bool
	// RequestedBy is who asked for it.
	RequestedBy string
	CreatedAt   time.Time
	// ExpiresAt is until when the link is valid; in the state confirm, until when the sign-in can be confirmed.
	ExpiresAt  time.Time
	FinishedAt *time.Time
	// LinkDigest is the keyed digest of the secret of the link.
	LinkDigest []byte

	// Attempts is how many times a person started a sign-in.
	Attempts int64
	// Fault is why the last attempt failed, Identity who signed in, and Wanted and Granted the scopes; empty before an attempt.
	Fault           *Fault
	Identity        *target.Identity
	Wanted, Granted []string
}

// IsOpen reports whether a person can sign in, or a sign-in can be confirmed, at a time.
func (a *Authorization) IsOpen(now time.Time) bool {
	return (a.State == AuthorizationPending || a.State == AuthorizationConfirm) && now.Before(a.ExpiresAt)
}

// StateAt is the state at a time: an open authorization expires by itself.
func (a *Authorization) StateAt(now time.Time) AuthorizationState {
	if (a.State == AuthorizationPending || a.State == AuthorizationConfirm) && !now.Before(a.ExpiresAt) {
		return AuthorizationExpired
	}
	return a.State
}

// AuthorizationAttempt is one attempt of a person to sign in: from the button until the target system sends the browser back.
type AuthorizationAttempt struct {
	AuthorizationID string
	// StateDigest and BrowserDigest are the keyed digests of the OAuth state, and of the secret that the browser has in a cookie.
	StateDigest, BrowserDigest []byte
	RedirectURI                string
	// Revision is the connection's when the attempt was started.
	Revision  int64
	ExpiresAt time.Time
	// UsedAt is when the browser came back; nil before. An attempt is used once.
	UsedAt *time.Time
}

// AuthorizationStore stores authorizations. Their secrets are sealed.
type AuthorizationStore interface {
	Authorization(ctx context.Context, connectionID, id string) (Authorization, error)
	// AuthorizationByLink finds an authorization by the digest of its link.
	AuthorizationByLink(ctx context.Context, digest []byte) (Authorization, error)
	// OpenAuthorization finds the open authorization of a connection, also an expired one.
	OpenAuthorization(ctx context.Context, connectionID string) (Authorization, error)
	// InsertAuthorization stores an authorization with the secret of its link, and deletes all but the newest keep of its
	// connection.
	InsertAuthorization(ctx context.Context, a Authorization, link string, keep int) error
	// UpdateAuthorization writes everything but the secrets.
	UpdateAuthorization(ctx context.Context, a Authorization) error
	// AuthorizationLink opens the secret of the link of an authorization.
	AuthorizationLink(ctx context.Context, id string) (string, error)
	// AuthorizedCredentials opens the credentials that wait to be confirmed, see [target.System.Binding]. The error is ErrNotFound
	// if none wait, and ErrSealed if they cannot be opened.
	AuthorizedCredentials(ctx context.Context, id, binding string) (target.Credentials, error)
	// PutAuthorizedCredentials seals them with the binding; nil deletes them.
	PutAuthorizedCredentials(ctx context.Context, id, binding string, c target.Credentials) error

	// InsertAuthorizationAttempt stores an attempt with its PKCE verifier.
	InsertAuthorizationAttempt(ctx context.Context, a AuthorizationAttempt, verifier string) error
	// AuthorizationAttempt finds an attempt by the digest of its state, with its authorization.
	AuthorizationAttempt(ctx context.Context, stateDigest []byte) (AuthorizationAttempt, Authorization, error)
	// UseAuthorizationAttempts marks the unused attempts of an authorization as used, all or the one with the digest, and deletes
	// their verifiers. The error is ErrNotFound if that one is used already.
	UseAuthorizationAttempts(ctx context.Context, authorizationID string, stateDigest []byte, at time.Time) error
	// AuthorizationVerifier opens the PKCE verifier of an unused attempt.
	AuthorizationVerifier(ctx context.Context, stateDigest []byte) (string, error)
}
