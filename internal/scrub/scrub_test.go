package scrub_test

import (
	"encoding/base64"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/scrub"
)

func TestScrubMasksEveryEncoding(t *testing.T) {
	t.Parallel()
	for _, secret := range []string{
		"hunter2-canary", `p&ss <w>"o'rd\`, "naïve pässwörd 🔑", "50%+off/now?=yes", "with  two spaces", "tab\tand\nline",
		"&amp;%41\\u0041",
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

// Secrets are found in every sequence of encodings.
func TestScrubMasksEverySequence(t *testing.T) {
	t.Parallel()
	all := layers()
	for _, secret := range []string{"hunter2-canary", `p&ss <w>"o'rd\`, "naïve pässwörd 🔑", "50%+off/now?=yes"} {
		scrubber := scrub.New(secret)
		check := func(names ...string) {
			spelled := secret
			for _, name := range names {
				spelled = all[name](spelled)
			}
			got := scrubber.Scrub("The user said " + spelled + " to us")
			if got != "The user said *** to us" && got != "The user said *** us" { // "to" can be a part of base64
				t.Errorf("%s of %q, %q: got %q", names, secret, spelled, got)
			}
		}
		for first := range all {
			for second := range all {
				check(first, second)
				if first != second && secret != "hunter2-canary" {
					continue
				}
				for third := range all {
					check(first, second, third)
				}
			}
		}
		check("JSON", "XML", "query", "base64 lines")
		check("base64", "query", "JSON", "XML")
		check("XML", "XML", "XML", "XML")
		check("JSON", "JSON", "JSON", "JSON")
		check("base64", "base64", "base64", "base64")
		check("mail", "base64 URL", "JSON", "path")
	}
}

