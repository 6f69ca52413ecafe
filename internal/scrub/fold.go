package scrub

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// fold returns a reading in the form in which texts are compared: without letter case, accents, invisible characters and
// differences between compatible characters. With compact, white space is left out too, with all that can stand for it: a plus,
// and the end of a line in quoted-printable. Without it, white space is one space.
//
// What is not UTF-8 is read as ISO 8859-1.
func (b *builder) fold(r reading, compact bool) {
	b.cut(0)
	for i := 0; i < len(r.text); {
		c, size := rune(r.text[i]), 1
		if c >= utf8.RuneSelf {
			if c, size = utf8.DecodeRuneInString(r.text[i:]); c == utf8.RuneError && size == 1 {
				c = rune(r.text[i])
			}
		} else if c == '=' && compact {
			if length := softBreak(r.text[i:]); length > 0 {
				i += length
				continue
			}
		}
		b.addFolded(c, r.origin(i, i+size), compact)
		i += size
	}
}

func (b *builder) addFolded(c rune, from span, compact bool) {
	switch {
	case unicode.IsSpace(c), c == '+' && compact:
		if !compact && (len(b.text) == 0 || b.text[len(b.text)-1] != ' ') {
			b.add(" ", from)
		}
	case 'A' <= c && c <= 'Z':
		b.addByte(byte(c)+'a'-'A', from)
	case ' ' < c && c < 0x7F:
		b.addByte(byte(c), from)
	case unicode.Is(unicode.C, c):
	default:
		b.add(foldRune(c), from)
	}
}

func foldRune(c rune) string {
	switch c {
	case 'ß', 'ẞ':
		return "ss"
	case 'ı':
		return "i"
	}
	var folded strings.Builder
	for _, part := range norm.NFKD.String(string(c)) {
		if !unicode.Is(unicode.Mn, part) {
			folded.WriteRune(unicode.ToLower(unicode.ToUpper(part)))
		}
	}
	return folded.String()
}

// folded folds a secret.
func folded(secret string, compact bool) string {
	var b builder
	b.fold(original(secret), compact)
	return strings.TrimSpace(string(b.text))
}
