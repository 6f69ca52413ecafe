package google

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

const (
	// maxAssertionLifetime is the maximum lifetime of an assertion.
	maxAssertionLifetime = time.Hour
	// leeway is the maximum difference between the clocks of client and server.
	leeway = 5 * time.Minute
)

// assertion contains the claims of a JSON Web Token of a service account. The issuer is its address, the subject the user
// to act as; without a subject it is the service account itself.
type assertion struct {
	jwt.RegisteredClaims

	OldSubject string `json:"prn"` // the old name of the subject
	Scope      string `json:"scope"`
}

// user returns the user to act as; empty means the service account itself.
func (a *assertion) user() string { return cmp.Or(a.Subject, a.OldSubject) }

// verify verifies a token with these claims: the issuer, the signature, the audience and the lifetime. A key id is
// optional, but must be that of the key.
func (a *assertion) verify(token string, account ServiceAccount, audiences []string, now time.Time) *tokenError {
	if a.Issuer != account.Email || account.Disabled {
		return newTokenError("invalid_grant", "Invalid grant: account not found")
	}
	err := sandbox.VerifyToken(token, &jwt.MapClaims{}, func(t *jwt.Token) (any, error) {
		if id, ok := t.Header["kid"].(string); ok && id != "" && id != account.KeyID {
			return nil, fmt.Errorf("unknown key %q", id)
		}
		return account.publicKey()
	})
	lifetime := newTokenError("invalid_grant", notShortLived)
	switch {
	case err != nil:
		return newTokenError("invalid_grant", "Invalid JWT Signature.").withReason(err.Error())
	case account.KeyDisabled:
		return newTokenError("disabled_client", "The OAuth client was disabled.")
	case !slices.ContainsFunc(a.Audience, func(name string) bool { return slices.Contains(audiences, name) }):
		return newTokenError("invalid_grant", "Invalid JWT: Failed audience check.").
			withReason(fmt.Sprintf("for the audience %q", a.Audience))
	case a.IssuedAt == nil || a.ExpiresAt == nil:
		return lifetime.withReason("without a lifetime")
	case a.ExpiresAt.Sub(a.IssuedAt.Time) > maxAssertionLifetime, a.IssuedAt.After(now.Add(leeway)),
		now.After(a.ExpiresAt.Add(leeway)):
		return lifetime.withReason(fmt.Sprintf("from %s to %s", a.IssuedAt.UTC(), a.ExpiresAt.UTC()))
	}
	return nil
}
