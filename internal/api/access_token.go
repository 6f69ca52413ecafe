package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"golang.org/x/oauth2"
)

// AccessToken is an access token of the control plane for another program.
type AccessToken struct {
	// Token is a secret.
	Token     string
	Scopes    []Scope
	ExpiresAt time.Time
}

// scopedSource is a source that can request tokens with fewer scopes.
type scopedSource interface {
	withScopes(scopes []string) oauth2.TokenSource
}

// AccessToken requests an access token of its own with the scopes; without scopes, with all that the client has. It requires a
// client that authenticates at the token endpoint.
func (c *Client) AccessToken(ctx context.Context, scopes []Scope) (AccessToken, error) {
	in := call{method: http.MethodPost, path: pathToken, changesNothing: true}
	if err := c.checkInstance(ctx, in); err != nil {
		return AccessToken{}, err
	}
	var source scopedSource
	if c.tokens != nil {
		source, _ = c.tokens.source.(scopedSource)
	}
	if source == nil {
		return AccessToken{}, &Problem{
			Type: ProblemTypePrefix + ProblemInvalid, Title: "No access token can be requested", Status: http.StatusUnprocessableEntity,
			Detail: "That requires a shared control plane, and a client that authenticates with client_id and client_secret, or with " +
				"client_id and the identity of the run.",
		}
	}
	wanted := make([]string, len(scopes))
	for i, scope := range scopes {
		wanted[i] = string(scope)
	}
	token, err := source.withScopes(wanted).Token()
	if err != nil {
		return AccessToken{}, c.noResponse(in, &encodedCall{foreign: func() foreign { return c.foreignTo(nil) }}, err)
	}
	out := AccessToken{Token: token.AccessToken, ExpiresAt: token.Expiry.UTC()}
	granted, _ := token.Extra("scope").(string)
	for scope := range strings.FieldsSeq(granted) {
		out.Scopes = append(out.Scopes, Scope(scope))
	}
	return out, nil
}
