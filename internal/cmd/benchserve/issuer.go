package main

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// issuer is an outside issuer, such as the service of a pipeline, with a key like that of GitHub Actions.
type issuer struct {
	server *httptest.Server
	signer jose.Signer
}

func startIssuer() (*issuer, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, fmt.Errorf("create a key: %w", err)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: key}, (&jose.SignerOptions{}).WithHeader("kid", "k1"))
	if err != nil {
		return nil, fmt.Errorf("use a key: %w", err)
	}
	i := &issuer{signer: signer}
	keys := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &key.PublicKey, KeyID: "k1", Algorithm: string(jose.RS256)}}}
	i.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		var document any = keys
		if r.URL.Path == "/.well-known/openid-configuration" {
			document = map[string]any{"issuer": i.server.URL, "jwks_uri": i.server.URL + "/keys"}
		}
		_ = json.NewEncoder(w).Encode(document) // the control plane may have disconnected
	}))
	return i, nil
}

// identity is a token for the control plane.
func (i *issuer) identity(subject string) (string, error) {
	now := time.Now()
	token, err := jwt.Signed(i.signer).Claims(jwt.Claims{
		Issuer: i.server.URL, Subject: subject, Audience: jwt.Audience{publicURL}, IssuedAt: jwt.NewNumericDate(now),
		Expiry: jwt.NewNumericDate(now.Add(2 * time.Hour)),
	}).Serialize()
	if err != nil {
		return "", fmt.Errorf("sign the identity of %s: %w", subject, err)
	}
	return token, nil
}
