package api

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// RegisteredClient is a program that may call a shared control plane. Its secrets are never returned after they were created.
type RegisteredClient struct {
	ID         string         `json:"id" format:"uuid" doc:"UUIDv7; the client_id at the token endpoint."`
	Name       string         `json:"name"`
	Scopes     []Scope        `json:"scopes"`
	CreatedAt  time.Time      `json:"created_at"`
	LastUsedAt *time.Time     `json:"last_used_at,omitempty" doc:"When it last got a token, to the minute."`
	DisabledAt *time.Time     `json:"disabled_at,omitempty"`
	Secrets    []ClientSecret `json:"secrets" doc:"Secrets that are or were valid, without their values."`
	KeyIDs     []string       `json:"key_ids" doc:"The kid of each key of the client."`
	Trusted    []TrustedRule  `json:"trusted_issuers"`
}

// ClientSecret describes a secret of a client.
type ClientSecret struct {
	ID        string     `json:"id" format:"uuid"`
	CreatedAt time.Time  `json:"created_at"`
	ExpiresAt *time.Time `json:"expires_at,omitempty"`
}

// TrustedRule is a rule: tokens of an outside issuer that match it authenticate the client.
type TrustedRule struct {
	ID        string            `json:"id" format:"uuid"`
	Issuer    string            `json:"issuer"`
	Audience  string            `json:"audience"`
	Subject   string            `json:"subject" doc:"Pattern for the whole subject; * stands for text without / and :."`
	Claims    map[string]string `json:"claims"`
	Scopes    []Scope           `json:"scopes"`
	CreatedAt time.Time         `json:"created_at"`
}

// CreateRegisteredClient is a request for a client.
type CreateRegisteredClient struct {
	Name   string  `json:"name"`
	Scopes []Scope `json:"scopes" doc:"One or more of read, compare, test, write and admin."`
	// Secret is nil for a secret.
	Secret *bool           `json:"secret,omitempty" doc:"Whether the client gets a secret; default true."`
	Keys   json.RawMessage `json:"keys,omitempty" doc:"JSON Web Key Set with the public keys of the client."`
}

// UpdateRegisteredClient changes a client. Absent members stay as they are.
type UpdateRegisteredClient struct {
	Name     *string         `json:"name,omitempty"`
	Scopes   *[]Scope        `json:"scopes,omitempty"`
	Disabled *bool           `json:"disabled,omitempty" doc:"A disabled client is rejected within a minute."`
	Keys     json.RawMessage `json:"keys,omitempty" doc:"JSON Web Key Set; null removes the keys."`
}

// RotateSecret is a request for another secret of a client.
type RotateSecret struct {
	OverlapSeconds *int `json:"overlap_seconds,omitempty" doc:"How long the secret before stays valid; default a day."`
}

// IssuedClient is a client with a new secret, which is in no other response.
type IssuedClient struct {
	Client RegisteredClient `json:"client"`
	Secret IssuedSecret     `json:"secret,omitempty" doc:"The secret of the client; absent if it gets none."`
}

// IssuedSecret is the secret of a client. It formats as a fixed text; a conversion to a string is needed to show it.
type IssuedSecret string

// Format implements [fmt.Formatter] for every verb.
func (IssuedSecret) Format(s fmt.State, _ rune) {
	_, _ = io.WriteString(s, "[secret]") // as fmt does
}

// TrustIssuer is a request for a rule.
type TrustIssuer struct {
	Issuer   string            `json:"issuer" doc:"The iss of the tokens."`
	Audience string            `json:"audience,omitempty" doc:"Their only aud; default the address of the control plane."`
	Subject  string            `json:"subject" doc:"Pattern for their whole sub; * stands for text without / and :."`
	Claims   map[string]string `json:"claims,omitempty" doc:"Further claims that they must have."`
	Scopes   []Scope           `json:"scopes" doc:"What they allow; among the scopes of the client."`
}

const pathClients = "/v1/clients"

// Clients lists the clients of the control plane in the order of their creation.
func (c *Client) Clients(ctx context.Context) ([]RegisteredClient, error) {
	return list[RegisteredClient](ctx, c, "clients", pathClients, url.Values{})
}

// CreateClient creates a client. The call is not repeated, since the secret is in one response only.
func (c *Client) CreateClient(ctx context.Context, in CreateRegisteredClient) (IssuedClient, error) {
	var out IssuedClient
	err := c.do(ctx, call{method: http.MethodPost, path: pathClients, body: in, noRetry: true}, &out)
	return out, err
}

// UpdateClient changes a client.
func (c *Client) UpdateClient(ctx context.Context, id string, in UpdateRegisteredClient) (RegisteredClient, error) {
	var out RegisteredClient
	err := c.do(ctx, call{method: http.MethodPatch, path: clientPath(id), body: in, noRetry: true}, &out)
	return out, err
}

// RotateSecret gives a client another secret. The call is not repeated, as that of [Client.CreateClient].
func (c *Client) RotateSecret(ctx context.Context, id string, in RotateSecret) (IssuedClient, error) {
	var out IssuedClient
	err := c.do(ctx, call{method: http.MethodPost, path: clientPath(id) + "/secrets", body: in, noRetry: true}, &out)
	return out, err
}

// TrustIssuer adds a rule to a client.
func (c *Client) TrustIssuer(ctx context.Context, id string, in TrustIssuer) (TrustedRule, error) {
	var out TrustedRule
	err := c.do(ctx, call{method: http.MethodPost, path: clientPath(id) + "/trusted-issuers", body: in, noRetry: true}, &out)
	return out, err
}

// DistrustIssuer removes a rule of a client. Access tokens that it led to end by themselves.
func (c *Client) DistrustIssuer(ctx context.Context, id, ruleID string) error {
	path := clientPath(id) + "/trusted-issuers/" + url.PathEscape(ruleID)
	return c.do(ctx, call{method: http.MethodDelete, path: path, noRetry: true}, nil)
}

func clientPath(id string) string { return pathClients + "/" + url.PathEscape(id) }
