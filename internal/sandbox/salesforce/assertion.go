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
	// maxAssertionLifetime is the maximum time until an assertion expires.
	maxAssertionLifetime = 5 * time.Minute
	// leeway is the maximum difference between the clocks of client and server.
	leeway = 30 * time.Second
)

// assertion is a JSON Web Token of a client. Its signature and claims are not verified yet.
type assertion struct {
	Issuer    string   `json:"iss"` // the consumer key
	Subject   string   `json:"sub"` // the user name
	Principal string   `json:"prn"` // the old name of the subject
	Audience  audience `json:"aud"`
	Expires   float64  `json:"exp"` // seconds since 1970; a fraction is allowed
	NotBefore float64  `json:"nbf"`

	signature sandbox.Assertion
}

// audience is one or more audiences: JWT allows both forms.
type audience []string

// UnmarshalJSON reads a string or a list of strings.
func (a *audience) UnmarshalJSON(data []byte) error {
	var single string
	if json.Unmarshal(data, &single) == nil {
		*a = audience{single}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(a))
}

func (a *assertion) user() string { return cmp.Or(a.Subject, a.Principal) }

func readAssertion(token string) (*assertion, error) {
	a := &assertion{}
	var err error
	a.signature, err = sandbox.ReadAssertion(token, a)
	return a, err
}

// verify verifies the assertion: the signature, the audience and the lifetime.
func (a *assertion) verify(key *rsa.PublicKey, audiences []string, now time.Time) *tokenError {
	if !a.signature.SignedBy(key) {
		return newTokenError("invalid_grant", "invalid assertion").withReason("wrong signature")
	}
	accepted := func(name string) bool { return slices.Contains(audiences, name) }
	expires := time.UnixMilli(int64(a.Expires * 1000))
	switch {
	case !slices.ContainsFunc(a.Audience, accepted):
		return newTokenError("invalid_grant", "Audience validation failed").
			withReason("for the audience " + strings.Join(a.Audience, ", "))
	case a.Expires == 0:
		return newTokenError("invalid_grant", "invalid assertion").withReason("without an expiry")
	case now.After(expires.Add(leeway)):
		return newTokenError("invalid_grant", "expired authorization code").withReason("expired at " + expires.UTC().String())
	case expires.After(now.Add(maxAssertionLifetime + leeway)):
		return newTokenError("invalid_grant", "invalid assertion").withReason("expires too far ahead, at " + expires.UTC().String())
	case time.UnixMilli(int64(a.NotBefore * 1000)).After(now.Add(leeway)):
		return newTokenError("invalid_grant", "invalid assertion").withReason("not valid yet")
	}
	return nil
}

// acceptedAudiences are the audiences that an assertion may have.
func (s *Server) acceptedAudiences() []string {
	return append(slices.Clone(s.audiences), s.LoginURL(), s.MyDomainURL())
}
