package scrub

import (
	"bytes"
	"html"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// span is a part of a text: from is its first byte, and to is the byte after its last.
type span struct{ from, to int }

// view is a text after decoding with one encoding. Encoders differ in what they escape, so secrets are searched in the decoded
// text instead of encoding them in every possible way.
type view struct {
	text string
	// at has, for each byte of text, the part of the original that it came from; nil if text is the original.
	at []span
}

// decoder reads one escape at the start of rest: its meaning and its length. The length is zero if there is no escape.
type decoder func(rest string) (meaning string, length int)

func views(text string) []view {
	all := []view{{text: text}}
	if strings.Contains(text, "%") {
		all = append(all, decode(text, percent))
	}
	if strings.Contains(text, "%") || strings.Contains(text, "+") {
		all = append(all, decode(text, form))
	}
	if strings.Contains(text, `\`) {
		all = append(all, decode(text, backslash))
	}
	if strings.Contains(text, "&") {
		all = append(all, decode(text, entity))
	}
	return all
}

func decode(text string, read decoder) view {
	var b strings.Builder
	at := make([]span, 0, len(text))
	for i := 0; i < len(text); {
		meaning, length := read(text[i:])
		if length == 0 {
			meaning, length = text[i:i+1], 1
		}
		b.WriteString(meaning)
		for range len(meaning) {
			at = append(at, span{i, i + length})
		}
		i += length
	}
	return view{text: b.String(), at: at}
}

// appendMatches adds the positions of the secret in the original text.
func (v view) appendMatches(found []span, secret string) []span {
	for start := 0; start < len(v.text); {
		i := strings.Index(v.text[start:], secret)
		if i < 0 {
			break
		}
		from, to := start+i, start+i+len(secret)
		start = from + 1
		if isShort(secret) && !isWholeWord(v.text, from, to) {
			continue
		}
		if v.at != nil {
			from, to = v.at[from].from, v.at[to-1].to
		}
		found = append(found, span{from, to})
	}
	return found
}

func percent(rest string) (string, int) {
	if len(rest) < 3 || rest[0] != '%' {
		return "", 0
	}
	b, err := strconv.ParseUint(rest[1:3], 16, 8)
	if err != nil {
		return "", 0
	}
	return string([]byte{byte(b)}), 3
}

func form(rest string) (string, int) {
	if rest[0] == '+' {
		return " ", 1
	}
	return percent(rest)
}

// backslash reads the escapes of JSON, and of quoted strings in most programming languages.
func backslash(rest string) (string, int) {
	if len(rest) < 2 || rest[0] != '\\' {
		return "", 0
	}
	switch c := rest[1]; c {
	case 'n':
		return "\n", 2
	case 'r':
		return "\r", 2
	case 't':
		return "\t", 2
	case 'b':
		return "\b", 2
	case 'f':
		return "\f", 2
	case '"', '\'', '\\', '/':
		return rest[1:2], 2
	case 'u':
		return unicodeEscape(rest)
	}
	return "", 0
}

func unicodeEscape(rest string) (string, int) {
	first, ok := codeUnit(rest)
	if !ok {
		return "", 0
	}
	if utf16.IsSurrogate(first) {
		if second, ok := codeUnit(rest[6:]); ok {
			return string(utf16.DecodeRune(first, second)), 12
		}
	}
	return string(first), 6
}

func codeUnit(s string) (rune, bool) {
	if len(s) < 6 || s[:2] != `\u` {
		return 0, false
	}
	n, err := strconv.ParseUint(s[2:6], 16, 16)
	return rune(n), err == nil
}

// entity reads the named and numbered entities of XML and HTML. The longest is shorter than 40 characters.
func entity(rest string) (string, int) {
	if rest[0] != '&' {
		return "", 0
	}
	end := strings.IndexByte(rest[:min(len(rest), 40)], ';')
	if end < 0 {
		return "", 0
	}
	meaning := html.UnescapeString(rest[:end+1])
	if meaning == rest[:end+1] {
		return "", 0
	}
	return meaning, end + 1
}

// base64Run is text that can be base64 of either alphabet, also in a URL.
var base64Run = regexp.MustCompile(`((?:[A-Za-z0-9+/_-]|%2[BbFf]){2,})(?:=|%3[Dd]){0,2}`)

// containsSecret reports whether decoded base64 reveals the secret. Nearly any word decodes to bytes that contain a short
// secret by chance, so a short secret counts only in text.
func containsSecret(plain []byte, secret string) bool {
	if !bytes.Contains(plain, []byte(secret)) {
		return false
	}
	if !isShort(secret) {
		return true
	}
	text := string(plain)
	from := strings.Index(text, secret)
	return isText(plain) && isWholeWord(text, from, from+len(secret))
}

func isText(b []byte) bool {
	return utf8.Valid(b) && !bytes.ContainsFunc(b, func(r rune) bool { return !unicode.IsPrint(r) })
}
