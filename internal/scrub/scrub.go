// Package scrub masks secrets in foreign text, so that it can be shown: messages of target systems, and what a control plane
// answers to its client.
//
// The other side may repeat a request in any way, so the text is searched in every reading: every sequence of at most four
// decodings (see [decoders] and [radix]), without regard to letter case, white space and invisible characters. Every reading
// remembers where in the original each of its characters is from, and there the secret is masked. The work is linear in the
// text; a text with more readings than the work allows is withheld.
//
// Only foreign text belongs here, and it belongs here first: what was changed or cut before can no longer be recognized.
package scrub

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Withheld stands for a text that contained a short secret. Masking it is not enough: in a sentence that is known, the masked
// word gives its length and place away.
const Withheld = "text withheld"

const (
	mask        = "***"
	maxShown    = 500      // characters of a message
	maxRead     = 64 << 10 // bytes of a message that are read
	firstWindow = 4 << 10  // bytes that nearly always make a message of maxShown characters
	maxRounds   = 4
)

// Scrubber makes foreign text safe to show. It is immutable.
type Scrubber struct {
	patterns *patterns
	// limit is the length of the longest text that is shown, in characters.
	limit int
}

// New makes a scrubber for secrets. Each line of a secret with several lines is a secret as well.
func New(secrets ...string) Scrubber { return Scrubber{newPatterns(secrets), maxShown} }

// Scrub returns a text as one line of at most 500 characters without any of the secrets. Only the first 64 KiB are read.
//
// Half a secret is masked like a whole one: the system may have cut it. A secret of fewer than four characters is found only
// where it is a word of its own: a text without any "a" would show that the secret is "a". If a secret of fewer than eight
// characters is found, the whole text is [Withheld].
func (s Scrubber) Scrub(text string) string { return s.scrub(text, hasEllipsis(text)) }

// ScrubCut is Scrub for a text that may end too early, such as the start of a longer response. Where the end may be the
// beginning of a secret, it is dropped.
func (s Scrubber) ScrubCut(text string) string { return s.scrub(text, true) }

func (s Scrubber) scrub(text string, cut bool) string {
	if len(text) > maxRead {
		text, cut = text[:maxRead], true
	}
	for window := firstWindow; window < len(text); window *= 4 {
		shown := s.maskAll(text[:window], true)
		if shown == Withheld || utf8.RuneCountInString(shown) > s.limit {
			return s.finish(shown)
		}
	}
	return s.finish(s.maskAll(text, cut))
}

// finish limits the length. What is left around a mask can form another secret, so it searches again until nothing is found.
func (s Scrubber) finish(text string) string {
	for range maxRounds {
		text = firstCharacters(text, s.limit)
		masked := s.maskAll(text, false)
		if masked == text {
			return text
		}
		text = masked
	}
	return Withheld
}

// hasEllipsis reports whether a text says itself that it was cut.
func hasEllipsis(text string) bool {
	text = strings.TrimRight(text, " \t\r\n)]}'\"")
	return strings.HasSuffix(text, "...") || strings.HasSuffix(text, "…")
}

func firstCharacters(text string, limit int) string {
	n := 0
	for i := range text {
		if n++; n > limit {
			return strings.TrimSpace(text[:i])
		}
	}
	return text
}

// maskAll returns the text as one line, with each secret replaced by a mask.
func (s Scrubber) maskAll(text string, cut bool) string {
	found := search(text, s.patterns, cut)
	if found.withhold {
		return Withheld
	}
	return Line(replace(text[:found.end], found.secrets))
}

// replace replaces each span by a mask; spans that overlap or touch become one.
func replace(text string, spans []span) string {
	slices.SortFunc(spans, func(a, b span) int { return a.from - b.from })
	var b strings.Builder
	at := 0
	for i := 0; i < len(spans) && spans[i].from < len(text); {
		from, to := spans[i].from, spans[i].to
		for i++; i < len(spans) && spans[i].from <= to; i++ {
			to = max(to, spans[i].to)
		}
		b.WriteString(text[at:from])
		b.WriteString(mask)
		at = min(to, len(text))
	}
	b.WriteString(text[at:])
	return b.String()
}

// Line makes one line of a text: without control and format characters, and with single spaces. It hides no secret.
func Line(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.Is(unicode.C, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
	return strings.Join(strings.Fields(text), " ")
}
