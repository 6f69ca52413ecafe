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

// pemKind is what a field in PEM form must contain.
type pemKind struct {
	// want completes the sentence "It must be …".
	want string
	// key reports that it is a private key; otherwise it is certificates.
	key bool
	// parse returns an error for a block of another kind, and for one that cannot be read.
	parse func(*pem.Block) error
}

// checkCertificates validates certificates in PEM form.
func checkCertificates(value string) error {
	return pemKind{want: "certificates in PEM form (-----BEGIN CERTIFICATE----- …)", parse: parseCertificate}.check(value)
}

// CheckPrivateKey validates a private key in PEM form. The error completes a sentence about the key.
func CheckPrivateKey(value string) error {
	return pemKind{
		want: "a private key in PEM form (-----BEGIN PRIVATE KEY----- …), without a passphrase", key: true, parse: parsePrivateKey,
	}.check(value)
}

// check validates PEM text, all of whose blocks must be parseable. An error says what the value is instead, and contains nothing
// of it.
func (k pemKind) check(value string) error {
	repaired := RepairPEM(value)
	blocks, rest := decodeBlocks(repaired)
	for _, block := range blocks {
		if k.parse(block) != nil {
			return k.errorf(k.describeBlock(block))
		}
	}
	switch {
	case len(blocks) == 0 || !allBlocksDecode(repaired):
		return k.errorf(k.describe(value))
	case strings.TrimSpace(rest) != "":
		return errors.New("must be " + k.want + " and nothing else")
	}
	return nil
}

// errorf makes the error from a description of the value, which may be empty.
func (k pemKind) errorf(description string) error {
	if description == "" {
		return errors.New("must be " + k.want)
	}
	return errors.New("must be " + k.want + ", but " + description)
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
// repetitions and text outside of the blocks make no difference. It reads the same blocks as [x509.CertPool.AppendCertsFromPEM]
// reads after [RepairPEM].
func fingerprints(value string) []string {
	var found []string
	blocks, _ := decodeBlocks(RepairPEM(value))
	for _, block := range blocks {
		if block.Type == "CERTIFICATE" && len(block.Headers) == 0 {
			sum := sha256.Sum256(block.Bytes)
			found = append(found, hex.EncodeToString(sum[:]))
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// addsCertificate reports whether a certificate is trusted after a change that was not trusted before. Both texts are the
// canonical form of a setting with certificates.
func addsCertificate(before, after string) bool {
	return !containsAll(strings.Fields(before), strings.Fields(after))
}
