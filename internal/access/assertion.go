package access

import (
	"context"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

const (
	// assertionTolerance is how much the clock of another machine may differ.
	assertionTolerance = time.Minute
	// maxAssertionPeriod is how long an assertion of a client's own key may be valid: its id is kept for as long.
	maxAssertionPeriod = time.Hour
	// assertionKept is how long the id of an assertion is kept after its end. A clock that was ahead for less than that, and is set
	// back, has no assertion accepted twice.
	assertionKept = 24 * time.Hour
	// maxKeys is how many keys a client may have.
	maxKeys = 10
	// minRSABits is the length of the shortest RSA key (RFC 7518, section 3.3).
	minRSABits = 2048
	// maxAssertionID is the length of the id of an assertion, in bytes.
	maxAssertionID = 255
)

// assertionAlgorithms are the algorithms of assertions: those with a public key. Without this list, a public key could be used
// as the secret of another algorithm.
var assertionAlgorithms = []jose.SignatureAlgorithm{
	jose.RS256, jose.RS384, jose.RS512, jose.PS256, jose.PS384, jose.PS512, jose.ES256, jose.ES384, jose.ES512,
}

// checkAssertion checks the assertion of a client: one that it signed itself if it is the issuer, else one of an outside issuer.
func (s *Service) checkAssertion(ctx context.Context, c model.Client, assertion string) (identity, error) {
	parsed, err := jwt.ParseSigned(assertion, assertionAlgorithms)
	if err != nil || len(parsed.Headers) != 1 {
		return identity{}, refused(invalidClient, "the assertion is not a token that is signed with an RS, PS or ES algorithm")
	}
	var claims jwt.Claims
	if err := parsed.UnsafeClaimsWithoutVerification(&claims); err != nil {
		return identity{}, refused(invalidClient, "the claims of the assertion cannot be read")
	}
	if _, _, err := s.keys.signing(ctx); err != nil { // so that the clock of the database is known
		return identity{}, err
	}
	if claims.Issuer == c.ID {
		return s.checkOwnAssertion(ctx, c, parsed)
	}
	return s.checkOutsideToken(ctx, c, assertion, parsed)
}

// checkOwnAssertion checks an assertion that the client signed (RFC 7523, section 3). It is accepted once, over all processes.
func (s *Service) checkOwnAssertion(ctx context.Context, c model.Client, parsed *jwt.JSONWebToken) (identity, error) {
	claims, ok := verifyWithKeys(c.Keys, parsed)
	if !ok {
		return identity{}, refused(invalidClient, "the assertion is not signed with a key of the client")
	}
	now := s.keys.clock()
	switch {
	case claims.Issuer != c.ID || claims.Subject != c.ID:
		return identity{}, refused(invalidClient, "iss and sub of the assertion must be the id of the client")
	case len(claims.Audience) != 1 || claims.Audience[0] != s.issuer && claims.Audience[0] != s.issuer+TokenPath:
		return identity{}, refused(invalidClient, "the only audience of the assertion must be "+printable(s.issuer))
	case claims.ID == "" || len(claims.ID) > maxAssertionID:
		return identity{}, refused(invalidClient, "the assertion must have an id, jti, of at most 255 bytes")
	}
	if message := lifetimeProblem(claims, now); message != "" {
		return identity{}, refused(invalidClient, message)
	}
	if claims.Expiry.Time().After(now.Add(maxAssertionPeriod + assertionTolerance)) {
		return identity{}, refused(invalidClient, "the assertion must expire within an hour")
	}
	// Without a key, since that of processes can differ while a keyset is being replaced, and the id of an assertion is no secret.
	digest := sha256.Sum256(target.LengthPrefixed("assertion", c.ID, claims.ID))
	first := false
	err := s.store.Update(ctx, func(tx model.Tx) error {
		now, err := tx.Now(ctx, s.now())
		if err != nil {
			return err
		}
		first, err = tx.UseAssertion(ctx, digest[:], claims.Expiry.Time(), now.Add(-assertionKept))
		return err
	}, model.AppendKey)
	if err != nil {
		return identity{}, fmt.Errorf("use the assertion: %w", err)
	}
	if !first {
		return identity{}, refused(invalidClient, "the assertion was used before: each needs an id, jti, of its own")
	}
	return identity{scopes: c.Scopes}, nil
}

// lifetimeProblem says why a token is not valid now; empty if it is.
func lifetimeProblem(claims *jwt.Claims, now time.Time) string {
	switch {
	case claims.Expiry == nil:
		return "the assertion must have an expiry, exp"
	case !now.Before(claims.Expiry.Time().Add(assertionTolerance)):
		return "the assertion has expired"
	case claims.NotBefore != nil && claims.NotBefore.Time().After(now.Add(assertionTolerance)),
		claims.IssuedAt != nil && claims.IssuedAt.Time().After(now.Add(assertionTolerance)):
		return "the assertion is from the future"
	}
	return ""
}

// verifyWithKeys verifies a token with the keys of a client: with the one that its header names, or with each.
func verifyWithKeys(keys string, parsed *jwt.JSONWebToken) (*jwt.Claims, bool) {
	set, err := parseKeySet(keys)
	if err != nil {
		return nil, false
	}
	header := parsed.Headers[0]
	for _, key := range set.Keys {
		if header.KeyID != "" && key.KeyID != header.KeyID || key.Algorithm != "" && key.Algorithm != header.Algorithm {
			continue
		}
		claims := new(jwt.Claims)
		if parsed.Claims(key.Key, claims) == nil {
			return claims, true
		}
	}
	return nil, false
}

// isShort reports whether a key is an RSA key of less than minRSABits.
func isShort(key *jose.JSONWebKey) bool {
	public, ok := key.Key.(*rsa.PublicKey)
	return ok && public.N.BitLen() < minRSABits
}

// parseKeySet reads the JSON Web Key Set of a client. Its errors say what is wrong, without the keys.
func parseKeySet(text string) (jose.JSONWebKeySet, error) {
	var set jose.JSONWebKeySet
	if err := json.Unmarshal([]byte(text), &set); err != nil || len(set.Keys) == 0 {
		return set, errors.New("keys must be a JSON Web Key Set with at least one key")
	}
	if len(set.Keys) > maxKeys {
		return set, fmt.Errorf("keys must not have more than %d keys", maxKeys)
	}
	for _, key := range set.Keys {
		switch {
		case !key.Valid():
			return set, errors.New("keys has a key that is not valid")
		case !key.IsPublic():
			return set, errors.New("keys must have public keys only: keep private and symmetric keys with the client")
		case isShort(&key):
			return set, fmt.Errorf("keys has an RSA key of less than %d bits", minRSABits)
		case !isStorable(key.KeyID):
			return set, errors.New("keys has a kid that is not text")
		}
	}
	return set, nil
}
