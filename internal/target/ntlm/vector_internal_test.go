package ntlm

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"testing"
	"time"
)

// The values are those of MS-NLMP 4.2.4, NTLMv2 authentication.
func TestVectorOfTheSpecification(t *testing.T) {
	t.Parallel()
	info := targetInfo{{2, encode("Domain")}, {1, encode("Server")}}
	challenge, err := ParseChallenge(challengeMessage(info.bytes(), "0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	message := challenge.authenticate(Login{
		User: `Domain\User`, Password: "Password",
		Now: func() time.Time { return time.Date(1601, 1, 1, 0, 0, 0, 0, time.UTC) },
	}, [8]byte(bytes.Repeat([]byte{0xaa}, 8)))
	for name, c := range map[string]struct {
		at   int
		want string
	}{
		"LMv2 response": {12, "86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa"},
		"NTLMv2 proof":  {20, "68cd0ab851e51c96aabc927bebef6a1c"},
		"domain":        {28, hex.EncodeToString(encode("Domain"))},
		"user":          {36, hex.EncodeToString(encode("User"))},
	} {
		got, err := field(message, c.at)
		if err != nil {
			t.Fatal(err)
		}
		if hex.EncodeToString(got[:len(c.want)/2]) != c.want {
			t.Errorf("%s: %x, want %s", name, got, c.want)
		}
	}
	key := responseKey("Domain", "User", "Password")
	proof, _ := hex.DecodeString("68cd0ab851e51c96aabc927bebef6a1c")
	if got := hex.EncodeToString(mac(key, proof)); got != "8de40ccadbc14a82f15cb0ad0de95ca3" {
		t.Errorf("session base key %s", got)
	}
}

// challengeMessage makes the message of a server.
func challengeMessage(info []byte, nonce string) []byte {
	message := newMessage(typeChallenge)
	message = appendField(message, 0, 56)
	message = binary.LittleEndian.AppendUint32(message, 0xA2898201)
	decoded, _ := hex.DecodeString(nonce)
	message = append(append(message, decoded...), make([]byte, 8)...)
	message = appendField(message, len(info), 56)
	return append(append(message, version[:]...), info...)
}

func TestMalformedChallenges(t *testing.T) {
	t.Parallel()
	valid := challengeMessage(targetInfo{{2, encode("Domain")}}.bytes(), "0123456789abcdef")
	changed := func(change func([]byte) []byte) []byte { return change(bytes.Clone(valid)) }
	for name, message := range map[string][]byte{
		"empty":           nil,
		"other protocol":  changed(func(m []byte) []byte { m[0] = 'X'; return m }),
		"other type":      changed(func(m []byte) []byte { m[8] = 3; return m }),
		"truncated":       valid[:60],
		"beyond its end":  changed(func(m []byte) []byte { m[44] = 0xff; return m }),
		"pair too long":   changed(func(m []byte) []byte { m[58] = 0xff; return m }),
		"without Unicode": changed(func(m []byte) []byte { m[20] &^= 1; return m }),
		"huge":            append(bytes.Clone(valid), make([]byte, maxChallenge)...),
	} {
		if _, err := ParseChallenge(message); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func FuzzChallenge(f *testing.F) {
	f.Add(challengeMessage(targetInfo{{2, encode("Domain")}, {7, make([]byte, 8)}}.bytes(), "0123456789abcdef"))
	f.Add([]byte(signature))
	f.Fuzz(func(t *testing.T, message []byte) {
		challenge, err := ParseChallenge(message)
		if err != nil {
			return
		}
		proof := challenge.Authenticate(Login{User: "canary-user", Password: "canary-password", Now: time.Now})
		if bytes.Contains(proof, []byte("canary-password")) || bytes.Contains(proof, encode("canary-password")) {
			t.Error("the password is in the message")
		}
		if len(proof) > authenticateHeader+2*maxChallenge {
			t.Errorf("the message has %d bytes", len(proof))
		}
	})
}
