package names

import (
	"fmt"
	"unicode"
)

const (
	zeroWidthNonJoiner = '\u200c'
	zeroWidthJoiner    = '\u200d'
)

// joiningScripts are the scripts in wide use whose spelling needs the two joiners (Unicode Standard Annex 31, section 2.3).
var joiningScripts = []*unicode.RangeTable{
	unicode.Arabic, unicode.Syriac, unicode.Mongolian, unicode.Nko, unicode.Adlam, unicode.Hanifi_Rohingya,
	unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi, unicode.Gujarati, unicode.Oriya, unicode.Tamil, unicode.Telugu,
	unicode.Kannada, unicode.Malayalam, unicode.Sinhala, unicode.Khmer, unicode.Myanmar, unicode.Balinese, unicode.Javanese,
}

// Check returns an error if a name has a character that readers do not see, or that changes the direction of the text
// around it: such a name can look like another one. The error completes a sentence that starts with the name of the field.
//
// Two of these characters are part of the spelling of words and emoji and are allowed there: the zero width joiner and
// non-joiner between two letters of a script that joins letters, such as Persian or Hindi, and the joiner between two
// emoji. Variation selectors, which choose between the two styles of an emoji, are allowed everywhere. [Fold] ignores all of
// them.
func Check(name string) error {
	runes := []rune(name)
	for i, r := range runes {
		switch {
		case !isInvisible(r) || unicode.Is(unicode.Variation_Selector, r):
		case r != zeroWidthJoiner && r != zeroWidthNonJoiner:
			return fmt.Errorf("must not contain the character %U, which is not visible or changes the direction of text: remove it", r)
		case !joinsLetters(runes[:i], runes[i+1:]) && (r != zeroWidthJoiner || !joinsEmoji(runes[:i], runes[i+1:])):
			return fmt.Errorf("must not contain the character %U here, which is not visible: remove it; "+
				"it is allowed only between letters of scripts such as Arabic and Devanagari, or within an emoji", r)
		}
	}
	return nil
}

// joinsLetters reports whether a joiner stands between two letters of a joining script. Marks belong to their letter.
func joinsLetters(before, after []rune) bool {
	if len(after) == 0 || !unicode.In(after[0], joiningScripts...) {
		return false
	}
	i := len(before) - 1
	for i >= 0 && unicode.Is(unicode.M, before[i]) {
		i--
	}
	return i >= 0 && unicode.IsLetter(before[i]) && unicode.In(before[i], joiningScripts...)
}

// joinsEmoji reports whether a joiner stands between two emoji. Modifiers belong to the emoji before them.
func joinsEmoji(before, after []rune) bool {
	i := len(before) - 1
	for i >= 0 && unicode.In(before[i], unicode.Variation_Selector, unicode.Sk) {
		i--
	}
	return i >= 0 && isEmoji(before[i]) && len(after) > 0 && isEmoji(after[0])
}

// isEmoji is a little wider than the standard's list of emoji, which the standard library does not have: it accepts all
// symbols from the arrows on, and the planes that are reserved for emoji.
func isEmoji(r rune) bool {
	return r >= 0x1F000 && r <= 0x1FAFF || r >= 0x2190 && unicode.In(r, unicode.So, unicode.Sm)
}
