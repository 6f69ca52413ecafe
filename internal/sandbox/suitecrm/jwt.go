package suitecrm

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

const accessLifetime = time.Hour

// signingKey is the instance's key. There is one for the whole process, because making one takes a while.
var signingKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

// claims are the claims of an access token (league/oauth2-server, AccessTokenTrait).
type claims struct {
	Audience  string   `json:"aud"` // the OAuth2 client
	ID        string   `json:"jti"`
	IssuedAt  int64    `json:"iat"`
	NotBefore int64    `json:"nbf"`
	Expires   int64    `json:"exp"`
	Subject   string   `json:"sub"` // the user's id
	Scopes    []string `json:"scopes"`
}

// signToken returns a JSON Web Token with the claims, signed with RS256 (RFC 7515).
func signToken(c claims) (string, error) {
	key, err := signingKey()
	if err != nil {
		return "", err
	}
	payload, err := json.Marshal(c)
	if err != nil {
		return "", err
	}
	text := encode([]byte(`{"typ":"JWT","alg":"RS256"}`)) + "." + encode(payload)
	digest := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, digest[:])
	if err != nil {
		return "", fmt.Errorf("sign token: %w", err)
	}
	return text + "." + encode(signature), nil
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// The server's texts for tokens that it rejects.
var (
	errForm     = errors.New("The JWT string must have two dots")  //nolint:staticcheck // the server's text
	errVerify   = errors.New("Access token could not be verified") //nolint:staticcheck // the server's text
	errRevoked  = errors.New("Access token has been revoked")      //nolint:staticcheck // the server's text
	errNoHeader = errors.New(`Missing "Authorization" header`)     //nolint:staticcheck // the server's text
)

// verify verifies the signature and the lifetime of a token, and returns its claims.
func verify(token string, now time.Time) (claims, error) {
	if strings.Count(token, ".") != 2 {
		return claims{}, errForm
	}
	key, err := signingKey()
	if err != nil {
		return claims{}, err
	}
	var c claims
	signature, err := sandbox.ReadAssertion(token, &c)
	if err != nil || !signature.SignedBy(&key.PublicKey) || now.Unix() >= c.Expires {
		return claims{}, errVerify
	}
	return c, nil
}
