// Package names has the two rules that every name and every email address follows, wherever it is written or looked up:
// which spellings are one name ([Fold]), and which characters a name must not contain ([Check]).
//
// Names come back as they were given. Only comparisons use the folded form. The store keeps it in columns, so a change of
// Fold needs a migration that folds the stored names again.
package names

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Fold returns the form of a name in which all its spellings are equal: names that differ only in letter case ("STRASSE" and
// "Straße"), in how accents are composed, or in characters that are not visible. It is the canonical caseless match of the
// Unicode Standard (section 3.13, definition D145), without the characters that it calls default ignorable. That includes
// the joiners that [Check] allows: they change how letters are drawn, and seldom so that a reader would notice.
func Fold(name string) string {
	visible := strings.Map(func(r rune) rune {
		if isInvisible(r) {
			return -1
		}
		return r
	}, name)
	// Lower case first, since package cases swaps the two cases of Cherokee instead of folding them to one.
	return norm.NFC.String(cases.Fold().String(strings.ToLower(norm.NFD.String(visible))))
}

// isInvisible reports whether a character is not drawn itself: format characters, which include the ones that change the
// direction of text, and what else the Unicode Standard calls default ignorable. The number signs of Arabic and related
// scripts are format characters too, but visible ones.
func isInvisible(r rune) bool {
	if unicode.Is(unicode.Prepended_Concatenation_Mark, r) {
		return false
	}
	return unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}
