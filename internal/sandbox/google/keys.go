package google

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/url"
	"sync"
)

// KeyFile returns the file that Google offers for download when a key is created
// (https://cloud.google.com/iam/docs/keys-create-delete). The addresses in it are those of the stand-in.
func (s *Server) KeyFile() string {
	a := s.ServiceAccount()
	site := s.URLOf(TokenSite)
	file, err := json.MarshalIndent(map[string]string{
		"type": "service_account", "project_id": a.ProjectID, "private_key_id": a.KeyID, "private_key": a.PrivateKey,
		"client_email": a.Email, "client_id": a.ClientID, "auth_uri": site + "/o/oauth2/auth", "token_uri": s.TokenURL(),
		"auth_provider_x509_cert_url": site + "/oauth2/v1/certs",
		"client_x509_cert_url":        site + "/robot/v1/metadata/x509/" + url.PathEscape(a.Email),
		"universe_domain":             "googleapis.com",
	}, "", "  ")
	if err != nil { // no account has such a value
		return ""
	}
	return string(file) + "\n"
}

// firstKey is the key of the service account at the start. There is one for the whole process, because making one takes
// a while.
var firstKey = sync.OnceValues(newKey)

// newKey returns an RSA key in the format of key files: PKCS #8 in PEM.
func newKey() (string, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return "", err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return "", err
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), nil
}

// newKeyID returns 40 hexadecimal digits, like Google's key ids.
func newKeyID() string {
	id := make([]byte, 20)
	_, _ = rand.Read(id) // documented to never fail
	return hex.EncodeToString(id)
}

func (a ServiceAccount) publicKey() (*rsa.PublicKey, error) {
	block, _ := pem.Decode([]byte(a.PrivateKey))
	if block == nil {
		return nil, errors.New("the service account's key is not in PEM form")
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("read the service account's key: %w", err)
	}
	key, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return nil, errors.New("the service account's key is not an RSA key")
	}
	return &key.PublicKey, nil
}
