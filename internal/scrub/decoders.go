package scrub

import (
	"html"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// decoder reads one kind of escape.
type decoder struct {
	// mark begins every escape.
	mark byte
	// read reads the escape at the start of rest: its meaning and its length. The length is zero for other text.
	read func(rest string) (meaning string, length int)
}

// decoders are the kinds of escapes in texts: of URLs and forms, of JSON and programming languages, of XML and HTML, and of
// mail. A plus that is a space is not among them, since [fold] ignores both.
var decoders = []decoder{{'%', percent}, {'\\', backslash}, {'&', entity}, {'=', quotedPrintable}}

func percent(rest string) (string, int) {
	if meaning, length := hexByte(rest, 1); length > 0 {
		return meaning, length
	}
	if len(rest) > 1 && (rest[1] == 'u' || rest[1] == 'U') { // the function escape of JavaScript
		return codePoint(rest, 4)
	}
	return "", 0
}

// quotedPrintable also reads the line breaks that are in the encoded text only.
func quotedPrintable(rest string) (string, int) {
	if length := softBreak(rest); length > 0 {
		return "", length
	}
	return hexByte(rest, 1)
}

// softBreak returns the length of a soft line break of MIME at the start of rest; zero without one. The line break may be a
// space by now: a page's title and a header are one line.
func softBreak(rest string) int {
	after := strings.TrimLeft(rest[1:min(len(rest), 8)], " \t")
	switch blank := len(rest[1:min(len(rest), 8)]) - len(after); {
	case strings.HasPrefix(after, "\r\n"):
		return blank + 3
	case strings.HasPrefix(after, "\n"):
		return blank + 2
	case blank > 0 && beginsQuoted(rest[1+blank:]):
		return blank + 1
	}
	return 0
}

// beginsQuoted reports whether the first word of a text is quoted-printable.
func beginsQuoted(rest string) bool {
	word := rest[:min(len(rest), 80)]
	if end := strings.IndexAny(word, " \t\r\n"); end >= 0 {
		word = word[:end]
	}
	for at := strings.IndexByte(word, '='); at >= 0; at = strings.IndexByte(word, '=') {
		word = word[at:]
		if _, length := hexByte(word, 1); length > 0 {
			return true
		}
		word = word[1:]
	}
	return false
}

// hexByte reads two hexadecimal digits after a prefix.
func hexByte(rest string, prefix int) (string, int) {
	n, ok := hexNumber(rest, prefix, 2)
	if !ok {
		return "", 0
	}
	return string([]byte{byte(n)}), prefix + 2
}

// codePoint reads hexadecimal digits after a prefix of two bytes.
func codePoint(rest string, digits int) (string, int) {
	n, ok := hexNumber(rest, 2, digits)
	if !ok || n > utf8.MaxRune {
		return "", 0
	}
	return string(rune(n)), 2 + digits
}

func hexNumber(rest string, prefix, digits int) (uint64, bool) {
	if len(rest) < prefix+digits {
		return 0, false
	}
	n, err := strconv.ParseUint(rest[prefix:prefix+digits], 16, 32)
	return n, err == nil
}

// backslash reads the escapes of JSON, and of quoted strings in most programming languages.
func backslash(rest string) (string, int) {
	if len(rest) < 2 {
		return "", 0
	}
	switch c := rest[1]; {
	case c == 'u':
		return unicodeEscape(rest)
	case c == 'U':
		return codePoint(rest, 8)
	case c == 'x':
		return hexByte(rest, 2)
	case '0' <= c && c <= '7':
		return octalEscape(rest)
	case controlEscapes[c] != "":
		return controlEscapes[c], 2
	case c < utf8.RuneSelf && !isAlphanumeric(c):
		return rest[1:2], 2
	}
	return "", 0
}

var controlEscapes = map[byte]string{'n': "\n", 'r': "\r", 't': "\t", 'b': "\b", 'f': "\f", 'v': "\v", 'a': "\a", 'e': "\x1b"}

func isAlphanumeric(c byte) bool {
	return '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z'
}

func octalEscape(rest string) (string, int) {
	if len(rest) < 4 {
		return "", 0
	}
	n, err := strconv.ParseUint(rest[1:4], 8, 8)
	if err != nil {
		return "", 0
	}
	return string([]byte{byte(n)}), 4
}

func unicodeEscape(rest string) (string, int) {
	if strings.HasPrefix(rest, `\u{`) {
		end := strings.IndexByte(rest[:min(len(rest), 12)], '}')
		if end < 4 {
			return "", 0
		}
		n, ok := hexNumber(rest, 3, end-3)
		if !ok || n > utf8.MaxRune {
			return "", 0
		}
		return string(rune(n)), end + 1
	}
	first, ok := hexNumber(rest, 2, 4)
	if !ok {
		return "", 0
	}
	if utf16.IsSurrogate(rune(first)) && strings.HasPrefix(rest[6:], `\u`) {
		if second, ok := hexNumber(rest[6:], 2, 4); ok {
			return string(utf16.DecodeRune(rune(first), rune(second))), 12
		}
	}
	return string(rune(first)), 6
}

// maxEntity is more than the length of the longest entity of HTML.
const maxEntity = 40

// entity reads the named and numbered entities of XML and HTML.
func entity(rest string) (string, int) {
	end := 1
	for end < min(len(rest), maxEntity) && (isAlphanumeric(rest[end]) || rest[end] == '#') {
		end++
	}
	if end >= len(rest) || rest[end] != ';' {
		return "", 0
	}
	meaning := html.UnescapeString(rest[:end+1])
	if meaning == rest[:end+1] || strings.HasSuffix(meaning, ";") && meaning != ";" {
		return "", 0 // unknown, or an entity and more text
	}
	return meaning, end + 1
}
