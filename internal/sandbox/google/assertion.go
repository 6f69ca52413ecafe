package google

import (
	"fmt"
	"slices"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

const (
	// longestAssertion is how long an assertion may be good.
	longestAssertion = time.Hour
	// leeway is how far the clocks of client and server may be apart.
	leeway = 5 * time.Minute
)

// assertion is a JSON Web Token of which nothing is proved yet.
type assertion struct {
	Issuer   string  `json:"iss"` // the address of the service account
	Subject  string  `json:"sub"` // whom to act as; empty: the service account itself
	Old      string  `json:"prn"` // the old name of the subject
	Scope    string  `json:"scope"`
	Audience string  `json:"aud"`
	Issued   float64 `json:"iat"` // seconds since 1970
	Expires  float64 `json:"exp"`

	proof sandbox.Assertion
}

func readAssertion(token string) (*assertion, error) {
	a := &assertion{}
	var err error
	a.proof, err = sandbox.ReadAssertion(token, a)
	return a, err
}

// user is whom to act as; empty for the service account itself.
func (a *assertion) user() string {
	if a.Subject != "" {
		return a.Subject
	}
	return a.Old
}

// verify proves the assertion: who signed it, for whom, and when. A key id is optional, and must be the key's if there is
// one.
func (a *assertion) verify(robot ServiceAccount, audiences []string, now time.Time) *tokenError {
	if a.Issuer != robot.Email || robot.Disabled {
		return newTokenError("invalid_grant", "Invalid grant: account not found")
	}
	key, err := robot.publicKey()
	if err != nil {
		return newTokenError("internal_failure", err.Error())
	}
	issued, expires := at(a.Issued), at(a.Expires)
	switch {
	case a.proof.KeyID != "" && a.proof.KeyID != robot.KeyID, !a.proof.SignedBy(key):
		return newTokenError("invalid_grant", "Invalid JWT Signature.")
	case robot.KeyDisabled:
		return newTokenError("disabled_client", "The OAuth client was disabled.")
	case !slices.Contains(audiences, a.Audience):
		return newTokenError("invalid_grant", "Invalid JWT: Failed audience check.").because("for the audience " + a.Audience)
	case a.Issued == 0, a.Expires == 0, expires.Sub(issued) > longestAssertion,
		issued.After(now.Add(leeway)), now.After(expires.Add(leeway)):
		return newTokenError("invalid_grant", notShortLived).because(fmt.Sprintf("from %s to %s", issued.UTC(), expires.UTC()))
	}
	return nil
}

func at(seconds float64) time.Time { return time.UnixMilli(int64(seconds * 1000)) }
