package names_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/names"
)

func TestFoldMakesSpellingsEqual(t *testing.T) {
	t.Parallel()
	for _, spellings := range [][]string{
		{"Exchange", "EXCHANGE", "exchange"},
		{"Straße", "STRASSE", "strasse", "STRAẞE"},
		{"Büro", "BÜRO", "Bu\u0308ro", "BU\u0308RO"},
		{"ΣΊΣΥΦΟΣ", "σίσυφος", "Σίσυφος"},
		{"ПОЧТА", "почта"},
		{"ᎣᏏᏲ", "ꭳꮟᏺ"},
		{"ﬁnance", "FINANCE"},
		{"ᾳ", "\u03b1\u0345", "ΑΙ"},
		{"Exchange", "Ex\u200bchange", "\ufeffExchange", "Ex\u00adchange", "Exchange\ufe0f", "\u202eExchange"},
		{"می\u200cخواهم", "میخواهم"},
		{"Ann@Example.com", "ann@EXAMPLE.COM"},
		{"", "\u200b", "\u3164"},
	} {
		want := names.Fold(spellings[0])
		for _, spelling := range spellings {
			got := names.Fold(spelling)
			if got != want {
				t.Errorf("%q folds to %q and %q to %q", spelling, got, spellings[0], want)
			}
			if again := names.Fold(got); again != got {
				t.Errorf("%q folds to %q, and that to %q", spelling, got, again)
			}
		}
	}
}

// The folded form is stored: folding it again must not change it, and neither must the case of what is folded.
func TestFoldOfEveryCharacterIsStable(t *testing.T) {
	t.Parallel()
	// The capital I with a dot is the one letter whose lower case, where the language is not known, is another one.
	const dottedI = 'İ'
	for r := range rune(0x20000) { // no script with letter case is beyond
		text := string(r)
		folded := names.Fold(text)
		if again := names.Fold(folded); again != folded {
			t.Errorf("%U folds to %q, and that to %q", r, folded, again)
		}
		if lower := names.Fold(strings.ToLower(text)); lower != folded && r != dottedI {
			t.Errorf("%U folds to %q, its lower case to %q", r, folded, lower)
		}
	}
}

func TestFoldKeepsDifferentNamesApart(t *testing.T) {
	t.Parallel()
	for _, pair := range [][2]string{
		{"Exchange", "Exchange "}, {"Größe", "Grosse"}, {"Ｅxchange", "Exchange"}, {"a", "а"}, {"ı", "i"}, {"²", "2"}, {"é", "e"},
	} {
		if names.Fold(pair[0]) == names.Fold(pair[1]) {
			t.Errorf("%q and %q fold to %q", pair[0], pair[1], names.Fold(pair[0]))
		}
	}
}

func TestCheckRejectsInvisibleCharacters(t *testing.T) {
	t.Parallel()
	ranges := [][2]rune{
		{0x00AD, 0x00AD}, {0x061C, 0x061C}, {0x200B, 0x200F}, {0x202A, 0x202E}, {0x2060, 0x2064}, {0x2066, 0x2069},
		{0xFEFF, 0xFEFF}, {0x034F, 0x034F}, {0x180E, 0x180E}, {0x206A, 0x206F}, {0x3164, 0x3164}, {0xFFF9, 0xFFFB},
		{0xE0001, 0xE0001}, {0xE0041, 0xE0041},
	}
	for _, bounds := range ranges {
		for r := bounds[0]; r <= bounds[1]; r++ {
			for _, name := range []string{"Ex" + string(r) + "change", string(r) + "Exchange", "Exchange" + string(r)} {
				err := names.Check(name)
				if want := fmt.Sprintf("U+%04X", r); err == nil || !strings.Contains(err.Error(), want) ||
					!strings.Contains(err.Error(), "remove it") {
					t.Errorf("%q: want an error that names %s, got %v", name, want, err)
				}
			}
		}
	}
}

func TestCheckAllowsSpellingsOfWordsAndEmoji(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"plain":              "Exchange (main) – Büro №5, ПОЧТА, 郵便, メール",
		"empty":              "",
		"Persian":            "می\u200cخواهم",
		"Persian with marks": "کِتابِ\u200cها",
		"Hindi conjunct":     "क्\u200dष क्\u200cष",
		"Bengali":            "র\u200d্যাম",
		"Sinhala":            "ශ්\u200dරී",
		"Arabic number sign": "\u0600١",
		"emoji family":       "👨\u200d👩\u200d👧 mail",
		"emoji skin tone":    "👩🏽\u200d💻",
		"emoji with style":   "❤\ufe0f\u200d🔥 and ☎\ufe0f",
		"emoji with arrow":   "🙂\u200d↔\ufe0f",
		"rainbow flag":       "🏳\ufe0f\u200d🌈",
		"Hebrew":             "דואר",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := names.Check(text); err != nil {
				t.Errorf("%q: %v", text, err)
			}
		})
	}
}

func TestCheckRejectsJoinersThatJoinNothing(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"between Latin letters":  "Ex\u200cchange",
		"between Cyrillic":       "по\u200dчта",
		"after a script's word":  "میخواهم\u200c",
		"before a script's word": "\u200cمیخواهم",
		"between scripts":        "a\u200cم",
		"after an emoji":         "👩\u200d",
		"emoji and letter":       "👩\u200dx",
		"non-joiner in an emoji": "👩\u200c💻",
		"two in a row":           "می\u200c\u200cخواهم",
		"after a space":          " \u200dम",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := names.Check(text); err == nil || !strings.Contains(err.Error(), "U+200") {
				t.Errorf("%q: %v", text, err)
			}
		})
	}
}