func TestScrub(t *testing.T) {
	t.Parallel()
	const key = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG\n9w0BAQEFAASCBKcwggSj\n-----END PRIVATE KEY-----"
	for name, test := range map[string]struct {
		secrets []string
		text    string
		want    string
	}{
		"nothing secret":          {nil, "Access is denied.", "Access is denied."},
		"white space":             {nil, " Access \r\n\t is   denied.\n", "Access is denied."},
		"control characters":      {nil, "Access\x00 is \x1b[31mdenied\x7f.", "Access is [31mdenied."},
		"text direction":          {nil, "abc\u202edef\u200b\u2066", "abcdef"},
		"not UTF-8":               {nil, "caf\xe9", "caf\uFFFD"},
		"secret split by control": {[]string{"canary-bird"}, "it is can\x00ary-\u200bbird", "it is ***"},
		"secret across lines":     {[]string{"two words"}, "it is two\n words", "it is ***"},
		"secret split by spaces":  {[]string{"canary-bird"}, "it is can ary - bird.", "it is ***."},
		"secret wrapped":          {[]string{"canary-bird"}, "it is can\r\n ary-bi\r\nrd.", "it is ***."},
		"secret wrapped by MIME":  {[]string{"canary-bird"}, "it is canary=\r\n-bir=\nd.", "it is ***."},
		"escapes split":           {[]string{`canary"&%bird`}, "it is canary&quo t;%2\r\n6%2 5bird.", "it is ***."},
		"upper case":              {[]string{"canary-bird"}, "it is CANARY-BIRD.", "it is ***."},
		"lower case":              {[]string{"Canary-BIRD"}, "it is canary-bird.", "it is ***."},
		"Turkish letters":         {[]string{"fish-in-BIG-bowl"}, "it is FİSH-İN-BIG-BOWL, fısh-ın-bıg-bowl.", "it is ***, ***."},
		"STRASSE":                 {[]string{"straße-weiß"}, "it is STRASSE-WEISS.", "it is ***."},
		"decomposed letters":      {[]string{"pässwörd"}, "it is pa\u0308sswo\u0308rd.", "it is ***."},
		"wide letters":            {[]string{"password-1"}, "it is ｐａｓｓｗｏｒｄ－１.", "it is ***."},
		"ISO 8859-1":              {[]string{"pässwörd"}, "it is p\xe4ssw\xf6rd.", "it is ***."},
		"UTF-8 as ISO 8859-1":     {[]string{"pässwörd"}, "it is pÃ¤sswÃ¶rd.", "it is ***."},
		"ISO 8859-1 in a URL":     {[]string{"pässwörd"}, "it is p%E4ssw%F6rd.", "it is ***."},
		"UTF-16 in base64": {
			[]string{"pässword-1"}, "it is " + base64.StdEncoding.EncodeToString([]byte(utf16LE("pässword-1"))), "it is ***",
		},
		"hex dump": {[]string{"canary-bird"}, "it is 63 61 6e 61 72 79 2d 62 69 72 64.", "it is ***."},
		"base64 in lower case": {
			[]string{"canary-bird"}, "it is " + strings.ToLower(base64.StdEncoding.EncodeToString([]byte("u:canary-bird?"))),
			"it is dtp***d8=",
		},
		"one in another":          {[]string{"canary-bird", "big canary-bird nest"}, "a big canary-bird nest", "a ***"},
		"overlapping":             {[]string{"abcdefgh", "efghijkl"}, "xabcdefghijklx", "x***x"},
		"side by side":            {[]string{"canary-bird"}, "canary-birdcanary-bird", "***"},
		"spelled by a mask":       {[]string{"canary-bird", "left***right"}, "leftcanary-birdright", "***"},
		"short":                   {[]string{"canary"}, "The password canary was rejected.", "text withheld"},
		"short, in a word":        {[]string{"1234"}, "x12345", "text withheld"},
		"short, in capitals":      {[]string{"canary"}, "The password CANARY was rejected.", "text withheld"},
		"short, split":            {[]string{"canary"}, "The password can ary was rejected.", "The password can ary was rejected."},
		"short, with white space": {[]string{"a b c"}, "The password a+b+c was rejected.", "text withheld"},
		"tiny, alone":             {[]string{"a"}, "password=a was bad", "text withheld"},
		"tiny, in words":          {[]string{"is"}, "This missing", "This missing"},
		"tiny, in a pair": {
			[]string{"ab"}, "Basic " + base64.StdEncoding.EncodeToString([]byte("user:ab")) + " refused", "text withheld",
		},
		"empty":              {[]string{""}, "nothing", "nothing"},
		"white space secret": {[]string{"   "}, "a   b", "a b"},
		"plus secret":        {[]string{"++++++++"}, "1 + 1", "1 + 1"},
		"line of a key":      {[]string{key}, "cannot read 9w0BAQEFAASCBKcwggSj here", "cannot read *** here"},
		"key on one line":    {[]string{key}, "cannot read " + strings.ReplaceAll(key, "\n", ""), "cannot read ***"},
		"key in wider lines": {[]string{key}, "cannot read MIIEvQIBADANBg kqhkiG9w0BAQEFAASCBKcwggSj", "cannot read ***"},
		"key escaped":        {[]string{key}, "cannot read " + strings.ReplaceAll(key, "\n", `\\n`), "cannot read ***"},
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
	const secret = "canary-bird"
	for _, before := range []int{480, 495, 4090, 16370, 64<<10 - 5} {
		text := strings.Repeat("x", before) + secret
		if got := scrub.New(secret).Scrub(text); strings.Contains(got, "cana") {
			t.Errorf("a secret at %d is cut instead of masked: %q", before, got[490:])
		}
		blank := strings.Repeat(" ", before) + secret
		if got := scrub.New(secret).Scrub(blank); strings.Contains(got, "cana") {
			t.Errorf("a secret after %d spaces is cut instead of masked: %q", before, got)
		}
	}
}

// What may be the beginning of a secret does not stay at the end of a text that was cut, in any encoding.
func TestScrubDropsTheEndOfACutText(t *testing.T) {
	t.Parallel()
	const secret = `canary&"bird"`
	scrubber := scrub.New(secret)
	for name, encode := range layers() {
		spelled := encode(secret)
		for kept := range len(spelled) {
			got := scrubber.ScrubCut("The user said " + spelled[:kept])
			plain := strings.TrimPrefix(got, "The user said")
			if strings.Contains(plain, "cana") || len(plain) > len(spelled)/2 {
				t.Errorf("%s, %d bytes: got %q", name, kept, got)
			}
		}
	}
	for text, want := range map[string]string{
		"It was canary":                    "It was canary",
		"It was canary...":                 "It was",
		"It was (canary…)":                 "It was (",
		`It was canary&"b`:                 "It was ***",
		`It was canary&"b and more`:        "It was *** and more",
		"It was canary&" + " and more":     "It was canary& and more",
		"It was " + secret:                 "It was ***",
		"It was " + secret + "...":         "It was ***...",
		"It was " + secret + " and canary": "It was *** and canary",
	} {
		if got := scrubber.Scrub(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	if got := scrub.New("canary").ScrubCut("The password cana"); got != scrub.Withheld {
		t.Errorf("got %q", got)
	}
}

// Only the first 64 KiB are read, whatever they are.
func TestScrubLimitsInput(t *testing.T) {
	t.Parallel()
	scrubber := scrub.New("aaaaaaaa")
	if got := scrubber.Scrub(strings.Repeat("a", 4<<20)); got != "***" {
		t.Errorf("got %q", got)
	}
	if got := scrubber.Scrub(strings.Repeat(" \n", 30<<10) + "after all that"); got != "after all that" {
		t.Errorf("got %q", got)
	}
	if got := scrubber.Scrub(strings.Repeat(" \n", 2<<20) + "after all that"); got != "" {
		t.Errorf("got %q", got)
	}
}

func FuzzScrub(f *testing.F) {
	f.Add("hunter2-canary", "said ", " to us", uint32(3), byte(0))
	f.Add("left***right", "left", "right", uint32(0), byte(1))
	f.Add("%41&amp;%42&lt;", "a%", ";b", uint32(1), byte(2))
	f.Add("********", "*", "*", uint32(2), byte(3))
	f.Add("a+b c+d e+f g+h i+j", "+", "%2B", uint32(4), byte(0))
	f.Add("canary-bird", `{"a":"`, `"}`, uint32(0x4321), byte(1))
	f.Fuzz(func(t *testing.T, secret, before, after string, which uint32, change byte) {
		if !utf8.ValidString(secret) || len(secret) > 100 || len(before)+len(after) > 400 || strings.Contains(secret, "\uFFFF") {
			return
		}
		spelled := spell(changed(secret, change), which)
		if len(spelled) > 2000 || strings.ContainsRune(spelled, utf8.RuneError) {
			return // XML cannot encode some characters, so the text differs
		}
		got := scrub.New(secret).Scrub(before + " " + spelled + " " + after)
		if utf8.RuneCountInString(got) > 500 || !utf8.ValidString(got) || got != scrub.Line(got) {
			t.Fatalf("not safe to show: %q", got)
		}
		if again := scrub.New(secret).Scrub(got); again != got {
			t.Errorf("%q is not stable: %q", got, again)
		}
		if found := letters(secret); len(found) >= 8 && strings.Contains(letters(got), found) {
			t.Errorf("%q survives in %q", secret, got)
		}
	})
}

// changed is a secret as a system may repeat it.
func changed(secret string, change byte) string {
	switch change % 4 {
	case 1:
		return strings.ToUpper(secret)
	case 2:
		return strings.ToLower(secret)
	case 3:
		return lines(secret)
	}
	return secret
}

// spell applies at most four encodings: one for each byte of which.
func spell(secret string, which uint32) string {
	all := layers()
	names := slices.Sorted(maps.Keys(all))
	for ; which > 0; which >>= 8 {
		if i := int(which % 256); i > 0 {
			secret = all[names[i%len(names)]](secret)
		}
	}
	return secret
}

// letters returns what no letter case and no white space changes, if that is the whole text.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r), unicode.Is(unicode.C, r):
			return -1
		case r < utf8.RuneSelf:
			return unicode.ToLower(r)
		}
		return r
	}, s)
}
