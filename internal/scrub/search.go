package scrub

import (
	"slices"
	"unicode"
	"unicode/utf8"
)

const (
	maxLayers = 4 // encodings around a secret
	// maxReadings is how many times its own length the readings of a text may have.
	maxReadings = 48
	minReadings = 64 << 10 // bytes that the readings of a short text may have

	// Where a text is cut, so many bytes at its end may be the beginning of a secret, with an unfinished escape; and so many
	// characters of a secret are evidence of one. Elsewhere, half a secret is: some tokens begin with the name of an organization.
	cutReach, cutEvidence = 256, 4
)

// findings are where the secrets of a text are.
type findings struct {
	secrets []span
	// end is where the text ends that can be shown: after it can be the beginning of a secret.
	end int
	// withhold reports that nothing of the text can be shown.
	withhold bool
	// read is the number of bytes in all readings.
	read int
}

// finder is one search.
type finder struct {
	*findings

	patterns *patterns
	size     int // of the original
	cut      bool
	seen     map[key]struct{}
	// started are beginnings of secrets at the end of the text.
	started []span
	folded  builder // used again for each reading
}

// key identifies a reading: the text and where it is from.
type key struct {
	text string
	at   uint64
}

// search finds the secrets in all readings of a text.
func search(text string, p *patterns, cut bool) findings {
	found := findings{end: len(text)}
	if p == nil {
		return found
	}
	f := finder{
		findings: &found, patterns: p, size: len(text), cut: cut,
		seen: map[key]struct{}{},
	}
	for queue := f.enqueue(nil, original(text)); len(queue) > 0 && !found.withhold; queue = queue[1:] {
		r := queue[0]
		queue[0] = reading{} // it is large
		f.match(r)
		if r.layers < maxLayers {
			queue = f.decode(queue, r)
		}
	}
	f.dropEnd()
	return found
}

// decode adds the readings that one more decoding makes.
func (f *finder) decode(queue []reading, r reading) []reading {
	if joined, ok := r.join(); ok {
		queue = f.enqueue(queue, joined)
	}
	for _, d := range decoders {
		if decoded, ok := r.decode(d); ok {
			queue = f.enqueue(queue, decoded)
		}
	}
	for _, x := range []*radix{base64Digits, hexDigits} {
		if decoded, ok := x.decode(r); ok {
			queue = f.enqueue(queue, decoded)
		}
	}
	if f.patterns.tiny {
		if decoded, ok := base64Digits.decodeWords(r); ok {
			queue = f.enqueue(queue, decoded)
		}
	}
	return queue
}

// enqueue adds a reading, unless another order of decodings led to the same one.
func (f *finder) enqueue(queue []reading, r reading) []reading {
	id := key{r.text, r.fingerprint()}
	if _, ok := f.seen[id]; ok {
		return queue
	}
	f.seen[id] = struct{}{}
	if f.read += len(r.text); f.read > max(maxReadings*f.size, minReadings) {
		f.withhold = true
		return queue
	}
	return append(queue, r)
}

// match finds the patterns in one reading.
func (f *finder) match(r reading) {
	f.folded.fold(r, true)
	f.run(f.patterns.long, func(from, to int) bool {
		f.add(f.origin(from, to))
		return false // the others are within this one
	}, func(from, to int) { f.started = append(f.started, f.origin(from, to)) })
	if r.joined {
		return
	}
	f.folded.fold(r, false)
	f.run(f.patterns.short, func(from, to int) bool {
		tiny := isTiny(string(f.folded.text[from:to]))
		f.withhold = f.withhold || !tiny || !r.guessed && isWholeWord(f.folded.text, from, to)
		return true
	}, func(int, int) { f.withhold = true })
}

// add adds a secret, or the next character of the last one.
func (f *finder) add(secret span) {
	if last := len(f.secrets) - 1; last >= 0 && f.secrets[last].from == secret.from {
		f.secrets[last].to = max(f.secrets[last].to, secret.to)
		return
	}
	f.secrets = append(f.secrets, secret)
}

func (f *finder) origin(from, to int) span { return span{f.folded.at[from].from, f.folded.at[to-1].to} }

// run runs an automaton. It calls found for each pattern that ends at a byte, from the longest on until found returns false, and
// started for each beginning of a pattern at the end of a cut text.
func (f *finder) run(a *automaton, found func(from, to int) bool, started func(from, to int)) {
	at := 0
	for i, c := range f.folded.text {
		at = a.step(at, c)
		for match := at; match != 0; match = a.states[match].match {
			if a.states[match].pattern && !found(i+1-a.states[match].length, i+1) {
				break
			}
		}
		if length := a.states[at].length; f.cut && length >= cutEvidence && f.folded.at[i].to > f.size-cutReach {
			started(i+1-length, i+1)
		}
	}
}

// dropEnd ends the text before the beginning of a secret that is not followed by the rest of it.
func (f *finder) dropEnd() {
	var complete []span
	for _, secret := range f.secrets {
		if secret.to > f.size-cutReach {
			complete = append(complete, secret)
		}
	}
	for _, s := range f.started {
		if !slices.ContainsFunc(complete, func(secret span) bool { return secret.from <= s.from && s.to <= secret.to }) {
			f.end = min(f.end, s.from)
		}
	}
}

// isWholeWord reports whether text[from:to] is not part of a longer word.
func isWholeWord(text []byte, from, to int) bool {
	before, _ := utf8.DecodeLastRune(text[:from])
	after, _ := utf8.DecodeRune(text[to:])
	return !isWord(before) && !isWord(after)
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
