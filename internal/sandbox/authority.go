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

// TLS describes the certificate that a stand-in presents. The zero value is a valid certificate: for 127.0.0.1, ::1 and
// localhost, valid for a year, signed by the authority that the stand-in's CA method returns.
type TLS struct {
	// Name issues the certificate for this host name only, so it does not match the stand-in's address.
	Name string
	// Untrusted signs the certificate with an authority that no client trusts.
	Untrusted bool
	// ExpiresIn is how long the certificate is still valid. A negative value is how long ago it expired, 0 means a
	// year.
	ExpiresIn time.Duration
	// AskClients requests a certificate from clients and leaves the check to the stand-in, as IIS does.
	AskClients bool
	// DemandClients rejects the handshake of clients without a certificate of the authority, as reverse proxies do.
	DemandClients bool
}

// ClientCertificate describes a certificate that is issued to a client. The zero value is a valid one, for a year.
type ClientCertificate struct {
	// Name is the common name.
	Name string
	// Email is the address that identifies the owner.
	Email string
	// Untrusted signs the certificate with an authority that no server trusts.
	Untrusted bool
	// ExpiresIn is how long the certificate is still valid. A negative value is how long ago it expired, 0 means a
	// year.
	ExpiresIn time.Duration
}

// Authority is a certificate authority made for one stand-in. Its key is in memory only.
type Authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

// NewAuthority returns an authority with a new key.
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

// PEM returns the authority's certificate.
func (a *Authority) PEM() string {
	return encodePEM("CERTIFICATE", a.certificate.Raw)
}

func encodePEM(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

// Issue returns a certificate for a client and its key, both in PEM form.
func (a *Authority) Issue(options ClientCertificate) (certificate, key string, err error) {
	template := &x509.Certificate{
		Subject: pkix.Name{CommonName: options.Name}, EmailAddresses: []string{options.Email},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	private, der, err := a.issue(template, options.ExpiresIn, options.Untrusted)
	if err != nil {
		return "", "", err
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return "", "", fmt.Errorf("write key: %w", err)
	}
	return encodePEM("CERTIFICATE", der), encodePEM("PRIVATE KEY", pkcs8), nil
}

// Signed reports whether certificate is a client certificate that this authority signed. It does not check the dates.
func (a *Authority) Signed(certificate *x509.Certificate) bool {
	roots := x509.NewCertPool()
	roots.AddCert(a.certificate)
	_, err := certificate.Verify(x509.VerifyOptions{
		Roots: roots, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}, CurrentTime: certificate.NotBefore,
	})
	return err == nil
}

// serverCertificate returns the certificate that a stand-in presents.
func (a *Authority) serverCertificate(options TLS) (tls.Certificate, error) {
	template := &x509.Certificate{
		Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if options.Name != "" {
		template.Subject.CommonName = options.Name
		template.DNSNames, template.IPAddresses = []string{options.Name}, nil
	}
	key, der, err := a.issue(template, options.ExpiresIn, options.Untrusted)
	if err != nil {
		return tls.Certificate{}, err
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}

// configureClientAuth makes a server request certificates from clients as the options say.
func (a *Authority) configureClientAuth(config *tls.Config, options TLS) {
	switch {
	case options.DemandClients:
		config.ClientAuth, config.ClientCAs = tls.RequireAndVerifyClientCert, x509.NewCertPool()
		config.ClientCAs.AddCert(a.certificate)
	case options.AskClients:
		config.ClientAuth = tls.RequestClientCert
	}
}

// issue completes a certificate and signs it. An untrusted certificate is signed by another, new authority.
func (a *Authority) issue(
	template *x509.Certificate, expires time.Duration, untrusted bool,
) (*ecdsa.PrivateKey, []byte, error) {
	if untrusted {
		unknown, err := NewAuthority("Unknown CA")
		if err != nil {
			return nil, nil, err
		}
		a = unknown
	}
	if expires == 0 {
		expires = 365 * 24 * time.Hour
	}
	template.NotBefore, template.NotAfter = time.Now().Add(min(expires, 0)-24*time.Hour), time.Now().Add(expires)
	template.KeyUsage = x509.KeyUsageDigitalSignature
	key, der, err := sign(template, a)
	if err != nil {
		return nil, nil, fmt.Errorf("make certificate: %w", err)
	}
	return key, der, nil
}

// sign makes a key and a certificate for it, signed by the authority. Without an authority it is self-signed.
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
