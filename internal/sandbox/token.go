package sandbox

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"fmt"
	"maps"
	"math/big"
	"sync"

	"github.com/golang-jwt/jwt/v5"
)

// SigningKey is the key that signs the tokens of all stand-ins of the process: making one takes a while.
var SigningKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

// KeySet returns the document with the public part of [SigningKey] (RFC 7517), with more members in the key.
func KeySet(keyID string, more map[string]any) (map[string]any, error) {
	key, err := SigningKey()
	if err != nil {
		return nil, fmt.Errorf("make the signing key: %w", err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	member := map[string]any{
		"kty": "RSA", "use": "sig", "alg": "RS256", "kid": keyID,
		"n": encode(key.N.Bytes()), "e": encode(big.NewInt(int64(key.E)).Bytes()),
	}
	maps.Copy(member, more)
	return map[string]any{"keys": []map[string]any{member}}, nil
}

// SignToken returns a JSON Web Token (RFC 7515), signed with RS256 and [SigningKey]. keyID is the key id of its
// header, in both of its forms; empty means none.
func SignToken(claims jwt.Claims, keyID string) (string, error) {
	key, err := SigningKey()
	if err != nil {
		return "", fmt.Errorf("make the signing key: %w", err)
	}
	token := jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
	if keyID != "" {
		token.Header["kid"], token.Header["x5t"] = keyID, keyID
	}
	return token.SignedString(key)
}

// OwnKey returns the key that tokens of [SignToken] are verified with.
func OwnKey(*jwt.Token) (any, error) {
	key, err := SigningKey()
	if err != nil {
		return nil, err
	}
	return key.Public(), nil
}

// ReadToken reads the claims of a JSON Web Token without any verification.
func ReadToken(token string, claims jwt.Claims) error {
	_, _, err := jwt.NewParser().ParseUnverified(token, claims)
	return err
}

// VerifyToken reads the claims of a JSON Web Token and verifies its signature. The claims are for the stand-in to check,
// by its own clock. methods are the accepted algorithms; none means RS256.
func VerifyToken(token string, claims jwt.Claims, key jwt.Keyfunc, methods ...string) error {
	if len(methods) == 0 {
		methods = []string{jwt.SigningMethodRS256.Alg()}
	}
	_, err := jwt.NewParser(jwt.WithValidMethods(methods), jwt.WithoutClaimsValidation()).ParseWithClaims(token, claims, key)
	return err
}
