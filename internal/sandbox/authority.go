package sandbox

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"time"
)

// TLS says which certificate a stand-in presents. The zero value is a good one: for 127.0.0.1, ::1 and localhost, valid
// for a year, signed by the authority that the stand-in's CA method returns.
type TLS struct {
	// Name makes it a certificate for this host name only, so not for the stand-in's address.
	Name string
	// Untrusted has it signed by an authority that nobody is told about.
	Untrusted bool
	// ExpiresIn is how long it is still valid; negative for how long ago it expired, 0 for a year.
	ExpiresIn time.Duration
}

// Authority is a certificate authority made for one stand-in; its key lives in memory only.
type Authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

// NewAuthority makes an authority with a new key.
func NewAuthority(name string) (*Authority, error) {
	template := &x509.Certificate{
		Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-2 * 365 * 24 * time.Hour),
		NotAfter: time.Now().Add(10 * 365 * 24 * time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	key, der, err := sign(template, nil)
	if err != nil {
		return nil, fmt.Errorf("make authority: %w", err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("make authority: %w", err)
	}
	return &Authority{certificate: certificate, key: key}, nil
}

// PEM is the authority's certificate.
func (a *Authority) PEM() string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.certificate.Raw}))
}

// present makes the certificate a stand-in shows.
func (a *Authority) present(options TLS) (tls.Certificate, error) {
	if options.Untrusted {
		stranger, err := NewAuthority("Unknown CA")
		if err != nil {
			return tls.Certificate{}, err
		}
		a = stranger
	}
	expires := options.ExpiresIn
	if expires == 0 {
		expires = 365 * 24 * time.Hour
	}
	template := &x509.Certificate{
		Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
		NotBefore:   time.Now().Add(min(expires, 0) - 24*time.Hour), NotAfter: time.Now().Add(expires),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if options.Name != "" {
		template.Subject.CommonName = options.Name
		template.DNSNames, template.IPAddresses = []string{options.Name}, nil
	}
	key, der, err := sign(template, a)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("make certificate: %w", err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}

// sign makes a key and a certificate for it, signed by the authority, or by itself without one.
func sign(template *x509.Certificate, by *Authority) (*ecdsa.PrivateKey, []byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	template.SerialNumber, err = rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, nil, err
	}
	issuer, issuerKey := template, key
	if by != nil {
		issuer, issuerKey = by.certificate, by.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, issuer, key.Public(), issuerKey)
	return key, der, err
}
