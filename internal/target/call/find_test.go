package call_test

import (
	"regexp"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

func TestFindTextMarksWhatItCuts(t *testing.T) {
	t.Parallel()
	pattern := regexp.MustCompile(`Error: [^<\n]{0,10}`)
	for body, want := range map[string]string{
		"<p>Error: short</p>":       "Error: short",
		"Error: short\nand more":    "Error: short",
		"Error: short":              "Error: short",
		"Error: much too long</p>":  "Error: much too l…",
		"Nothing happened.":         "",
		"Error: exactly 10</p></p>": "Error: exactly 10",
	} {
		if got := call.FindText(pattern, []byte(body)); got != want {
			t.Errorf("%s: got %q, want %q", body, got, want)
		}
	}
}
