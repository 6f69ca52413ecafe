package target

import (
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/pemtest"
)

// Certificates and keys that are valid are read everywhere, and an error contains nothing of them.
func FuzzPEM(f *testing.F) {
	certificate, key := pemtest.Pair(f, "h.example.com", time.Date(2040, 1, 2, 3, 4, 5, 0, time.UTC))
	for _, text := range []string{
		"", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "-----BEGIN PRIVATE KEY-----\n",
		"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----",
		"-----BEGIN EC PRIVATE KEY-----\nMAA=\n-----END EC PRIVATE KEY-----", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n" +
			"-----END ENCRYPTED PRIVATE KEY-----", "text -----BEGIN X-----\n-----END X----- text", certificate, key, key + certificate,
	} {
		f.Add(text)
	}
	for _, text := range pemtest.Spellings(certificate + certificate) {
		f.Add(text)
	}
	system := &System{Fields: []Field{
		{Name: "certificate", Type: Certificates, Secret: true}, {Name: CACertificate, Type: Certificates},
	}}
	f.Fuzz(func(t *testing.T, text string) {
		valid := checkCertificates(text)
		if valid == nil && (len(certificates(text)) == 0 || system.CredentialsExpireAt(Credentials{"certificate": text}).IsZero()) {
			t.Errorf("valid certificates cannot be read: %q", text)
		}
		if found := fingerprints(text + "\n" + text); !containsAll(fingerprints(text), found) && strings.HasSuffix(text, "\n") {
			t.Errorf("repetition adds certificates to %q", text)
		}
		for _, err := range []error{valid, CheckPrivateKey(text)} {
			if err != nil && !strings.HasPrefix(err.Error(), "must be ") {
				t.Errorf("got %v", err)
			}
		}
		now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
		_ = system.Warnings(Settings{CACertificate: text}, now, now)
	})
}
