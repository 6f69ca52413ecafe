package target

import (
	"fmt"
	"html"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Own is text of this program. It takes constants without a conversion, and nothing else. A conversion says that a text does not
// come from a system; a test of package checkout lists all of them.
type Own string

// Text is a message of several parts: our own words, and foreign ones, from a system or a connection. Only foreign words can
// contain secrets. They stay as they were received until they are scrubbed; what changes them is done after it.
//
// The zero value is empty.
type Text struct{ parts []textPart } //nolint:recvcheck // only the methods that build a text change it

type textPart struct {
	text string
	kind partKind
}

type partKind int

const (
	own partKind = iota
	foreign
	sentence
	markup
	excerpt
)

const (
	maxForeign = 500     // characters of a foreign part
	maxExcerpt = 8 << 10 // characters of the start of a response that are searched for words
	maxWords   = 200     // characters of the first words
)

// Sentence is a foreign part that is shown as a sentence, with a capital letter and a full stop.
type Sentence string

// Markup is a foreign part of a page or of a document in XML, whose entities are shown as what they stand for.
type Markup string

// Excerpt is the start of a foreign text or page, of which the first words are shown, without tags.
type Excerpt string

// Say makes a text. In the format are our own words, and the verbs %s, %d and %q for the arguments. An argument is foreign
// unless it is a [Text], an [Own], a [Code], a [Test], a number or a duration.
func Say(format Own, args ...any) Text {
	var t Text
	rest := string(format)
	for {
		before, after, found := strings.Cut(rest, "%")
		if t.add(before, own); !found {
			return t
		}
		verb := after[:min(len(after), 1)]
		if rest = after[len(verb):]; verb == "%" || len(args) == 0 {
			t.add("%", own)
			continue
		}
		quote := map[string]string{"q": `"`}[verb] // nothing is escaped: what would be is removed when the text is scrubbed
		t.add(quote, own)
		t.addArgument(args[0])
		t.add(quote, own)
		args = args[1:]
	}
}

func (t *Text) addArgument(arg any) {
	switch arg := arg.(type) {
	case Text:
		for _, p := range arg.parts {
			t.add(p.text, p.kind)
		}
	case Own, Code, Test, int, int64, time.Duration:
		t.add(fmt.Sprint(arg), own)
	case Sentence:
		t.add(string(arg), sentence)
	case Markup:
		t.add(string(arg), markup)
	case Excerpt:
		t.add(string(arg), excerpt)
	default:
		t.add(fmt.Sprint(arg), foreign)
	}
}

// add adds a part. Foreign parts without our words between them are one: a secret may be in both.
func (t *Text) add(text string, kind partKind) {
	last := len(t.parts) - 1
	switch {
	case text == "":
	case last >= 0 && t.parts[last].kind == kind && kind != sentence:
		t.parts = append(t.parts[:last:last], textPart{t.parts[last].text + text, kind})
	default:
		t.parts = append(t.parts[:last+1:last+1], textPart{text, kind})
	}
}

// Scrubbed returns the text with every foreign part changed by a function, which also limits its length, in characters. The
// result has no foreign parts.
func (t Text) Scrubbed(scrubTo func(text string, limit int) string) Text {
	scrub := func(text string) string { return scrubTo(text, maxForeign) }
	var b strings.Builder
	for _, p := range t.parts {
		switch p.kind {
		case own:
			b.WriteString(p.text)
		case foreign:
			b.WriteString(scrub(p.text))
		case sentence:
			b.WriteString(toSentence(scrub(p.text)))
		case markup:
			b.WriteString(scrub(html.UnescapeString(scrub(p.text))))
		case excerpt: // tags are removed after the search: a secret may look like one
			b.WriteString(scrub(firstWords(scrubTo(p.text, maxExcerpt))))
		}
	}
	var scrubbed Text
	scrubbed.add(b.String(), own)
	return scrubbed
}

// String returns the text. A text with foreign parts is shown only after it was scrubbed.
func (t Text) String() string {
	whole := t.Scrubbed(func(text string, _ int) string { return text })
	if whole.IsZero() {
		return ""
	}
	return whole.parts[0].text
}

// Contains reports whether the text contains another one.
func (t Text) Contains(text string) bool { return strings.Contains(t.String(), text) }

// IsZero reports whether the text is empty.
func (t Text) IsZero() bool { return len(t.parts) == 0 }

// Join joins texts with our own words between them.
func Join(texts []Text, separator Own) Text {
	var joined Text
	for i, text := range texts {
		if i > 0 {
			joined.add(string(separator), own)
		}
		joined.addArgument(text)
	}
	return joined
}

// toSentence makes a sentence of an error's text.
func toSentence(text string) string {
	if text == "" {
		return text
	}
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + strings.TrimSuffix(text[size:], ".") + "."
}
