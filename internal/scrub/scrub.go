// Package scrub masks secrets in foreign text, so that it can be shown: messages of target systems, and what a control plane
// answers to its client. It finds secrets in any encoding, because the other side may repeat a request in any way.
package scrub

import (
	"encoding/base64"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	mask              = "***"
	maxShown          = 500      // characters of a message
	maxRead           = 16 << 10 // bytes of a message that are searched
	maxRounds         = 8
	shortSecretLength = 4  // shorter secrets are masked only as whole words
	minMaskedLine     = 16 // shorter lines of a PEM document are not masked on their own
	pemDelimiter      = "-----"
)

// Scrubber makes foreign text safe to show. It masks the secrets in any encoding, removes control
// characters, folds white space and limits the length.
type Scrubber struct{ secrets []string }

// New makes a scrubber for secrets. Each line of a secret with several lines is a secret as well.
func New(all ...string) Scrubber {
	var secrets []string
	for _, secret := range all {
		secrets = append(secrets, secret, Line(secret))
		if !strings.Contains(secret, "\n") {
			continue
		}
		for line := range strings.Lines(secret) {
			if line = strings.TrimSpace(line); len(line) >= minMaskedLine && !strings.HasPrefix(line, pemDelimiter) {
				secrets = append(secrets, line)
			}
		}
	}
	secrets = slices.DeleteFunc(secrets, func(secret string) bool { return strings.TrimSpace(secret) == "" })
	slices.Sort(secrets)
	return Scrubber{secrets: slices.Compact(secrets)}
}

// Scrub returns a system's message as one line of at most 500 characters, without any of the secrets: raw, URL-encoded,
// base64-encoded, or escaped as in JSON or XML.
//
// A secret of fewer than four characters is masked where it is a word of its own. Inside longer words it stays, because a
// text in which every "a" is masked is unreadable and shows that the secret is "a".
func (s Scrubber) Scrub(text string) string {
	text = Line(strings.ToValidUTF8(text, "\uFFFD"))
	if len(text) > maxRead {
		text = strings.ToValidUTF8(text[:maxRead], "")
	}
	text = s.mask(text)
	if utf8.RuneCountInString(text) > maxShown {
		text = string([]rune(text)[:maxShown])
	}
	return strings.TrimSpace(text)
}

// Line makes one line of a text: without control and format characters, and with single spaces.
func Line(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.Is(unicode.C, r):
			return -1
		}
		return r
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

// mask replaces every encoding of every secret. The text around a mask can form another secret, so it repeats until nothing is
// found.
func (s Scrubber) mask(text string) string {
	if len(s.secrets) == 0 {
		return text
	}
	for range maxRounds {
		masked := replace(text, s.find(text))
		if masked == text {
			return text
		}
		text = masked
	}
	return mask
}

// find lists the positions of secrets.
func (s Scrubber) find(text string) []span {
	var found []span
	for _, v := range views(text) {
		for _, secret := range s.secrets {
			found = v.appendMatches(found, secret)
		}
	}
	return s.appendBase64(found, text)
}

// replace replaces each span by a mask; spans that overlap or touch become one.
func replace(text string, spans []span) string {
	slices.SortFunc(spans, func(a, b span) int { return a.from - b.from })
	var b strings.Builder
	at := 0
	for i := 0; i < len(spans); {
		from, to := spans[i].from, spans[i].to
		for i++; i < len(spans) && spans[i].from <= to; i++ {
			to = max(to, spans[i].to)
		}
		b.WriteString(text[at:from])
		b.WriteString(mask)
		at = to
	}
	b.WriteString(text[at:])
	return b.String()
}

// isWholeWord reports whether text[from:to] is not part of a longer word.
func isWholeWord(text string, from, to int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:from])
	after, _ := utf8.DecodeRuneInString(text[to:])
	return !isWord(before) && !isWord(after)
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func isShort(secret string) bool { return utf8.RuneCountInString(secret) < shortSecretLength }

// appendBase64 adds the runs of base64 that contain a secret, alone or after a user name, at any alignment.
func (s Scrubber) appendBase64(found []span, text string) []span {
	for _, at := range base64Run.FindAllStringSubmatchIndex(text, -1) {
		run := decode(text[at[2]:at[3]], percent).text
		run = strings.NewReplacer("-", "+", "_", "/").Replace(run)
		if s.inBase64(run) {
			found = append(found, span{at[0], at[1]})
		}
	}
	return found
}

func (s Scrubber) inBase64(run string) bool {
	for offset := range min(4, len(run)) {
		aligned := run[offset:]
		if len(aligned)%4 == 1 {
			aligned = aligned[:len(aligned)-1]
		}
		plain, err := base64.RawStdEncoding.DecodeString(aligned)
		if err != nil {
			continue
		}
		for _, secret := range s.secrets {
			if containsSecret(plain, secret) {
				return true
			}
		}
	}
	return false
}
