package access

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/server"
)

const (
	// TokenPeriod is how long an access token is valid.
	TokenPeriod = 15 * time.Minute
	// tokenType is the media type of access tokens (RFC 9068, section 2.1). Other tokens are not accepted as such.
	tokenType = "at+jwt"
	// clockTolerance is how far in the future a token of this control plane may have been issued: clocks of processes differ.
	clockTolerance = 10 * time.Second
)

// tokenClaims are the claims of an access token (RFC 9068, section 2.2).
type tokenClaims struct {
	jwt.Claims

	ClientID string `json:"client_id"`
	Scope    string `json:"scope"`
	// Origin is the subject of the outside token that authenticated the client, for the audit trail.
	Origin string `json:"origin,omitempty"`
}

// issue creates an access token.
func (s *Service) issue(ctx context.Context, c model.Client, scopes []string, origin string) (string, error) {
	key, now, err := s.keys.signing(ctx)
	if err != nil {
		return "", err
	}
	id, err := uuid.NewRandom()
	if err != nil {
		return "", fmt.Errorf("create the id of a token: %w", err)
	}
	token, err := jwt.Signed(key.signer).Claims(tokenClaims{
		Claims: jwt.Claims{
			Issuer: s.issuer, Audience: jwt.Audience{s.issuer}, Subject: c.ID, ID: id.String(),
			IssuedAt: jwt.NewNumericDate(now), Expiry: jwt.NewNumericDate(now.Add(TokenPeriod)),
		},
		ClientID: c.ID, Scope: strings.Join(scopes, " "), Origin: origin,
	}).Serialize()
	if err != nil {
		return "", fmt.Errorf("sign a token: %w", err)
	}
	return token, nil
}

// verify checks an access token, and returns its claims. The error is [server.ErrUnauthenticated] for a token that is not valid.
func (s *Service) verify(ctx context.Context, token string) (*tokenClaims, error) {
	parsed, err := jwt.ParseSigned(token, []jose.SignatureAlgorithm{jose.ES256})
	if err != nil || len(parsed.Headers) != 1 {
		return nil, server.ErrUnauthenticated
	}
	header := parsed.Headers[0]
	if kind, _ := header.ExtraHeaders[jose.HeaderType].(string); !strings.EqualFold(kind, tokenType) {
		return nil, server.ErrUnauthenticated
	}
	key, err := s.keys.public(ctx, header.KeyID)
	if err != nil {
		return nil, err
	}
	var claims tokenClaims
	if key == nil || parsed.Claims(key, &claims) != nil {
		return nil, server.ErrUnauthenticated
	}
	now := s.keys.clock()
	switch {
	case claims.Issuer != s.issuer, len(claims.Audience) != 1 || claims.Audience[0] != s.issuer,
		claims.Subject == "" || claims.Subject != claims.ClientID,
		claims.Expiry == nil || !now.Before(claims.Expiry.Time()),
		claims.IssuedAt == nil || claims.IssuedAt.Time().After(now.Add(clockTolerance)),
		claims.NotBefore != nil && claims.NotBefore.Time().After(now.Add(clockTolerance)):
		return nil, server.ErrUnauthenticated
	}
	return &claims, nil
}

// allScopes are the scopes of clients.
var allScopes = []string{
	string(api.ScopeRead), string(api.ScopeCompare), string(api.ScopeTest), string(api.ScopeWrite), string(api.ScopeAdmin),
}

// grants reports whether scopes include a scope. Admin includes all.
func grants(scopes []string, scope string) bool {
	return slices.Contains(scopes, scope) || slices.Contains(scopes, string(api.ScopeAdmin))
}

// within returns those of the wanted scopes that both lists include.
func within(wanted, scopes []string) (both []string) {
	for _, scope := range wanted {
		if grants(scopes, scope) && !slices.Contains(both, scope) {
			both = append(both, scope)
		}
	}
	// "admin" stands for all: where one side has it, what the other side has is included.
	if slices.Contains(wanted, string(api.ScopeAdmin)) && !slices.Contains(scopes, string(api.ScopeAdmin)) {
		for _, scope := range scopes {
			if !slices.Contains(both, scope) {
				both = append(both, scope)
			}
		}
	}
	return both
}
