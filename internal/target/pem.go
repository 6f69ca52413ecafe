package target

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"slices"
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

// fingerprints returns the certificates that a text in PEM form adds to the trusted ones, as sorted digests: order, line breaks,
// repetitions and text outside of the blocks make no difference. It reads the same blocks as [x509.CertPool.AppendCertsFromPEM].
func fingerprints(value string) []string {
	var found []string
	for rest := []byte(value); ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			slices.Sort(found)
			return slices.Compact(found)
		}
		if block.Type == "CERTIFICATE" && len(block.Headers) == 0 {
			sum := sha256.Sum256(block.Bytes)
			found = append(found, hex.EncodeToString(sum[:]))
		}
	}
}

// addsCertificate reports whether a certificate is trusted after a change that was not trusted before. Both texts are the
// canonical form of a setting with certificates.
func addsCertificate(before, after string) bool {
	return !containsAll(strings.Fields(before), strings.Fields(after))
}
