package ntlm_test

import (
	"crypto/x509"
	"encoding/pem"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	standin "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ntlm"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/ntlm"
)

// certificate makes a certificate of some authority.
func certificate(t *testing.T) *x509.Certificate {
	t.Helper()
	authority, err := sandbox.NewAuthority("CA")
	if err != nil {
		t.Fatal(err)
	}
	text, _, err := authority.Issue(sandbox.ClientCertificate{Name: "mail.example.com"})
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode([]byte(text))
	parsed, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func TestHandshakeWithExtendedProtection(t *testing.T) {
	t.Parallel()
	own, other := certificate(t), certificate(t)
	for name, c := range map[string]struct {
		binding []byte
		accepts map[standin.Protection]bool
	}{
		"own certificate": {
			ntlm.ChannelBinding(own), map[standin.Protection]bool{standin.Ignore: true, standin.Allow: true, standin.Require: true},
		},
		"certificate of a proxy": {
			ntlm.ChannelBinding(other), map[standin.Protection]bool{standin.Ignore: true, standin.Allow: false, standin.Require: false},
		},
		"without TLS": {nil, map[standin.Protection]bool{standin.Ignore: true, standin.Allow: true, standin.Require: false}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, user := range []string{`SIM\svc-riva`, "svc-riva@example.com"} {
				proof := handshake(t, ntlm.Login{
					User: user, Password: "pässwörd 1", Service: "HTTP/mail.example.com", Binding: c.binding, Now: time.Now,
				}, ntlm.Negotiate())
				if !proof.HasMIC() || !proof.Matches("pässwörd 1") || proof.Matches("other") {
					t.Errorf("%s: the proof is wrong, or has no message integrity code", user)
				}
				for mode, want := range c.accepts {
					if got := mode.Accepts(proof.Binding(), own.Raw); got != want {
						t.Errorf("%s, protection %q: accepted %t, want %t", user, mode, got, want)
					}
				}
			}
		})
	}
}

// A changed message of the handshake is noticed.
func TestIntegrityCodeCoversAllMessages(t *testing.T) {
	t.Parallel()
	changed := ntlm.Negotiate()
	changed[12] ^= 0x40
	login := ntlm.Login{User: "svc-riva@example.com", Password: "password", Now: time.Now}
	if handshake(t, login, changed).Matches("password") {
		t.Error("a changed negotiate message was accepted")
	}
}

func handshake(t *testing.T, login ntlm.Login, negotiate []byte) *standin.Proof {
	t.Helper()
	names := standin.Names{Domain: "SIM", Computer: "EX1", DNSDomain: "example.com"}
	server := standin.NewChallenge(names, negotiate, time.Now())
	challenge, err := ntlm.ParseChallenge(server.Message())
	if err != nil {
		t.Fatal(err)
	}
	proof, err := server.Proof(challenge.Authenticate(login))
	if err != nil {
		t.Fatal(err)
	}
	return proof
}
