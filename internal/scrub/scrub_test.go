package scrub_test

import (
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/scrub"
)

// encodings are the encodings that a system can echo a secret in.
func encodings(secret string) map[string]string {
	var escaped strings.Builder
	_ = xml.EscapeText(&escaped, []byte(secret)) // writing to a builder never fails
	quoted, _ := json.Marshal(secret)
	all := map[string]string{
		"raw":        secret,
		"query":      url.QueryEscape(secret),
		"path":       url.PathEscape(secret),
		"lower hex":  lowerHex(url.QueryEscape(secret)),
		"every byte": everyByte(secret),
		"XML":        escaped.String(),
		"HTML":       html.EscapeString(secret),
		"JSON":       string(quoted),
		"ASCII JSON": asciiJSON(string(quoted)),
	}
	for prefix := range 4 {
		text := strings.Repeat("u", prefix) + ":" + secret + "."
		for name, encoding := range map[string]*base64.Encoding{
			"std": base64.StdEncoding, "url": base64.URLEncoding, "raw std": base64.RawStdEncoding,
		} {
			encoded := encoding.EncodeToString([]byte(text))
			all[fmt.Sprintf("base64 %s %d", name, prefix)] = encoded
			all[fmt.Sprintf("escaped base64 %s %d", name, prefix)] = url.QueryEscape(encoded)
		}
	}
	all["base64"] = base64.StdEncoding.EncodeToString([]byte(secret))
	return all
}

func lowerHex(s string) string {
	parts := strings.Split(s, "%")
	for i := range parts[1:] {
		parts[i+1] = strings.ToLower(parts[i+1][:2]) + parts[i+1][2:]
	}
	return strings.Join(parts, "%")
}

func everyByte(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}

func asciiJSON(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r < utf8.RuneSelf:
			b.WriteRune(r)
		case r > 0xFFFF:
			r -= 0x10000
			fmt.Fprintf(&b, `\u%04x\u%04x`, 0xD800+r>>10, 0xDC00+r&0x3FF)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

func TestScrubMasksEveryEncoding(t *testing.T) {
	t.Parallel()
	for _, secret := range []string{
		"hunter2-canary", `p&ss <w>"o'rd\`, "naïve pässwörd 🔑", "50%+off/now?=yes", "with  two spaces", "tab\tand\nline",
		"&amp;%41\\u0041", "1234",
	} {
		scrubber := scrub.New(secret)
		for name, spelled := range encodings(secret) {
			got := scrubber.Scrub("The user said " + spelled + " to us")
			if got != "The user said *** to us" && got != `The user said "***" to us` {
				t.Errorf("%s of %q: got %q", name, secret, got)
			}
		}
	}
}

func TestScrub(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		secrets []string
		text    string
		want    string
	}{
		"nothing secret":          {nil, "Access is denied.", "Access is denied."},
		"white space":             {nil, " Access \r\n\t is   denied.\n", "Access is denied."},
		"control characters":      {nil, "Access\x00 is \x1b[31mdenied\x7f.", "Access is [31mdenied."},
		"text direction":          {nil, "abc\u202edef\u200b", "abcdef"},
		"not UTF-8":               {nil, "caf\xe9", "caf\uFFFD"},
		"secret split by control": {[]string{"canary"}, "can\x00ary", "***"},
		"secret across lines":     {[]string{"two words"}, "it is two\n words", "it is ***"},
		"one in another": {
			[]string{"canary", "big canary bird"}, "a big canary bird", "a ***",
		},
		"overlapping":         {[]string{"abcdef", "defghi"}, "xabcdefghix", "x***x"},
		"side by side":        {[]string{"canary"}, "canarycanary", "***"},
		"spelled by a mask":   {[]string{"canary", "x***y"}, "xcanaryy", "***"},
		"short, alone":        {[]string{"a"}, "password=a was bad", "password=*** was bad"},
		"short, inside words": {[]string{"is"}, "This is missing", "This *** missing"},
		"short, in a pair": {
			[]string{"ab"}, "Basic " + base64.StdEncoding.EncodeToString([]byte("user:ab")) + " refused",
			"Basic *** refused",
		},
		"empty":              {[]string{""}, "nothing", "nothing"},
		"white space secret": {[]string{"   "}, "a   b", "a b"},
		"line of a key": {
			[]string{"-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG\n9w0BAQEFAASCBKcwggSj\n-----END PRIVATE KEY-----"},
			"cannot read 9w0BAQEFAASCBKcwggSj here", "cannot read *** here",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := scrub.New(test.secrets...).Scrub(test.text); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestScrubLimitsLength(t *testing.T) {
	t.Parallel()
	got := scrub.New().Scrub(strings.Repeat("ä", 2000))
	if utf8.RuneCountInString(got) != 500 || !utf8.ValidString(got) {
		t.Errorf("got %d characters", utf8.RuneCountInString(got))
	}
	secret := []string{"canary-bird"}
	if got := scrub.New(secret...).Scrub(strings.Repeat("x", 495) + "canary-bird"); strings.Contains(got, "cana") {
		t.Errorf("a secret at the limit is truncated instead of masked: %q", got[490:])
	}
}

// Masking a message of megabytes must be fast.
func TestScrubLimitsInput(t *testing.T) {
	t.Parallel()
	scrubber := scrub.New("aaaa")
	if got := scrubber.Scrub(strings.Repeat("a", 4<<20)); got != "***" {
		t.Errorf("got %q", got)
	}
	if got := scrubber.Scrub(strings.Repeat(" \n", 2<<20) + "after all that"); got != "after all that" {
		t.Errorf("got %q", got)
	}
}

func FuzzScrub(f *testing.F) {
	f.Add("hunter2-canary", "said ", " to us", 3)
	f.Add("x***y", "x", "y", 0)
	f.Add("%41&amp;", "a%", ";b", 1)
	f.Add("****", "*", "*", 2)
	f.Add("a+b c", "+", "%2B", 4)
	f.Fuzz(func(t *testing.T, secret, before, after string, which int) {
		if !utf8.ValidString(secret) || utf8.RuneCountInString(strings.TrimSpace(secret)) < 4 || len(secret) > 200 {
			return
		}
		all := encodings(secret)
		names := []string{"raw", "query", "path", "lower hex", "every byte", "XML", "JSON", "base64", "base64 std 1", "base64 url 2"}
		spelled := all[names[((which%len(names))+len(names))%len(names)]]
		if strings.ContainsRune(spelled, utf8.RuneError) {
			return // XML cannot encode some characters, so the text differs
		}
		got := scrub.New(secret).Scrub(before + " " + spelled + " " + after)
		if utf8.RuneCountInString(got) > 500 || !utf8.ValidString(got) {
			t.Fatalf("not safe to show: %q", got)
		}
		if strings.Contains(got, secret) || len(spelled) > 8 && strings.Contains(got, spelled) {
			t.Errorf("%q survives in %q", secret, got)
		}
	})
}
