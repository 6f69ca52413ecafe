package target

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"strings"
)

// checkCertificates validates certificates in PEM form.
func checkCertificates(value string) error {
	return checkPEM(value, parseCertificate, "certificates in PEM form (-----BEGIN CERTIFICATE----- …)")
}

// checkPrivateKey validates a private key in PEM form.
func checkPrivateKey(value string) error {
	return checkPEM(value, parsePrivateKey, "a private key in PEM form (-----BEGIN PRIVATE KEY----- …), without a passphrase")
}

// checkPEM validates PEM text, all of whose blocks must be parseable.
func checkPEM(value string, parse func(*pem.Block) error, want string) error {
	rest, blocks := []byte(value), 0
	for {
		block, after := pem.Decode(rest)
		if block == nil {
			break
		}
		if parse(block) != nil {
			return errors.New("must be " + want)
		}
		rest = after
		blocks++
	}
	if blocks == 0 || strings.TrimSpace(string(rest)) != "" {
		return errors.New("must be " + want + " and nothing else")
	}
	return nil
}

func parseCertificate(block *pem.Block) error {
	if block.Type != "CERTIFICATE" {
		return errors.New("not a certificate")
	}
	_, err := x509.ParseCertificate(block.Bytes)
	return err
}

func parsePrivateKey(block *pem.Block) error {
	var err error
	switch block.Type {
	case "PRIVATE KEY":
		_, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	case "RSA PRIVATE KEY":
		_, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	case "EC PRIVATE KEY":
		_, err = x509.ParseECPrivateKey(block.Bytes)
	default:
		err = errors.New("not a private key")
	}
	return err
}
