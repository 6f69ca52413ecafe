package salesforce

import (
	"cmp"
	"crypto/rsa"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

const (
	// longestAssertion is how far ahead an assertion may expire.
	longestAssertion = 5 * time.Minute
	// leeway is how far the clocks of client and server may be apart.
	leeway = 30 * time.Second
)

// assertion is a JSON Web Token of which nothing is proved yet.
type assertion struct {
	Issuer    string   `json:"iss"` // the consumer key
	Subject   string   `json:"sub"` // the user name
	Principal string   `json:"prn"` // the old name of the subject
	Audience  audience `json:"aud"`
	Expires   float64  `json:"exp"` // seconds since 1970; a fraction is allowed
	NotBefore float64  `json:"nbf"`

	proof sandbox.Assertion
}

// audience is one or several: JWT allows both.
type audience []string

// UnmarshalJSON reads a string or a list of them.
func (a *audience) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*a = audience{one}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(a))
}

func (a *assertion) user() string { return cmp.Or(a.Subject, a.Principal) }

func readAssertion(token string) (*assertion, error) {
	a := &assertion{}
	var err error
	a.proof, err = sandbox.ReadAssertion(token, a)
	return a, err
}

// verify proves the assertion: who signed it, for whom, and when.
func (a *assertion) verify(key *rsa.PublicKey, audiences []string, now time.Time) *tokenError {
	if !a.proof.SignedBy(key) {
		return newTokenError("invalid_grant", "invalid assertion").because("wrong signature")
	}
	meant := func(name string) bool { return slices.Contains(audiences, name) }
	expires := time.UnixMilli(int64(a.Expires * 1000))
	switch {
	case !slices.ContainsFunc(a.Audience, meant):
		return newTokenError("invalid_grant", "Audience validation failed").
			because("for the audience " + strings.Join(a.Audience, ", "))
	case a.Expires == 0:
		return newTokenError("invalid_grant", "invalid assertion").because("without an expiry")
	case now.After(expires.Add(leeway)):
		return newTokenError("invalid_grant", "expired authorization code").because("expired at " + expires.UTC().String())
	case expires.After(now.Add(longestAssertion + leeway)):
		return newTokenError("invalid_grant", "invalid assertion").because("expires too far ahead, at " + expires.UTC().String())
	case time.UnixMilli(int64(a.NotBefore * 1000)).After(now.Add(leeway)):
		return newTokenError("invalid_grant", "invalid assertion").because("not valid yet")
	}
	return nil
}

// knownAudiences are what an assertion may be for.
func (s *Server) knownAudiences() []string {
	return append(slices.Clone(s.audiences), s.LoginURL(), s.MyDomainURL())
}
