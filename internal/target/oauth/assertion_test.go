package oauth_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/oauth"
)

func TestSign(t *testing.T) {
	t.Parallel()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for form, block := range map[string]*pem.Block{
		"PKCS #8": {Type: "PRIVATE KEY", Bytes: pkcs8},
		"PKCS #1": {Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)},
	} {
		for _, algorithm := range []oauth.Algorithm{oauth.RS256, oauth.PS256} {
			text := string(pem.EncodeToMemory(block))
			signed, err := oauth.Sign(algorithm, text, map[string]any{"kid": "k1"}, map[string]any{"iss": "x"})
			if err != nil || oauth.CheckRSAKey(text) != nil {
				t.Fatalf("%s: %v", form, err)
			}
			token, err := jwt.Parse(signed, func(*jwt.Token) (any, error) { return &key.PublicKey, nil },
				jwt.WithValidMethods([]string{string(algorithm)}))
			if err != nil || token.Header["kid"] != "k1" || token.Header["typ"] != "JWT" {
				t.Errorf("%s, %s: %v, %v", form, algorithm, token, err)
			}
		}
	}
}

func TestSignRequiresRSAKey(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"", "canary", "-----BEGIN PRIVATE KEY-----\nY2FuYXJ5\n-----END PRIVATE KEY-----\n"} {
		_, err := oauth.Sign(oauth.RS256, key, nil, map[string]any{"iss": "x"})
		if err == nil || strings.Contains(err.Error(), "canary") || oauth.CheckRSAKey(key) == nil {
			t.Errorf("%q: got %v", key, err)
		}
	}
}
