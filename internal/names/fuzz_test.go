package names_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/names"
)

// Folding is stable, and what may be a name changes no direction of text.
func FuzzFold(f *testing.F) {
	for _, name := range []string{"", "Straße", "STRASSE", "\u0130", "a\u200db", "\xff", "\x00", "ﬀ", "👩‍💻", "\u0345\u03b9", "Ꭰꭰ"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		folded := names.Fold(name)
		if again := names.Fold(folded); utf8.ValidString(name) && again != folded {
			t.Errorf("%q folds to %q, and that to %q", name, folded, again)
		}
		if err := names.Check(name); err == nil && strings.ContainsAny(name, "\u200b\u202e\u2066\ufeff\u00ad") {
			t.Errorf("%q may be a name", name)
		}
	})
}
