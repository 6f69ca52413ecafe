package oauth

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Algorithm is how a JSON Web Token is signed with an RSA key (RFC 7518, 3.1).
type Algorithm string

// The algorithms.
const (
	RS256 Algorithm = "RS256"
	PS256 Algorithm = "PS256"
)

// Sign makes a JSON Web Token of claims, signed with an RSA private key in PEM form (PKCS #1 or #8). The header's
// members, such as "kid", come beside "alg" and "typ"; nil adds none. An error never holds the key.
func Sign(algorithm Algorithm, privateKey string, header, claims map[string]any) (string, error) {
	key, err := jwt.ParseRSAPrivateKeyFromPEM([]byte(privateKey))
	if err != nil {
		return "", errors.New("the private key is no RSA key in PEM form")
	}
	var method jwt.SigningMethod = jwt.SigningMethodRS256
	if algorithm == PS256 {
		method = jwt.SigningMethodPS256
	}
	token := jwt.NewWithClaims(method, jwt.MapClaims(claims))
	maps.Copy(token.Header, header)
	signed, err := token.SignedString(key)
	if err != nil {
		return "", fmt.Errorf("sign with the private key: %w", err)
	}
	return signed, nil
}

// CheckRSAKey says what is wrong with a private key that has to sign assertions (see [target.Field]).
func CheckRSAKey(privateKey string) error {
	if _, err := jwt.ParseRSAPrivateKeyFromPEM([]byte(privateKey)); err != nil {
		return errors.New("must be an RSA private key; other keys cannot sign for this system")
	}
	return nil
}

// maxClockSkew is how far clocks may be apart before it is worth mentioning.
const maxClockSkew = time.Minute

// clockSkewText tells how far the clock of this machine is from that of the system, from the date of its answer; empty if it is
// near.
func clockSkewText(h http.Header, now time.Time) string {
	serverTime, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return ""
	}
	switch skew := now.Sub(serverTime).Round(time.Second); {
	case skew > maxClockSkew:
		return fmt.Sprintf(" The clock of this machine is %s ahead of the system's.", skew)
	case skew < -maxClockSkew:
		return fmt.Sprintf(" The clock of this machine is %s behind the system's.", -skew)
	}
	return ""
}
