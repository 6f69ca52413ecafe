package ntlm_test

import (
	"encoding/hex"
	"errors"
	"testing"
	"time"

	"github.com/Azure/go-ntlmssp"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ntlm"
)

// TestResponseKey checks the vector of MS-NLMP 4.2.4.1.1.
func TestResponseKey(t *testing.T) {
	t.Parallel()
	got := hex.EncodeToString(ntlm.ResponseKey("Domain", "User", "Password"))
	if want := "0c868a403bfd7a93a3001ef22ef02e3f"; got != want {
		t.Errorf("key %s, want %s", got, want)
	}
}

func TestHandshakeWithOtherLibrary(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		user, password, domain, name string
		accepted                     bool
	}{
		"domain and user": {`SIM\svc-riva`, "pässwörd 1", "SIM", "svc-riva", true},
		"principal name":  {"svc-riva@example.com", "pässwörd 1", "", "svc-riva@example.com", true},
		"wrong password":  {`SIM\svc-riva`, "Pässwörd 1", "SIM", "svc-riva", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			challenge := ntlm.NewChallenge(ntlm.Names{Domain: "SIM", Computer: "EX1", DNSDomain: "example.com"}, nil, time.Now())
			message, err := ntlmssp.NewAuthenticateMessage(challenge.Message(), tc.user, tc.password, nil)
			if err != nil {
				t.Fatal(err)
			}
			proof, err := challenge.Proof(message)
			if err != nil {
				t.Fatal(err)
			}
			if proof.Domain != tc.domain || proof.User != tc.name {
				t.Errorf("proof of %q in domain %q", proof.User, proof.Domain)
			}
			if got := proof.Matches("pässwörd 1"); got != tc.accepted {
				t.Errorf("accepted: %t, want %t", got, tc.accepted)
			}
			other, err := ntlm.NewChallenge(ntlm.Names{}, nil, time.Now()).Proof(message)
			if err != nil {
				t.Fatal(err)
			}
			if other.Matches("pässwörd 1") {
				t.Error("a proof for one challenge was accepted for another")
			}
		})
	}
}

func TestMalformedMessages(t *testing.T) {
	t.Parallel()
	challenge := ntlm.NewChallenge(ntlm.Names{Domain: "SIM"}, nil, time.Now())
	valid, err := ntlmssp.NewAuthenticateMessage(challenge.Message(), `SIM\u`, "p", nil)
	if err != nil {
		t.Fatal(err)
	}
	beyond := append([]byte(nil), valid...)
	beyond[20], beyond[24], beyond[25], beyond[26], beyond[27] = 0xff, 0xff, 0xff, 0xff, 0xff
	for name, message := range map[string][]byte{
		"empty": nil, "not NTLM": []byte("hello, hello, hello"), "cut": valid[:30], "beyond its end": beyond,
		"a challenge": challenge.Message(),
	} {
		if _, err := challenge.Proof(message); !errors.Is(err, ntlm.ErrMalformed) {
			t.Errorf("%s: %v, want %v", name, err, ntlm.ErrMalformed)
		}
	}
}
