package sandbox

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Assertion is a JSON Web Token signed with RS256. Its signature and claims are not verified yet.
type Assertion struct {
	// KeyID is the key ID of the header; empty if the header has none.
	KeyID string

	signed    string
	signature []byte
}

// ReadAssertion splits a token into header, claims and signature (RFC 7515, 7.1), and reads the claims.
func ReadAssertion(token string, claims any) (Assertion, error) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return Assertion{}, errors.New("not a signed JSON Web Token")
	}
	var decoded [3][]byte
	for i, part := range parts {
		var err error
		if decoded[i], err = base64.RawURLEncoding.DecodeString(part); err != nil {
			return Assertion{}, fmt.Errorf("read the token: %w", err)
		}
	}
	var header struct {
		Algorithm string `json:"alg"`
		KeyID     string `json:"kid"`
	}
	if err := json.Unmarshal(decoded[0], &header); err != nil {
		return Assertion{}, fmt.Errorf("read the token's header: %w", err)
	}
	if header.Algorithm != "RS256" {
		return Assertion{}, fmt.Errorf("signed with %q, not RS256", header.Algorithm)
	}
	if err := json.Unmarshal(decoded[1], claims); err != nil {
		return Assertion{}, fmt.Errorf("read the token's claims: %w", err)
	}
	return Assertion{KeyID: header.KeyID, signed: parts[0] + "." + parts[1], signature: decoded[2]}, nil
}

// SignedBy reports whether the assertion was signed with the private key that belongs to key.
func (a Assertion) SignedBy(key *rsa.PublicKey) bool {
	sum := sha256.Sum256([]byte(a.signed))
	return rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], a.signature) == nil
}
