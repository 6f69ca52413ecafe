package scrub

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// radix is a way to write bytes as digits.
type radix struct {
	bits int
	// alignments is the number of digits after which bytes begin at a digit again.
	alignments int
	// least is the least number of digits that is worth reading.
	least  int
	digits [256]int8 // the value of each digit, or one of these:
}

const (
	other  int8 = -1 // ends a number
	ignore int8 = -2 // is ignored between digits
)

// The radixes: base64 with both of its alphabets, in lines of any length; and hexadecimal digits, also in pairs.
var (
	base64Digits = newRadix(6, 4, 6, "", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
	hexDigits = newRadix(4, 2, 8, ":-,", "0123456789abcdef", "0123456789ABCDEF")
)

func newRadix(bits, alignments, least int, between string, alphabets ...string) *radix {
	r := &radix{bits: bits, alignments: alignments, least: least}
	for c := range r.digits {
		r.digits[c] = other
		if c <= ' ' || c == 0x7F || strings.IndexByte(between, byte(c)) >= 0 {
			r.digits[c] = ignore
		}
	}
	for _, alphabet := range alphabets {
		for value, c := range []byte(alphabet) {
			r.digits[c] = int8(value)
		}
	}
	return r
}

// leastText is the least number of characters in a row that make text out of bytes. Bytes that are no text happen in all words
// that are no encoding.
const leastText = 4

// noText stands between texts. It is a noncharacter, so no text contains it.
const noText = "\uFFFF"

// number is a run of digits.
type number struct {
	values []int8
	// words has the part of the original of the word with each digit. What encodes a part of a secret is masked with its word:
	// the rest of it has no meaning without its neighbors.
	words []span
}

// decode reads all text in the digits of a reading. White space is ignored, and bytes are read from each digit on that they can
// begin with. The digits may be no encoding at all, so the reading is guessed; all bytes that are no text are left out.
func (x *radix) decode(r reading) (reading, bool) {
	var b builder
	for n := range x.numbers(r, true) {
		if len(n.values) < x.least {
			continue
		}
		for offset := range x.alignments {
			x.appendTexts(&b, n, offset, leastText)
		}
	}
	return reading{text: string(b.text), at: b.at, layers: r.layers + 1, guessed: true, joined: r.joined}, len(b.at) > 0
}

// decodeWords reads the words that are an encoding of text and of nothing else.
func (x *radix) decodeWords(r reading) (reading, bool) {
	var b builder
	for n := range x.numbers(r, false) {
		for offset := range x.alignments {
			before, size := len(b.at), (len(n.values)-offset)*x.bits/8
			if x.appendTexts(&b, n, offset, 1); len(b.at)-before != size+len(noText) {
				b.cut(before)
			}
		}
	}
	return reading{text: string(b.text), at: b.at, layers: r.layers + 1, guessed: r.guessed, joined: r.joined}, len(b.at) > 0
}

// numbers returns the numbers in a text; with joined, those of several words that follow each other are one.
func (x *radix) numbers(r reading, joined bool) iter.Seq[number] {
	return func(yield func(number) bool) {
		s := numberScanner{r: r, word: -1}
		for i := range len(r.text) {
			value := x.digits[r.text[i]]
			if value >= 0 {
				s.digit(i, value)
				continue
			}
			if s.endWord(i); value == ignore && joined || len(s.values) == 0 {
				continue
			}
			if !yield(s.number) {
				return
			}
			s.number = number{values: s.values[:0], words: s.words[:0]}
		}
		if s.endWord(len(r.text)); len(s.values) > 0 {
			yield(s.number)
		}
	}
}

// numberScanner reads a number.
type numberScanner struct {
	number

	r    reading
	word int // where the current word begins; negative between words
}

func (s *numberScanner) digit(at int, value int8) {
	if s.word >= 0 && s.r.at[at].from > s.r.at[at-1].to { // white space was here
		s.endWord(at)
	}
	if s.word < 0 {
		s.word = at
	}
	s.values = append(s.values, value)
}

// endWord ends the current word, if there is one, with its padding.
func (s *numberScanner) endWord(end int) {
	if s.word < 0 {
		return
	}
	for padding := 0; padding < 2 && end < len(s.r.text) && s.r.text[end] == '='; padding++ {
		end++
	}
	for len(s.words) < len(s.values) {
		s.words = append(s.words, s.r.origin(s.word, end))
	}
	s.word = -1
}

// appendTexts appends each text of at least so many characters in the bytes that begin with a digit, and noText after it.
func (x *radix) appendTexts(b *builder, n number, offset, least int) {
	start, characters := len(b.at), 0
	end := func() {
		if characters < least {
			b.cut(start)
		} else {
			b.add(noText, b.at[len(b.at)-1])
		}
		start, characters = len(b.at), 0
	}
	size := (len(n.values) - offset) * x.bits / 8
	window := make([]byte, 0, utf8.UTFMax)
	for i := 0; i < size; {
		window = window[:0]
		for j := i; j < min(i+utf8.UTFMax, size); j++ {
			window = append(window, x.byteAt(n.values[offset:], j))
		}
		length, text := textAt(window)
		if !text {
			end()
			i += length
			continue
		}
		if window[0] != 0 { // every other byte of UTF-16
			first, last := offset+i*8/x.bits, offset+((i+length)*8-1)/x.bits
			b.add(string(window[:length]), span{n.words[first].from, n.words[last].to})
			characters++
		}
		i += length
	}
	end()
}

// byteAt returns one of the bytes that the digits make.
func (x *radix) byteAt(values []int8, i int) byte {
	first, last := i*8/x.bits, (i*8+7)/x.bits
	bits := 0
	for _, value := range values[first : last+1] {
		bits = bits<<x.bits | int(value)
	}
	return byte(bits >> ((last+1)*x.bits - (i*8 + 8)))
}

// textAt returns the length of the character at the start of bytes, and whether it belongs to text: in UTF-8, in UTF-16 with
// its zeros, or in ISO 8859-1.
func textAt(bytes []byte) (int, bool) {
	switch c := bytes[0]; {
	case c < utf8.RuneSelf:
		return 1, c >= ' ' && c != 0x7F || c == 0 || unicode.IsSpace(rune(c))
	default:
		r, length := utf8.DecodeRune(bytes)
		if r != utf8.RuneError || length > 1 {
			return length, unicode.IsPrint(r)
		}
		next := len(bytes) > 1 && (bytes[1] == 0 || ' ' <= bytes[1] && bytes[1] < 0x7F)
		return 1, c >= 0xA0 && next
	}
}
