package call_test

import (
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// No text ends its literal early.
func TestLiteral(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                  "''",
		"ada@example.com":   "'ada@example.com'",
		"o'neil":            "'o''neil'",
		"' or 1 eq 1 or ''": "''' or 1 eq 1 or '''''",
		`\'`:                `'\'''`,
	} {
		if got := call.Literal(text); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}
