package call

import (
	"bytes"
	"encoding/json"
	"mime"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

const (
	// maxSearched limits the bytes of a page, or of a header, that are searched for a text. The texts that systems report are
	// near the start; a response of 4 MiB would cost seconds.
	maxSearched = 64 << 10
	maxTitle    = 200 // characters
	// maxExcerpt is the part of a response, in bytes, in which its first words are looked for.
	maxExcerpt = 4 << 10
	maxWord    = 30 // bytes
)

// Start returns the part of a foreign text that may be searched: the first 64 KiB. A document is decoded as a whole.
func Start[T string | []byte](text T) T { return text[:min(len(text), maxSearched)] }

// IsPage reports whether the response is a web page instead of data. JSON is data, whatever its media type: after a message, PHP
// can no longer change the type of a response, which is HTML by default.
func (r Response) IsPage() bool {
	if isJSONText(TrimJSON(r.Body)) {
		return false
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err == nil && kind == "text/html" {
		return true
	}
	start := strings.ToLower(string(withoutByteOrderMark(r.Body[:min(len(r.Body), 256)])))
	return strings.HasPrefix(start, "<!doctype html") || strings.HasPrefix(start, "<html")
}

// isEmpty reports whether the response has no text.
func (r Response) isEmpty() bool { return len(withoutByteOrderMark(r.Body)) == 0 }

// isText reports whether the response is text without a format, whose words can be shown. A long word in a successful response
// may be a token.
func (r Response) isText() bool {
	text := withoutByteOrderMark(r.Body)
	switch {
	case len(text) == 0, bytes.IndexByte(Start(text), 0) >= 0:
		return false
	case text[0] == '<' && !notice.Match(Start(text)):
		return false
	case bytes.IndexByte(text, '=') >= 0 && !bytes.ContainsAny(Start(text), " \t\r\n"):
		return false // a form, such as that of a token
	}
	if r.IsSuccess() && hasLongWord(string(Start(text))) {
		return false
	}
	return !isJSONText(TrimJSON(text))
}

// hasLongWord reports whether a text has a word that may be a token.
func hasLongWord(text string) bool {
	return slices.ContainsFunc(strings.Fields(text), func(word string) bool { return len(word) > maxWord })
}

// excerpt returns the start of the response, of which the first words are shown.
func (r Response) excerpt() target.Excerpt {
	body := withoutByteOrderMark(r.Body)
	if text := ""; json.Unmarshal(body, &text) == nil { // a text in JSON, without its quotation marks
		body = []byte(text)
	}
	if len(body) <= maxExcerpt {
		return target.Excerpt(body)
	}
	return target.Excerpt(body[:maxExcerpt]) + "…"
}

// dataExcerpt returns the texts of a failed response in JSON or XML, in which the system's own error was not found. A gateway may
// have sent it. Names in it are not shown, and neither are texts in JSON with long words, which may be tokens. It is empty for
// successful responses, which contain more than a reason.
func (r Response) dataExcerpt() target.Excerpt {
	text := TrimJSON(r.Body)
	switch {
	case r.Status < http.StatusBadRequest, len(text) == 0, bytes.IndexByte(Start(text), 0) >= 0:
		return ""
	case text[0] == '<':
		return r.excerpt()
	}
	long := func(text string) bool {
		return slices.ContainsFunc(strings.Fields(text), func(w string) bool { return len(w) > maxWord })
	}
	return target.Excerpt(strings.Join(slices.DeleteFunc(textsInJSON(text), long), "; "))
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
