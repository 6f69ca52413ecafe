package oauth

import (
	"errors"
	"fmt"
	"net/http"
	"time"

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

// tolerable is how far clocks may be apart before it is worth mentioning.
const tolerable = time.Minute

// clocks tells how far the clock of this machine is from that of the system, from the date of its answer; empty if it is
// near.
func clocks(h http.Header, now time.Time) string {
	theirs, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return ""
	}
	switch apart := now.Sub(theirs).Round(time.Second); {
	case apart > tolerable:
		return fmt.Sprintf(" The clock of this machine is %s ahead of the system's.", apart)
	case apart < -tolerable:
		return fmt.Sprintf(" The clock of this machine is %s behind the system's.", -apart)
	}
	return ""
}
