package salesforce

import (
	"cmp"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
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

	signed    string
	signature []byte
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

// readAssertion takes a token apart: header, claims, signature (RFC 7515, 7.1). Salesforce knows RS256 only.
func readAssertion(token string) (*assertion, error) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return nil, errors.New("not a signed JSON Web Token")
	}
	var decoded [3][]byte
	for i, part := range parts {
		var err error
		if decoded[i], err = base64.RawURLEncoding.DecodeString(part); err != nil {
			return nil, fmt.Errorf("read the token: %w", err)
		}
	}
	var header struct {
		Algorithm string `json:"alg"`
	}
	if err := json.Unmarshal(decoded[0], &header); err != nil {
		return nil, fmt.Errorf("read the token's header: %w", err)
	}
	if header.Algorithm != "RS256" {
		return nil, fmt.Errorf("signed with %q, not RS256", header.Algorithm)
	}
	a := &assertion{signed: parts[0] + "." + parts[1], signature: decoded[2]}
	if err := json.Unmarshal(decoded[1], a); err != nil {
		return nil, fmt.Errorf("read the token's claims: %w", err)
	}
	return a, nil
}

// verify proves the assertion: who signed it, for whom, and when.
func (a *assertion) verify(key *rsa.PublicKey, audiences []string, now time.Time) *refusal {
	sum := sha256.Sum256([]byte(a.signed))
	if err := rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], a.signature); err != nil {
		return refuse("invalid_grant", "invalid assertion").because("wrong signature")
	}
	meant := func(name string) bool { return slices.Contains(audiences, name) }
	expires := time.UnixMilli(int64(a.Expires * 1000))
	switch {
	case !slices.ContainsFunc(a.Audience, meant):
		return refuse("invalid_grant", "Audience validation failed").
			because("for the audience " + strings.Join(a.Audience, ", "))
	case a.Expires == 0:
		return refuse("invalid_grant", "invalid assertion").because("without an expiry")
	case now.After(expires.Add(leeway)):
		return refuse("invalid_grant", "expired authorization code").because("expired at " + expires.UTC().String())
	case expires.After(now.Add(longestAssertion + leeway)):
		return refuse("invalid_grant", "invalid assertion").because("expires too far ahead, at " + expires.UTC().String())
	case time.UnixMilli(int64(a.NotBefore * 1000)).After(now.Add(leeway)):
		return refuse("invalid_grant", "invalid assertion").because("not valid yet")
	}
	return nil
}

// knownAudiences are what an assertion may be for.
func (s *Server) knownAudiences() []string {
	return append(slices.Clone(s.audiences), s.LoginURL(), s.MyDomainURL())
}
