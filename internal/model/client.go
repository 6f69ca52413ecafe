package model

import (
	"context"
	"time"
)

// Client is a program that may call a shared control plane. It authenticates with a secret, with a key of its own, or with a
// token of an issuer that it trusts.
type Client struct {
	ID string
	// Name is unique regardless of letter case. It is shown in the audit trail.
	Name   string
	Scopes []string
	// Keys is the JSON Web Key Set (RFC 7517) with the public keys of the client; empty without keys.
	Keys       string
	CreatedAt  time.Time
	LastUsedAt *time.Time
	// DisabledAt is when the client was disabled; nil if it can be used.
	DisabledAt *time.Time
	// Secrets and Trusts belong to the client. Writing the client does not write them.
	Secrets []ClientSecret
	Trusts  []Trust
}

// ClientSecret is a secret of a client. Only its keyed digest is stored.
type ClientSecret struct {
	ID        string
	ClientID  string
	Digest    []byte
	CreatedAt time.Time
	// ExpiresAt is when the secret ends; nil if it does not.
	ExpiresAt *time.Time
}

// Trust is a rule of a client: tokens of an outside issuer that match it authenticate the client.
type Trust struct {
	ID       string
	ClientID string
	Issuer   string
	Audience string
	// Subject is a pattern for the whole subject, in which * stands for text without / and :.
	Subject string
	// Claims are further claims of the token, with their exact values.
	Claims    map[string]string
	Scopes    []string
	CreatedAt time.Time
}

// NewClient is a request for a client.
type NewClient struct {
	Name   string
	Scopes []string
	Keys   string
	// Secret means that the client gets a secret.
	Secret bool
}

// ClientChange changes a client. Nil members stay as they are.
type ClientChange struct {
	Name     *string
	Scopes   *[]string
	Keys     *string
	Disabled *bool
}

// NewTrust is a request for a rule. An empty audience means the issuer of the control plane.
type NewTrust struct {
	Issuer, Audience, Subject string
	Claims                    map[string]string
	Scopes                    []string
}

// TokenKey signs the access tokens of the control plane. All of its times are those of the database's clock.
type TokenKey struct {
	// ID is the kid of the tokens (RFC 7515, section 4.1.4).
	ID string
	// CreatedAt is when the key was published.
	CreatedAt time.Time
	// SignsAt is when it starts to sign, instead of the key before.
	SignsAt time.Time
	// Private is the private key in PEM. It is sealed in the store.
	Private string
}

// AccessStore stores who may call a shared control plane.
type AccessStore interface {
	// Client and Clients return clients with their secrets and trusts.
	Client(ctx context.Context, id string) (Client, error)
	// Clients lists in the order of creation.
	Clients(ctx context.Context, p Page) ([]Client, error)
	InsertClient(ctx context.Context, c Client) error
	// UpdateClient writes every column but LastUsedAt.
	UpdateClient(ctx context.Context, c Client) error
	// MarkClientUsed writes when the client authenticated.
	MarkClientUsed(ctx context.Context, id string, at time.Time) error
	InsertClientSecret(ctx context.Context, s ClientSecret) error
	// ExpireClientSecrets deletes the secrets of a client that have an end, and lets the others end at a time.
	ExpireClientSecrets(ctx context.Context, clientID string, at time.Time) error
	InsertTrust(ctx context.Context, t Trust) error
	DeleteTrust(ctx context.Context, clientID, id string) error

	// UseAssertion notes that an assertion was used, by the digest of its id, and deletes those that expired before a time. It
	// returns false if it was used before.
	UseAssertion(ctx context.Context, digest []byte, expiresAt, before time.Time) (bool, error)

	// TokenKeys lists the keys that sign access tokens in the order of their SignsAt. The error is ErrSealed if they cannot be
	// opened.
	TokenKeys(ctx context.Context) ([]TokenKey, error)
	InsertTokenKey(ctx context.Context, k TokenKey) error
	DeleteTokenKey(ctx context.Context, id string) error
}
