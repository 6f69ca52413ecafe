package google

import (
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

	keyID     string
	signed    string
	signature []byte
}

// readAssertion takes a token apart: header, claims, signature (RFC 7515, 7.1). Google knows RS256 only.
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
		KeyID     string `json:"kid"`
	}
	if err := json.Unmarshal(decoded[0], &header); err != nil {
		return nil, fmt.Errorf("read the token's header: %w", err)
	}
	if header.Algorithm != "RS256" {
		return nil, fmt.Errorf("signed with %q, not RS256", header.Algorithm)
	}
	a := &assertion{keyID: header.KeyID, signed: parts[0] + "." + parts[1], signature: decoded[2]}
	if err := json.Unmarshal(decoded[1], a); err != nil {
		return nil, fmt.Errorf("read the token's claims: %w", err)
	}
	return a, nil
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
func (a *assertion) verify(robot ServiceAccount, audiences []string, now time.Time) *refusal {
	if a.Issuer != robot.Email || robot.Disabled {
		return refuse("invalid_grant", "Invalid grant: account not found")
	}
	key, err := robot.publicKey()
	if err != nil {
		return refuse("internal_failure", err.Error())
	}
	sum := sha256.Sum256([]byte(a.signed))
	issued, expires := at(a.Issued), at(a.Expires)
	switch {
	case a.keyID != "" && a.keyID != robot.KeyID, rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], a.signature) != nil:
		return refuse("invalid_grant", "Invalid JWT Signature.")
	case robot.KeyDisabled:
		return refuse("disabled_client", "The OAuth client was disabled.")
	case !slices.Contains(audiences, a.Audience):
		return refuse("invalid_grant", "Invalid JWT: Failed audience check.").because("for the audience " + a.Audience)
	case a.Issued == 0, a.Expires == 0, expires.Sub(issued) > longestAssertion,
		issued.After(now.Add(leeway)), now.After(expires.Add(leeway)):
		return refuse("invalid_grant", notShortLived).because(fmt.Sprintf("from %s to %s", issued.UTC(), expires.UTC()))
	}
	return nil
}

func at(seconds float64) time.Time { return time.UnixMilli(int64(seconds * 1000)) }
