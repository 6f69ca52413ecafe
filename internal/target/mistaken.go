package target

import (
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"regexp"
	"slices"
	"strings"
)

// Descriptions of values that are often given by mistake. They contain nothing of the value.
const (
	isPath        = `it looks like the path of a file: set the content of the file instead, with file("…")`
	isWhiteSpace  = "it contains only white space"
	isJSON        = "it looks like a JSON document: set only the PEM text in it"
	isUTF16       = "it is encoded as UTF-16: save the file as UTF-8"
	isBase64      = `it is the Base64 form of such a file: read it with file("…") instead of filebase64("…"), or use base64decode(…)`
	isKeystore    = "it is a Java keystore: export it as PKCS #12 with keytool -importkeystore, and then as PEM with openssl pkcs12"
	isCut         = "a block ends before its line -----END …-----: set the whole file"
	isHeadless    = "its first line -----BEGIN …----- is missing: set the whole file"
	isUnreadable  = "a block in it cannot be decoded: set the whole file, unchanged"
	isPublicKey   = "it contains a public key"
	isSSHPublic   = "it contains a public key of OpenSSH"
	isCertificate = "it contains a certificate: set only the private key that belongs to the certificate"
	isPrivateKey  = "it contains a private key: set only the certificate that belongs to the key"
	isRequest     = "it contains a certificate request"
	isContainer   = "it contains a PKCS #7 container: extract the certificates with openssl pkcs7 -print_certs"
	isEncrypted   = "the key is encrypted: remove the passphrase, for example with openssl pkey -in key.pem -out plain.pem"
	isOpenSSH     = "the key has the format of OpenSSH: convert a copy of the file with ssh-keygen -p -m PKCS8 -f copy"
	isPuTTY       = "the key has the format of PuTTY: export it as an OpenSSH key, and convert that with ssh-keygen -p -m PKCS8"
)

// describe returns what a value is that has no readable blocks, as the end of a sentence; empty if it is unknown.
func (k pemKind) describe(value string) string {
	text := strings.TrimSpace(strings.ReplaceAll(value, byteOrderMark, ""))
	switch {
	case text == "":
		return isWhiteSpace
	case strings.Contains(text, pemBegin):
		return k.describeUnreadable(text)
	case strings.Contains(text, pemEnd):
		return isHeadless
	case strings.HasPrefix(value, "\xff\xfe"), strings.HasPrefix(value, "\xfe\xff"):
		return isUTF16
	case strings.HasPrefix(text, "ssh-"), strings.HasPrefix(text, "ecdsa-sha2-"):
		return isSSHPublic
	case strings.HasPrefix(text, "PuTTY-User-Key-File-"):
		return isPuTTY
	case strings.HasPrefix(text, "{"):
		return isJSON
	}
	if binary := k.describeBinary([]byte(value)); binary != "" {
		return binary
	}
	if decoded, err := decodeBase64(text); err == nil {
		if strings.Contains(string(decoded), pemBegin) {
			return isBase64
		}
		if binary := k.describeBinary(decoded); binary != "" {
			return binary
		}
	}
	if isPathLike(text) {
		return isPath
	}
	return ""
}

// describeUnreadable describes a value in which a block cannot be decoded.
func (k pemKind) describeUnreadable(text string) string {
	for {
		_, rest, begins := strings.Cut(text, pemBegin)
		if !begins {
			return isUnreadable
		}
		kind, rest, _ := strings.Cut(rest, pemClose)
		if other := k.describeBlock(&pem.Block{Type: kind}); other != isUnreadable {
			return other
		}
		if !strings.Contains(rest, pemEnd+kind+pemClose) {
			return isCut
		}
		text = rest
	}
}

// describeBlock describes a block of another kind, or one that cannot be read.
func (k pemKind) describeBlock(block *pem.Block) string {
	privateKey := strings.HasSuffix(block.Type, "PRIVATE KEY")
	switch {
	case strings.HasSuffix(block.Type, "CERTIFICATE REQUEST"):
		return isRequest
	case block.Type == "PKCS7", block.Type == "CMS":
		return isContainer
	case strings.HasSuffix(block.Type, "PUBLIC KEY"):
		return isPublicKey
	case !k.key && privateKey:
		return isPrivateKey
	case k.key && strings.HasSuffix(block.Type, "CERTIFICATE"):
		return isCertificate
	case block.Type == "OPENSSH PRIVATE KEY":
		return isOpenSSH
	case block.Type == "ENCRYPTED PRIVATE KEY", strings.Contains(block.Headers["Proc-Type"], "ENCRYPTED"):
		return isEncrypted
	}
	return isUnreadable
}

// describeBinary describes a file that is not text; empty if it is unknown.
func (k pemKind) describeBinary(file []byte) string {
	var container struct { // RFC 7292, 4
		Version int
		Safe    asn1.RawValue
		MAC     asn1.RawValue `asn1:"optional"`
	}
	var sequence asn1.RawValue
	extract, convert := "-nokeys", "openssl x509 -inform der"
	if k.key {
		extract, convert = "-nocerts -nodes", "openssl pkey -inform der"
	}
	_, notContainer := asn1.Unmarshal(file, &container)
	rest, notDER := asn1.Unmarshal(file, &sequence)
	_, notCertificate := x509.ParseCertificate(file)
	switch {
	case strings.HasPrefix(string(file), "\xfe\xed\xfe\xed"):
		return isKeystore
	case notContainer == nil && container.Version == 3:
		return "it is a PKCS #12 container (.pfx, .p12): extract PEM with openssl pkcs12 " + extract
	case k.key && notCertificate == nil:
		return isCertificate
	case notDER == nil && len(rest) == 0 && sequence.Tag == asn1.TagSequence && sequence.IsCompound:
		return "it is in DER form, or lacks its lines -----BEGIN …----- and -----END …-----: convert the file with " + convert
	}
	return ""
}

// checkJSON validates a JSON document. An error contains nothing of it.
func checkJSON(value string) error {
	if json.Valid([]byte(RepairJSON(value))) {
		return nil
	}
	text := strings.TrimSpace(strings.ReplaceAll(value, byteOrderMark, ""))
	const want = "must be a JSON document"
	decoded, err := decodeBase64(text)
	switch {
	case text == "":
		return errors.New(want + ", but " + isWhiteSpace)
	case strings.HasPrefix(text, "{"):
		return errors.New(want + ", but it is incomplete or changed: set the whole file, unchanged")
	case strings.Contains(text, pemBegin):
		return errors.New(want + ", but it is in PEM form: set the whole JSON file that contains the key")
	case err == nil && json.Valid(decoded):
		return errors.New(want + ", but " + isBase64)
	case isPathLike(text):
		return errors.New(want + ", but " + isPath)
	}
	return errors.New(want)
}

func decodeBase64(text string) ([]byte, error) {
	return base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
}

// pathStart matches how absolute and relative paths begin, on any operating system.
var pathStart = regexp.MustCompile(`^(?:\.{0,2}[/\\]|~[/\\]|[A-Za-z]:[/\\]|file:)`)

// isPathLike reports whether a text looks like the path of a file with a key or a certificate.
func isPathLike(text string) bool {
	if len(text) > maxSetting || strings.ContainsAny(text, "\r\n") {
		return false
	}
	extensions := []string{".pem", ".key", ".crt", ".cer", ".der", ".p8", ".p12", ".pfx", ".jks", ".json", ".txt"}
	return pathStart.MatchString(text) || slices.ContainsFunc(extensions, func(extension string) bool {
		return strings.HasSuffix(strings.ToLower(text), extension)
	})
}
