package oauth

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// Algorithm is an algorithm that signs a JSON Web Token with an RSA key (RFC 7518, 3.1).
type Algorithm string

// The algorithms.
const (
	RS256 Algorithm = "RS256"
	PS256 Algorithm = "PS256"
)

// Sign makes a JSON Web Token of claims, signed with an RSA private key in PEM form (PKCS #1 or #8). The members of the
// header, such as "kid", are added to "alg" and "typ"; nil adds none. An error never contains the key.
func Sign(algorithm Algorithm, privateKey string, header, claims map[string]any) (string, error) {
	key, err := jwt.ParseRSAPrivateKeyFromPEM([]byte(target.RepairPEM(privateKey)))
	if err != nil {
		return "", errors.New("the private key is not an RSA key in PEM form")
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

// CheckRSAKey validates a private key that signs assertions (see [target.Field]).
func CheckRSAKey(privateKey string) error {
	if _, err := jwt.ParseRSAPrivateKeyFromPEM([]byte(target.RepairPEM(privateKey))); err != nil {
		return errors.New("must be an RSA private key; the system accepts no other signatures")
	}
	return nil
}

// maxClockSkew is the largest difference between clocks that is not reported.
const maxClockSkew = time.Minute

// clockSkewText is a sentence about the difference between the clock of this machine and the date of the system's response;
// empty if the difference is small.
func clockSkewText(h http.Header, now time.Time) target.Text {
	serverTime, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return target.Text{}
	}
	switch skew := now.Sub(serverTime).Round(time.Second); {
	case skew > maxClockSkew:
		return target.Say(" The clock of this machine is %s ahead of the system's.", skew)
	case skew < -maxClockSkew:
		return target.Say(" The clock of this machine is %s behind the system's.", -skew)
	}
	return target.Text{}
}
