package scrub

import (
	"encoding/base64"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	shortSecret = 8 // characters of a secret that is long enough to be masked in place, and to ignore white space
	tinySecret  = 4 // characters of a secret that is long enough to be found within words

	minMaskedLine = 16 // shorter lines of a secret are not masked on their own
	pemDelimiter  = "-----"

	maxPattern      = 4 << 10 // bytes; longer secrets are several patterns
	maxCaselessCode = 256     // bytes of secrets that are found in base64 without letter case
)

// patterns are secrets in the form in which they are searched. A nil value has none.
type patterns struct {
	// long are searched in compact text, and short in text with white space.
	long, short *automaton
	// tiny reports that some are found as whole words only.
	tiny bool
}

func newPatterns(secrets []string) *patterns {
	var long, short []string
	for _, secret := range secrets {
		if compact := folded(secret, true); utf8.RuneCountInString(compact) >= shortSecret {
			long = append(long, longPatterns(secret, compact)...)
		} else if spaced := folded(secret, false); spaced != "" {
			short = append(short, spaced, strings.ReplaceAll(spaced, " ", "+"))
		}
	}
	if len(long)+len(short) == 0 {
		return nil
	}
	return &patterns{
		long: newAutomaton(long, shortSecret), short: newAutomaton(short, 0),
		tiny: slices.ContainsFunc(short, isTiny),
	}
}

func isTiny(pattern string) bool { return utf8.RuneCountInString(pattern) < tinySecret }

// longPatterns returns the patterns of one secret: it, its lines, and its base64 as it is after its letter case is lost.
func longPatterns(secret, compact string) []string {
	var all []string
	for len(compact) > maxPattern+shortSecret {
		all = append(all, compact[:maxPattern])
		compact = compact[maxPattern:]
	}
	all = append(all, compact, folded(misread(secret), true))
	for line := range strings.Lines(secret) {
		line = strings.TrimSpace(line)
		if len(line) >= minMaskedLine && len(line) < len(secret) && !strings.HasPrefix(line, pemDelimiter) {
			all = append(all, folded(line, true))
		}
	}
	if len(secret) <= maxCaselessCode {
		for before := range 3 {
			code := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("\x00", before) + secret))
			code = code[(before*8+5)/6 : (before+len(secret))*8/6]
			all = append(all, folded(code, true), folded(strings.NewReplacer("+", "-", "/", "_").Replace(code), true))
		}
	}
	return slices.DeleteFunc(all, func(pattern string) bool { return utf8.RuneCountInString(pattern) < shortSecret })
}

// misread returns a text in UTF-8 as systems show it that take it for ISO 8859-1.
func misread(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		b.WriteRune(rune(c))
	}
	return b.String()
}
