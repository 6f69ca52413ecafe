package scrub

import (
	"strconv"
	"strings"
	"unicode"
)

// Visible makes a text safe for a terminal. Characters that a terminal obeys, or that change or hide the text around them, become
// escapes as in a Go string: "\x1b" for ESC, "\u202e" for a change of direction. Line breaks and tabs stay.
func Visible(text string) string {
	if strings.IndexFunc(text, isHidden) < 0 {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		if !isHidden(r) {
			b.WriteRune(r)
			continue
		}
		quoted := strconv.QuoteRuneToASCII(r)
		b.WriteString(quoted[1 : len(quoted)-1])
	}
	return b.String()
}

// isHidden reports whether a character must not be shown as it is: control and format characters, separators of lines and
// paragraphs, and bytes that are not UTF-8, which a terminal can take for control characters of another encoding.
func isHidden(r rune) bool {
	switch r {
	case '\n', '\t':
		return false
	case '\u2028', '\u2029', unicode.ReplacementChar:
		return true
	}
	return unicode.Is(unicode.C, r)
}
