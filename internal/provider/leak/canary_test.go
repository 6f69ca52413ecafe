package leak_test

import (
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"strings"
)

const (
	// publicKeyPart is the beginning of the base64 of a private key, which is the same in many keys.
	publicKeyPart = 60
	// signaturePart is the end of the base64 of a certificate. The rest is also in other certificates.
	signaturePart = 80
)

// essence returns the parts of a secret that nothing else has. A key file has public parts, a token has a header that all tokens
// have, and so has a key.
func essence(secret string) []string {
	var file map[string]string
	if json.Unmarshal([]byte(secret), &file) == nil {
		return essence(file["private_key"])
	}
	if block, _ := pem.Decode([]byte(secret)); block != nil {
		text := base64.StdEncoding.EncodeToString(block.Bytes)
		if block.Type == "CERTIFICATE" {
			return []string{text[len(text)-signaturePart:]}
		}
		return []string{text[publicKeyPart:], string(block.Bytes[publicKeyPart:])}
	}
	if parts := strings.Split(secret, "."); len(parts) == 3 && strings.HasPrefix(secret, "eyJ") {
		return parts[2:]
	}
	if organization, session, ok := strings.Cut(secret, "!"); ok && strings.HasPrefix(organization, "00D") {
		return []string{session} // of Salesforce: the rest is the id of the organization
	}
	return []string{secret}
}
