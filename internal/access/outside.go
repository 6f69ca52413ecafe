package access

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4/json"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// checkOutsideToken checks a token of an outside issuer (RFC 7523, section 3). The token must match a rule of the client before
// anything is requested from its issuer.
func (s *Service) checkOutsideToken(
	ctx context.Context, c model.Client, token string, parsed *jwt.JSONWebToken,
) (identity, error) {
	var payload json.RawMessage
	if err := parsed.UnsafeClaimsWithoutVerification(&payload); err != nil {
		return identity{}, refused(invalidClient, "the claims of the assertion cannot be read")
	}
	claimed, err := parseOutside(payload)
	if err != nil {
		return identity{}, refused(invalidClient, err.Error())
	}
	if _, refusal := s.match(c, claimed); refusal != nil {
		return identity{origin: claimed.origin()}, refusal
	}
	verified, err := s.issuers.verify(ctx, claimed.Issuer, token)
	switch {
	case errors.Is(err, errIssuerUnavailable):
		s.log.LogAttrs(ctx, slog.LevelWarn, "an outside issuer is not available", slog.String("issuer", claimed.Issuer),
			slog.String("error", err.Error()))
		return identity{}, &tokenError{
			code: temporarilyUnavailable, description: "the keys of the issuer " + printable(claimed.Issuer) +
				" cannot be read now", status: http.StatusServiceUnavailable, retryAfter: 5,
		}
	case err != nil:
		s.log.LogAttrs(ctx, slog.LevelInfo, "a token of an outside issuer was rejected", slog.String("issuer", claimed.Issuer),
			slog.String("error", printable(err.Error())))
		return identity{origin: claimed.origin()}, refused(invalidClient, "the issuer's keys do not verify the token, or it has "+
			"expired: "+claimed.describe())
	}
	// From here on, only what the issuer signed counts.
	if claimed, err = parseOutside(verified); err != nil {
		return identity{}, refused(invalidClient, err.Error())
	}
	if message := lifetimeProblem(&claimed.Claims, s.keys.clock()); message != "" {
		return identity{origin: claimed.origin()}, refused(invalidClient, message+": "+claimed.describe())
	}
	scopes, refusal := s.match(c, claimed)
	if refusal != nil {
		return identity{origin: claimed.origin()}, refusal
	}
	return identity{scopes: scopes, origin: claimed.origin()}, nil
}

// match returns the scopes of the rules of a client that a token matches.
func (s *Service) match(c model.Client, token outsideToken) ([]string, error) {
	var scopes []string
	for i := range c.Trusts {
		if !matches(&c.Trusts[i], &token) {
			continue
		}
		for _, scope := range within(c.Trusts[i].Scopes, c.Scopes) {
			if !slices.Contains(scopes, scope) {
				scopes = append(scopes, scope)
			}
		}
	}
	if len(scopes) == 0 {
		return nil, refused(invalidClient, "the client does not exist, or none of its rules trusts the token: "+token.describe())
	}
	return scopes, nil
}

// outsideToken has the claims of a token of an outside issuer.
type outsideToken struct {
	jwt.Claims

	all map[string]any
}

// parseOutside reads claims. A token without issuer, audience or subject is not accepted. Names of claims are case-sensitive (RFC
// 7519, section 4), which encoding/json ignores: an issuer may let its users choose a claim "Sub". This decoder also rejects
// repeated names.
func parseOutside(payload []byte) (t outsideToken, err error) {
	decoder := json.NewDecoder(bytes.NewReader(payload))
	decoder.SetNumberType(json.UnmarshalJSONNumber) // a float has fewer digits than some ids
	if json.Unmarshal(payload, &t.Claims) != nil || decoder.Decode(&t.all) != nil {
		return t, errors.New("the claims of the assertion cannot be read")
	}
	switch {
	case t.Issuer == "":
		return t, errors.New("the assertion has no issuer, iss")
	case len(t.Audience) == 0:
		return t, errors.New("the assertion has no audience, aud")
	case t.Subject == "":
		return t, errors.New("the assertion has no subject, sub")
	}
	return t, nil
}

// describe names issuer, audience and subject, for a refusal.
func (t *outsideToken) describe() string {
	audience := printable(t.Audience[0])
	if more := len(t.Audience) - 1; more > 0 {
		audience += " and " + strconv.Itoa(more) + " more"
	}
	return "issuer " + printable(t.Issuer) + ", audience " + audience + ", subject " + printable(t.Subject)
}

// origin is how the audit trail names the token.
func (t *outsideToken) origin() string { return printable(t.Subject) }

// text returns a claim as text: texts, whole numbers and truth values. Other claims match nothing.
func (t *outsideToken) text(name string) (string, bool) {
	switch value := t.all[name].(type) {
	case string:
		return value, true
	case bool:
		return strconv.FormatBool(value), true
	case json.Number:
		return value.String(), !strings.ContainsAny(value.String(), ".eE")
	}
	return "", false
}

var outsideAlgorithms = []string{
	oidc.RS256, oidc.RS384, oidc.RS512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.ES256, oidc.ES384, oidc.ES512,
}
