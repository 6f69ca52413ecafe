package suitecrm

import (
	"errors"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

const accessLifetime = time.Hour

// The server's texts for tokens that it rejects.
var (
	errForm     = errors.New("The JWT string must have two dots")  //nolint:staticcheck // the server's text
	errVerify   = errors.New("Access token could not be verified") //nolint:staticcheck // the server's text
	errRevoked  = errors.New("Access token has been revoked")      //nolint:staticcheck // the server's text
	errNoHeader = errors.New(`Missing "Authorization" header`)     //nolint:staticcheck // the server's text
)

// verify verifies the signature and the lifetime of a token, and returns its id.
func verify(token string, now time.Time) (string, error) {
	if strings.Count(token, ".") != 2 {
		return "", errForm
	}
	var claims jwt.RegisteredClaims
	err := sandbox.VerifyToken(token, &claims, sandbox.OwnKey)
	if err != nil || claims.ExpiresAt == nil || !now.Before(claims.ExpiresAt.Time) {
		return "", errVerify
	}
	return claims.ID, nil
}
