package sandbox

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"strings"
	"time"
)

// KeyPair is an RSA key (PKCS #8) and its self-signed certificate, both as PEM. The certificate is registered in the
// system where the key signs in.
type KeyPair struct{ PrivateKey, Certificate string }

// NewKeyPair makes a key pair whose certificate expires at end.
func NewKeyPair(end time.Time) (KeyPair, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return KeyPair{}, fmt.Errorf("make a key: %w", err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return KeyPair{}, fmt.Errorf("make a key: %w", err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Riva sandbox"},
		NotBefore: end.AddDate(-2, 0, 0), NotAfter: end,
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return KeyPair{}, fmt.Errorf("make a certificate: %w", err)
	}
	return KeyPair{PrivateKey: encodePEM("PRIVATE KEY", private), Certificate: encodePEM("CERTIFICATE", certificate)}, nil
}

// Random returns random text in units of 26 characters.
func Random(units int) string {
	var b strings.Builder
	for range units {
		b.WriteString(rand.Text())
	}
	return b.String()
}
