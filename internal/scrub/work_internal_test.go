package scrub

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
)

// hostile are pieces of text that are the most work when repeated.
func hostile() map[string]string {
	nested := "hunter2-cana"
	for range 6 {
		nested = base64.StdEncoding.EncodeToString([]byte(nested))
	}
	return map[string]string{
		"percent": "%", "escaped percent": "%25", "entity": "&", "escaped entity": "&amp;", "A": "A", "U": "U", "backslash": `\`,
		"octal": `\134`, "equals": "=3D", "space": " ", "line": "\r\n", "nearly": "hunter2-", "nested": nested,
		"everything": `%25\x5c&amp;=3D4a4b4c4d4e4fQUJDRA== `, "text": "The user said something else. ", "accents": "éà",
		"every order":  `QUJDREVGR0hJSktM%5cx41&#92;x41=5C=26amp;amp;%2541\\134`,
		"every escape": `%255c\x5cx25&amp;#x5c;=3D25=5C\\\\x25%2525&#38;#38;`,
		"secret":       "hunter2-canary", "zero": "\x00",
	}
}

// The work is linear in the length of the text, whatever the text is.
func TestReadingsAreLinear(t *testing.T) {
	t.Parallel()
	p := New("hunter2-canary").patterns
	for name, piece := range hostile() {
		read := map[int]int{}
		for _, size := range []int{8 << 10, 16 << 10} {
			text := strings.Repeat(piece, size/len(piece)+1)[:size]
			read[size] = search(text, p, false).read
		}
		if once, twice := read[8<<10], read[16<<10]; twice > 2*once+once/4 || once > 2*maxReadings*(8<<10) {
			t.Errorf("%s: 8 KiB have %d bytes in all readings, and 16 KiB have %d", name, once, twice)
		}
	}
}

// A text with too many readings is withheld, whatever it contains.
func TestTextWithTooManyReadingsIsWithheld(t *testing.T) {
	t.Parallel()
	scrubber := New("hunter2-canary")
	for _, name := range []string{"every order", "every escape"} {
		if got := scrubber.Scrub(strings.Repeat(hostile()[name], 100)); got != Withheld {
			t.Errorf("%s: got %q", name, got)
		}
		if got := scrubber.Scrub("Access is denied. " + hostile()[name]); got == Withheld {
			t.Errorf("%s once is withheld", name)
		}
	}
}

func BenchmarkScrub(b *testing.B) {
	scrubber := New("hunter2-canary", strings.Repeat("A", 2000)+"B", strings.Repeat("hunter2-", 100)+"x", "pw!4x")
	for name, piece := range hostile() {
		for _, size := range []int{200, 32 << 10, 64 << 10} {
			text := strings.Repeat(piece, size/len(piece)+1)
			b.Run(fmt.Sprintf("%s/%d", name, size), func(b *testing.B) {
				for b.Loop() {
					scrubber.Scrub(text)
				}
			})
		}
	}
}

func BenchmarkNew(b *testing.B) {
	line := strings.Repeat("MIIEvQIBADANBgkq", 4) + "\n"
	key := "-----BEGIN PRIVATE KEY-----\n" + strings.Repeat(line, 26) + "-----END PRIVATE KEY-----\n"
	for b.Loop() {
		New(key, "hunter2-canary", strings.Repeat("eyJhbGciOiJSUzI1NiJ9", 60))
	}
}
