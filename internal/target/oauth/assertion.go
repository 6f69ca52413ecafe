package oauth

import (
	"errors"
	"fmt"

	"github.com/golang-jwt/jwt/v5"
)

// Sign makes a JSON Web Token of claims, signed with RS256 and an RSA private key in PEM form (PKCS #1 or #8). An error
// never holds the key.
func Sign(privateKey string, claims map[string]any) (string, error) {
	key, err := jwt.ParseRSAPrivateKeyFromPEM([]byte(privateKey))
	if err != nil {
		return "", errors.New("the private key is no RSA key in PEM form")
	}
	signed, err := jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.MapClaims(claims)).SignedString(key)
	if err != nil {
		return "", fmt.Errorf("sign with the private key: %w", err)
	}
	return signed, nil
}

// AcceptRSAKey says what is wrong with a private key that has to sign assertions (see [target.Field]).
func AcceptRSAKey(privateKey string) error {
	if _, err := jwt.ParseRSAPrivateKeyFromPEM([]byte(privateKey)); err != nil {
		return errors.New("must be an RSA private key; other keys cannot sign with RS256")
	}
	return nil
}
