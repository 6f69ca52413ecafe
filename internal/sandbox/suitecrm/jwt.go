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

// signingKey is the instance's own, one for the whole process since making one takes a while.
var signingKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

// claims are those of an access token (league/oauth2-server, AccessTokenTrait).
type claims struct {
	Audience  string   `json:"aud"` // the OAuth2 client
	ID        string   `json:"jti"`
	IssuedAt  int64    `json:"iat"`
	NotBefore int64    `json:"nbf"`
	Expires   int64    `json:"exp"`
	Subject   string   `json:"sub"` // the user's id
	Scopes    []string `json:"scopes"`
}

// signed makes a JSON Web Token of claims, signed with RS256 (RFC 7515).
func signed(c claims) (string, error) {
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

// What the server says of tokens that it does not take.
var (
	errForm     = errors.New("The JWT string must have two dots")  //nolint:staticcheck // as the server says it
	errVerify   = errors.New("Access token could not be verified") //nolint:staticcheck // as the server says it
	errRevoked  = errors.New("Access token has been revoked")      //nolint:staticcheck // as the server says it
	errNoHeader = errors.New(`Missing "Authorization" header`)     //nolint:staticcheck // as the server says it
)

// verify reads a token whose signature and time are right.
func verify(token string, now time.Time) (claims, error) {
	if strings.Count(token, ".") != 2 {
		return claims{}, errForm
	}
	key, err := signingKey()
	if err != nil {
		return claims{}, err
	}
	var c claims
	proof, err := sandbox.ReadAssertion(token, &c)
	if err != nil || !proof.SignedBy(&key.PublicKey) || now.Unix() >= c.Expires {
		return claims{}, errVerify
	}
	return c, nil
}
