package leak_test

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// Without this, a search that finds nothing would show nothing.
func TestSearchFindsEveryEncoding(t *testing.T) {
	t.Parallel()
	for range 4 {
		canary := "Cn" + rand.Text() + "/+"
		s := newSearcher()
		s.add("canary", canary)
		forms := map[string]string{"hex": hex.EncodeToString([]byte(canary)), "frame": canary[:9] + "\n│ " + canary[9:]}
		for _, encoding := range sandbox.Encodings() {
			forms[string(encoding)] = encoding.Encode(canary)
		}
		for first := range 14 {
			forms[fmt.Sprintf("half from %d", first)] = canary[first : first+14]
		}
		for name, form := range forms {
			shown, err := json.Marshal(map[string]string{"message": form})
			if err != nil {
				t.Fatal(err)
			}
			for place, text := range map[string]string{"text": form, "JSON": string(shown), "words": "it said " + form + " to us"} {
				if found := s.find(text); len(found) != 1 || found[0].secret != "canary" {
					t.Errorf("%s in %s is not found: %.300q", name, place, text)
				}
			}
		}
	}
}

func TestSearchFindsNothingInOtherText(t *testing.T) {
	t.Parallel()
	s := newSearcher()
	for range 20 {
		s.add("canary", rand.Text())
	}
	for range 20 {
		text := strings.Repeat(rand.Text(), 4)
		for _, encoding := range sandbox.Encodings() {
			if found := s.find(encoding.Encode(text)); len(found) > 0 {
				t.Errorf("found %v", found)
			}
		}
	}
}
