package call

import (
	"bytes"
	"mime"
	"strings"
	"unicode/utf8"
)

const (
	// maxSearched limits the bytes of a page, or of a header, that are searched for a text. The texts that systems report are
	// near the start; a response of 4 MiB would cost seconds.
	maxSearched = 64 << 10
	maxTitle    = 200 // characters
)

// Start returns the part of a foreign text that may be searched: the first 64 KiB. A document is decoded as a whole.
func Start[T string | []byte](text T) T { return text[:min(len(text), maxSearched)] }

// IsPage reports whether the response is a web page instead of data.
func (r Response) IsPage() bool {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err == nil && kind == "text/html" {
		return true
	}
	start := strings.ToLower(strings.TrimSpace(string(r.Body[:min(len(r.Body), 256)])))
	return strings.HasPrefix(start, "<!doctype html") || strings.HasPrefix(start, "<html")
}

// title returns the title of a page as it was received, with its entities; empty if it has none that can be shown. A longer one
// is not cut, because half of a secret could not be recognized in it.
func (r Response) title() string {
	page := Start(r.Body)
	_, page, found := cutFold(page, "<title")
	if !found {
		return ""
	}
	_, page, found = bytes.Cut(page, []byte(">"))
	if !found {
		return ""
	}
	text, _, found := cutFold(page, "</title")
	if !found || utf8.RuneCount(text) > maxTitle {
		return ""
	}
	return string(bytes.TrimSpace(text))
}

// cutFold is [bytes.Cut] around an ASCII text in lower case, in any letter case and in linear time.
func cutFold(b []byte, separator string) (before, after []byte, found bool) {
	at := bytes.Index(lowerASCII(b), []byte(separator))
	if at < 0 {
		return b, nil, false
	}
	return b[:at], b[at+len(separator):], true
}

// lowerASCII returns a copy in lower case. Unlike in [bytes.ToLower], every byte keeps its position.
func lowerASCII(b []byte) []byte {
	lower := make([]byte, len(b))
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		lower[i] = c
	}
	return lower
}
