package connection_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// The state has a digest and no key: who reads it, alone or together with the files of the control plane, confirms no guess.
func TestStateConfirmsNoGuess(t *testing.T) {
	t.Parallel()
	c := newComparing(t)
	at := c.apply(acctest.Instance{Type: "riva_connection"}, desk("right", nil))
	at = c.expect("refreshed", at, desk("right", nil), false, 0)
	kept, _ := c.private(at)
	digest, err := base64.StdEncoding.DecodeString(kept.Digest)
	if err != nil || len(digest) != sha256.Size || kept.Set == "" {
		t.Fatalf("the digest %q of the set %q: %v", kept.Digest, kept.Set, err)
	}
	guess := target.LengthPrefixed("riva-compare-1", at.ID(), "desk", "api_key", "right")
	confirms := func(key []byte) bool {
		mac := hmac.New(sha256.New, key)
		mac.Write(guess)
		return hmac.Equal(digest, mac.Sum(nil))
	}
	key := c.ComparisonKey("Desk")
	if !confirms(key) {
		t.Fatal("the key does not confirm the right secret, so the rest of the test shows nothing")
	}
	var private map[string][]byte
	if err := json.Unmarshal(at.Private, &private); err != nil {
		t.Fatal(err)
	}
	readable := []string{"", kept.Set, kept.Digest, string(digest), at.ID()}
	for _, value := range private {
		readable = append(readable, string(value))
	}
	for _, value := range at.State {
		readable = append(readable, fmt.Sprint(value))
	}
	for _, text := range readable {
		if confirms([]byte(text)) {
			t.Errorf("%q confirms a guess", text)
		}
		for _, spelling := range spellings(key) {
			if strings.Contains(text, spelling) {
				t.Errorf("%q has the comparison key", text)
			}
		}
	}
	entries, err := os.ReadDir(c.DataDir)
	if err != nil || len(entries) == 0 {
		t.Fatalf("%d files of the control plane, %v", len(entries), err)
	}
	for _, entry := range entries {
		for _, spelling := range spellings(key) {
			acctest.ExpectAbsent(t, filepath.Join(c.DataDir, entry.Name()), spelling)
		}
	}
}

// A key that can be guessed would make the digest in the state a hint.
func TestWeakComparisonKeyIsNotUsed(t *testing.T) {
	t.Parallel()
	for name, key := range map[string]string{"empty": "", "short": "c2hvcnQ="} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newComparing(t)
			c.allowed = func(resp *http.Response) error {
				return changeConnections(resp, func(connection map[string]any) { connection["comparison_key"] = key })
			}
			at := c.apply(acctest.Instance{Type: "riva_connection"}, desk("right", nil))
			if _, kept := c.private(at); kept {
				t.Error("a digest with the key is kept")
			}
			c.expect("the same secret", at, desk("right", nil), false, 1)
		})
	}
}
