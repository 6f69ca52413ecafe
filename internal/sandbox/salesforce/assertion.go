package salesforce

import (
	"cmp"
	"crypto/rsa"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

const (
	// maxAssertionLifetime is the maximum time until an assertion expires.
	maxAssertionLifetime = 5 * time.Minute
	// leeway is the maximum difference between the clocks of client and server.
	leeway = 30 * time.Second
)

// assertion contains the claims of a JSON Web Token of a client: the issuer is the consumer key, the subject the user name.
type assertion struct {
	jwt.RegisteredClaims

	Principal string `json:"prn"` // the old name of the subject
}

func (a *assertion) user() string { return cmp.Or(a.Subject, a.Principal) }

// verify verifies a token with these claims: the signature, the audience and the lifetime.
func (a *assertion) verify(token string, key *rsa.PublicKey, audiences []string, now time.Time) *tokenError {
	err := sandbox.VerifyToken(token, &jwt.MapClaims{}, func(*jwt.Token) (any, error) { return key, nil })
	accepted := func(name string) bool { return slices.Contains(audiences, name) }
	invalid := newTokenError("invalid_grant", "invalid assertion")
	switch {
	case err != nil:
		return invalid.withReason(err.Error())
	case !slices.ContainsFunc(a.Audience, accepted):
		return newTokenError("invalid_grant", "Audience validation failed").
			withReason("for the audience " + strings.Join(a.Audience, ", "))
	case a.ExpiresAt == nil:
		return invalid.withReason("without an expiry")
	case now.After(a.ExpiresAt.Add(leeway)):
		return newTokenError("invalid_grant", "expired authorization code").withReason("expired at " + a.ExpiresAt.UTC().String())
	case a.ExpiresAt.After(now.Add(maxAssertionLifetime + leeway)):
		return invalid.withReason("expires too far ahead, at " + a.ExpiresAt.UTC().String())
	case a.NotBefore != nil && a.NotBefore.After(now.Add(leeway)):
		return invalid.withReason("not valid yet")
	}
	return nil
}

// acceptedAudiences are the audiences that an assertion may have.
func (s *Server) acceptedAudiences() []string {
	return append(slices.Clone(s.audiences), s.LoginURL(), s.MyDomainURL())
}
