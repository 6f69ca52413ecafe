package ntlm_test

import (
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ntlm"
)

// A message of a client is a proof or malformed, and nobody proves a password with any bytes.
func FuzzProof(f *testing.F) {
	f.Add([]byte("NTLMSSP\x00\x03\x00\x00\x00" + strings.Repeat("\x00", 60)))
	f.Add([]byte("NTLMSSP\x00\x03\x00\x00\x00" + strings.Repeat("\xff", 60)))
	f.Add([]byte("NTLMSSP\x00\x01\x00\x00\x00"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, message []byte) {
		names := ntlm.Names{Domain: "EXAMPLE", Computer: "MAIL", DNSDomain: "example.com"}
		proof, err := ntlm.NewChallenge(names, nil, time.Time{}).Proof(message)
		if err == nil && proof.Matches("password") {
			t.Errorf("%q proves the password", message)
		}
	})
}
