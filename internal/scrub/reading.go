package scrub

import "strings"

// span is a part of a text: from is its first byte, and to is the byte after its last.
type span struct{ from, to int }

// reading is one way to read a text.
type reading struct {
	text string
	// at has, for each byte of text, the part of the original that it is from.
	at []span
	// layers counts the decodings that lead to this reading.
	layers int
	// guessed is a reading of characters that may be no encoding at all. Short secrets appear there by chance.
	guessed bool
	// joined is a reading without white space, in which short secrets are not searched.
	joined bool
}

func original(text string) reading {
	at := make([]span, len(text))
	for i := range at {
		at[i] = span{i, i + 1}
	}
	return reading{text: text, at: at}
}

// origin returns the part of the original that text[from:to] is from; it is not empty.
func (r reading) origin(from, to int) span { return span{r.at[from].from, r.at[to-1].to} }

// fingerprint is equal for equal positions.
func (r reading) fingerprint() uint64 {
	const offset, prime = 14695981039346656037, 1099511628211 // FNV-1a
	sum := uint64(offset)
	for _, s := range r.at {
		sum = (sum ^ uint64(s.from)) * prime
		sum = (sum ^ uint64(s.to)) * prime
	}
	return sum
}

// builder makes a reading, piece by piece.
type builder struct {
	text []byte
	at   []span
}

// add appends a piece that is from one part of the original.
func (b *builder) add(piece string, from span) {
	b.text = append(b.text, piece...)
	for range len(piece) {
		b.at = append(b.at, from)
	}
}

func (b *builder) addByte(c byte, from span) {
	b.text = append(b.text, c)
	b.at = append(b.at, from)
}

// copy appends a part of another reading.
func (b *builder) copy(r reading, from, to int) {
	b.text = append(b.text, r.text[from:to]...)
	b.at = append(b.at, r.at[from:to]...)
}

// cut removes everything after the first bytes.
func (b *builder) cut(length int) { b.text, b.at = b.text[:length], b.at[:length] }

// decode reads the escapes that one decoder knows. It returns false if the text has none.
func (r reading) decode(d decoder) (reading, bool) {
	var b builder
	copied := 0
	for i := 0; i < len(r.text); {
		next := strings.IndexByte(r.text[i:], d.mark)
		if next < 0 {
			break
		}
		i += next
		meaning, length := d.read(r.text[i:])
		if length == 0 {
			i++
			continue
		}
		if copied == 0 {
			b = builder{text: make([]byte, 0, len(r.text)), at: make([]span, 0, len(r.at))}
		}
		b.copy(r, copied, i)
		b.add(meaning, r.origin(i, i+length))
		i += length
		copied = i
	}
	if copied == 0 {
		return reading{}, false
	}
	b.copy(r, copied, len(r.text))
	return reading{text: string(b.text), at: b.at, layers: r.layers + 1, guessed: r.guessed, joined: r.joined}, true
}

// join removes the white space. It returns false if that makes no more escapes: where they are whole, [builder.fold] ignores it.
func (r reading) join() (reading, bool) {
	b := builder{text: make([]byte, 0, len(r.text)), at: make([]span, 0, len(r.at))}
	for i := 0; i < len(r.text); i++ {
		switch c := r.text[i]; {
		case c == '=' && softBreak(r.text[i:]) > 0:
			i += softBreak(r.text[i:]) - 1
		case c != ' ' && (c < '\t' || c > '\r'):
			b.addByte(c, r.at[i])
		}
	}
	joined := reading{text: string(b.text), at: b.at, layers: r.layers, guessed: r.guessed, joined: true}
	return joined, len(joined.text) < len(r.text) && joined.hasSplitEscape()
}

// hasSplitEscape reports whether an escape is longer in the original than here.
func (r reading) hasSplitEscape() bool {
	for _, d := range decoders {
		for i := 0; i < len(r.text); i++ {
			next := strings.IndexByte(r.text[i:], d.mark)
			if next < 0 {
				break
			}
			i += next
			_, length := d.read(r.text[i:])
			for j := i + 1; j < i+length; j++ {
				if r.at[j].from > r.at[j-1].to {
					return true
				}
			}
		}
	}
	return false
}
