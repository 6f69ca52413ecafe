package scrub

import (
	"strings"
	"unicode/utf8"
)

// ScrubTo is [Scrubber.Scrub] with another limit, in characters, for texts that are a list or an identifier.
func (s Scrubber) ScrubTo(text string, limit int) string {
	text = Line(strings.ToValidUTF8(text, "\uFFFD"))
	if len(text) > maxRead {
		text = strings.ToValidUTF8(text[:maxRead], "")
	}
	text = s.mask(text)
	if utf8.RuneCountInString(text) > limit {
		text = string([]rune(text)[:limit])
	}
	return strings.TrimSpace(text)
}
