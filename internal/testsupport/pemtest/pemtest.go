// Package pemtest makes certificates and private keys in PEM form for tests.
package pemtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"testing"
	"time"
)

// Pair makes a self-signed certificate for a common name, valid until end, and its private key in PKCS #8 form.
func Pair(tb testing.TB, name string, end time.Time) (certificate, key string) {
	tb.Helper()
	return pair(tb, &x509.Certificate{Subject: pkix.Name{CommonName: name}, NotAfter: end})
}

// Server makes a self-signed certificate for a server on 127.0.0.1, valid until end, and its private key.
func Server(tb testing.TB, name string, end time.Time) (certificate, key string) {
	tb.Helper()
	return pair(tb, &x509.Certificate{
		Subject: pkix.Name{CommonName: name}, NotAfter: end, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA: true, BasicConstraintsValid: true,
	})
}

func pair(tb testing.TB, template *x509.Certificate) (certificate, key string) {
	tb.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	template.SerialNumber = big.NewInt(1)
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		tb.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		tb.Fatal(err)
	}
	encode := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	return encode("CERTIFICATE", der), encode("PRIVATE KEY", pkcs8)
}
