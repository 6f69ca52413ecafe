package google

import (
	"fmt"
	"slices"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

const (
	// maxAssertionLifetime is the maximum lifetime of an assertion.
	maxAssertionLifetime = time.Hour
	// leeway is the maximum difference between the clocks of client and server.
	leeway = 5 * time.Minute
)

// assertion is a JSON Web Token of a service account. Its signature and claims are not verified yet.
type assertion struct {
	Issuer     string  `json:"iss"` // the address of the service account
	Subject    string  `json:"sub"` // the user to act as; empty means the service account itself
	OldSubject string  `json:"prn"` // the old name of the subject
	Scope      string  `json:"scope"`
	Audience   string  `json:"aud"`
	Issued     float64 `json:"iat"` // seconds since 1970
	Expires    float64 `json:"exp"`

	signature sandbox.Assertion
}

func readAssertion(token string) (*assertion, error) {
	a := &assertion{}
	var err error
	a.signature, err = sandbox.ReadAssertion(token, a)
	return a, err
}

// user returns the user to act as; empty means the service account itself.
func (a *assertion) user() string {
	if a.Subject != "" {
		return a.Subject
	}
	return a.OldSubject
}

// verify verifies the assertion: the issuer, the signature, the audience and the lifetime. A key id is optional, but
// must be that of the key.
func (a *assertion) verify(account ServiceAccount, audiences []string, now time.Time) *tokenError {
	if a.Issuer != account.Email || account.Disabled {
		return newTokenError("invalid_grant", "Invalid grant: account not found")
	}
	key, err := account.publicKey()
	if err != nil {
		return newTokenError("internal_failure", err.Error())
	}
	issued, expires := unixTime(a.Issued), unixTime(a.Expires)
	switch {
	case a.signature.KeyID != "" && a.signature.KeyID != account.KeyID, !a.signature.SignedBy(key):
		return newTokenError("invalid_grant", "Invalid JWT Signature.")
	case account.KeyDisabled:
		return newTokenError("disabled_client", "The OAuth client was disabled.")
	case !slices.Contains(audiences, a.Audience):
		return newTokenError("invalid_grant", "Invalid JWT: Failed audience check.").withReason("for the audience " + a.Audience)
	case a.Issued == 0, a.Expires == 0, expires.Sub(issued) > maxAssertionLifetime,
		issued.After(now.Add(leeway)), now.After(expires.Add(leeway)):
		return newTokenError("invalid_grant", notShortLived).withReason(fmt.Sprintf("from %s to %s", issued.UTC(), expires.UTC()))
	}
	return nil
}

func unixTime(seconds float64) time.Time { return time.UnixMilli(int64(seconds * 1000)) }
