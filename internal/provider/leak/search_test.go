package leak_test

import (
	"fmt"
	"hash/maphash"
	"slices"
	"strings"
	"sync"
)

const (
	// window is how many characters of a secret in a row are a leak. It is more than a chance match of random text, and less than
	// half of the shortest secret, so that half of a secret is found as well.
	window = 10
	// maxLayers is how many encodings inside each other are undone.
	maxLayers = 3
	// deepLimit is the size of a text whose layers are all undone. Larger ones are searched for two layers.
	deepLimit = 1 << 20
)

// searcher looks for secrets in texts: in any letter case, with any white space, and in up to three layers of encodings.
type searcher struct {
	windows map[string]string // to the name of the secret
	starts  []bool            // whether a window starts with these three bytes
	seed    maphash.Seed

	mu   sync.Mutex
	seen map[uint64]bool // texts that were searched
	// texts and bytes count what was searched, views what it was decoded to.
	texts, bytes, views int
}

func newSearcher() *searcher {
	return &searcher{
		windows: map[string]string{}, starts: make([]bool, 1<<24), seed: maphash.MakeSeed(), seen: map[uint64]bool{},
	}
}

// add adds a secret.
func (s *searcher) add(name, secret string) {
	secret = fold(strip(secret))
	for i := 0; i+window <= len(secret); i++ {
		part := secret[i : i+window]
		s.windows[part] = name
		s.starts[startOf(part)] = true
	}
}

func startOf(s string) int { return int(s[0])<<16 | int(s[1])<<8 | int(s[2]) }

// leak is a part of a secret in a text.
type leak struct{ secret, part, around string }

func (l leak) String() string { return fmt.Sprintf("%s (%q in %q)", l.secret, l.part, l.around) }

// find lists the secrets in a text, each one once. A text that was searched before has none.
func (s *searcher) find(text string) []leak {
	sum := maphash.String(s.seed, text)
	s.mu.Lock()
	known := s.seen[sum]
	s.seen[sum] = true
	s.mu.Unlock()
	if known {
		return nil
	}
	layers := maxLayers
	if len(text) > deepLimit {
		layers--
	}
	views := viewsOf(text, layers)
	s.mu.Lock()
	s.texts, s.bytes, s.views = s.texts+1, s.bytes+len(text), s.views+len(views)
	s.mu.Unlock()
	found := map[string]leak{}
	for _, view := range views {
		s.search(fold(view), found)
	}
	leaks := make([]leak, 0, len(found))
	for _, l := range found {
		leaks = append(leaks, l)
	}
	slices.SortFunc(leaks, func(a, b leak) int { return strings.Compare(a.secret, b.secret) })
	return leaks
}

// search adds the secrets in a folded text.
//
//go:norace // it reads megabytes, and only reads what is shared
func (s *searcher) search(text string, found map[string]leak) {
	for i := 0; i+window <= len(text); i++ {
		if !s.starts[startOf(text[i:])] {
			continue
		}
		part := text[i : i+window]
		if name, ok := s.windows[part]; ok {
			if _, ok := found[name]; !ok {
				found[name] = leak{name, part, text[max(0, i-120):min(len(text), i+120)]}
			}
		}
	}
}

// viewsOf undoes the encodings in a text, layer by layer.
func viewsOf(text string, layers int) []string {
	text = strip(text)
	all, newest := []string{text}, []string{text}
	known := map[string]bool{text: true}
	for range layers {
		var next []string
		for _, from := range newest {
			for _, decode := range decoders() {
				if to := strip(decode(from)); len(to) >= window && !known[to] {
					known[to] = true
					next = append(next, to)
				}
			}
		}
		all, newest = append(all, next...), next
	}
	return all
}

// strip removes white space, the frames of Terraform's messages, and characters without a width.
//
//go:norace // it reads megabytes, and shares nothing
func strip(text string) string {
	b := make([]byte, 0, len(text))
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == ' ', '\t' <= c && c <= '\r':
			i++
		case c != 0xC2 && c != 0xE2 && c != 0xE3 && c != 0xEF:
			b = append(b, c)
			i++
		default: // the first byte of a character that may be removed
			length := widthless(text[i:])
			if length == 0 {
				b = append(b, c)
			}
			i += max(length, 1)
		}
	}
	return string(b)
}

// widthless returns the length of a character at the beginning of a text that [strip] removes; zero for others.
func widthless(text string) int {
	for _, character := range []string{
		"\u00a0", "\u00ad", "│", "╷", "╵", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u2028", "\u2029", "\u3000",
	} {
		if strings.HasPrefix(text, character) {
			return len(character)
		}
	}
	return 0
}

// fold lowers ASCII letters. Other bytes stay as they are, since a text may be a database.
//
//go:norace // it reads megabytes, and shares nothing
func fold(text string) string {
	b := []byte(text)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}
