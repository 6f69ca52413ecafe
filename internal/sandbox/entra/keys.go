package entra

import (
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// KeyPair is a private key (PKCS #8) and the self-signed certificate to upload, both as PEM.
type KeyPair = sandbox.KeyPair

// firstPair is the key pair of the app of [NewSeed].
var firstPair = sync.OnceValues(func() (KeyPair, error) { return sandbox.NewKeyPair(time.Now().AddDate(1, 0, 0)) })

func parseCertificate(text string) (*x509.Certificate, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, errors.New("the certificate is not PEM")
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("read the certificate: %w", err)
	}
	return certificate, nil
}

// keyID returns the id of the signing key: its digest.
func keyID(key *rsa.PrivateKey) string {
	sum := sha256.Sum256(key.N.Bytes())
	return base64.RawURLEncoding.EncodeToString(sum[:20])
}

// sign returns a token with the claims.
func sign(claims jwt.MapClaims) (string, error) {
	key, err := sandbox.SigningKey()
	if err != nil {
		return "", err
	}
	return sandbox.SignToken(claims, keyID(key))
}

// keys returns the document with the signing keys (RFC 7517).
func (d *Directory) keys() sandbox.Response {
	key, err := sandbox.SigningKey()
	if err != nil {
		return sandbox.Response{Status: http.StatusInternalServerError}
	}
	document, err := sandbox.KeySet(keyID(key), map[string]any{
		"x5t": keyID(key), "issuer": "https://login.microsoftonline.com/{tenantid}/v2.0",
	})
	if err != nil {
		return sandbox.Response{Status: http.StatusInternalServerError}
	}
	return jsonResponse(http.StatusOK, document)
}
