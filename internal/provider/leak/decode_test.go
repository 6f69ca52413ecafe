package leak_test

import (
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"
)

// decoders undo one layer of an encoding in a text without white space. They return an empty text if there is nothing to undo.
func decoders() []func(string) string {
	return []func(string) string{percent, quotedPrintable, escapes, entities, base64Runs, hexRuns}
}

// replace replaces what begins with a byte. Read returns its meaning and how long it is; zero if it is only that byte.
func replace(text string, first byte, read func(rest string) (meaning string, length int)) string {
	at := strings.IndexByte(text, first)
	if at < 0 {
		return ""
	}
	var b strings.Builder
	for ; at >= 0; at = strings.IndexByte(text, first) {
		b.WriteString(text[:at])
		meaning, length := read(text[at:])
		if length == 0 {
			meaning, length = text[at:at+1], 1
		}
		b.WriteString(meaning)
		text = text[at+length:]
	}
	b.WriteString(text)
	return b.String()
}

// number is the character with a number in a base; ok is false if the digits are none.
func number(digits string, base int) (text string, ok bool) {
	n, err := strconv.ParseUint(digits, base, 31)
	switch {
	case err != nil:
		return "", false
	case n < 0x100:
		return string([]byte{byte(n)}), true
	default:
		return string(rune(n)), true
	}
}

// digits reads a number of hexadecimal digits after a prefix.
func digits(rest string, prefix, count int) (string, int) {
	if len(rest) < prefix+count {
		return "", 0
	}
	if text, ok := number(rest[prefix:prefix+count], 16); ok {
		return text, prefix + count
	}
	return "", 0
}

func percent(text string) string {
	return replace(text, '%', func(rest string) (string, int) { return digits(rest, 1, 2) })
}

func quotedPrintable(text string) string {
	return replace(text, '=', func(rest string) (string, int) {
		if meaning, length := digits(rest, 1, 2); length > 0 {
			return meaning, length
		}
		return "", 1 // a soft line break, which lost its line break
	})
}

func escapes(text string) string {
	return replace(text, '\\', func(rest string) (string, int) {
		if len(rest) < 2 {
			return "", 0
		}
		var meaning string
		var length int
		switch kind := rest[1]; {
		case kind == 'u':
			meaning, length = digits(rest, 2, 4)
		case kind == 'x':
			meaning, length = digits(rest, 2, 2)
		case strings.IndexByte("nrtbfv", kind) >= 0:
			return "", 2
		}
		if length == 0 {
			return rest[1:2], 2
		}
		return meaning, length
	})
}

// named are the entities with names that the tests need.
var named = map[string]string{"amp": "&", "lt": "<", "gt": ">", "quot": `"`, "apos": "'", "sol": "/", "plus": "+", "equals": "="}

func entities(text string) string {
	return replace(text, '&', func(rest string) (string, int) {
		end := strings.IndexByte(rest[:min(len(rest), 12)], ';')
		if end < 0 {
			return "", 0
		}
		name, base := rest[1:end], 10
		if meaning, ok := named[name]; ok {
			return meaning, end + 1
		}
		value, ok := strings.CutPrefix(name, "#")
		if !ok {
			return "", 0
		}
		if hexadecimal, ok := strings.CutPrefix(strings.ToLower(value), "x"); ok {
			value, base = hexadecimal, 16
		}
		if meaning, ok := number(value, base); ok {
			return meaning, end + 1
		}
		return "", 0
	})
}

// runs calls do for each run of at least some bytes of a class.
//
//go:norace // it reads megabytes, and shares nothing
func runs(text string, least int, class *[256]bool, do func(run string)) {
	from := 0
	for i := 0; i <= len(text); i++ {
		if i < len(text) && class[text[i]] {
			continue
		}
		if i-from >= least {
			do(text[from:i])
		}
		from = i + 1
	}
}

func classOf(members string) *[256]bool {
	var class [256]bool
	for i := range len(members) {
		class[members[i]] = true
	}
	return &class
}

var (
	hexadecimalClass = classOf("0123456789ABCDEFabcdef")
	base64Class      = classOf("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+/-_")
	standardAlphabet = strings.NewReplacer("-", "+", "_", "/")
)

// base64Runs decodes everything that could be base64, at all alignments: words beside it can look like its beginning.
func base64Runs(text string) string {
	var b strings.Builder
	runs(text, 4*window/3, base64Class, func(run string) {
		run = standardAlphabet.Replace(run)
		for offset := range 4 {
			aligned := run[offset:]
			if len(aligned)%4 == 1 {
				aligned = aligned[:len(aligned)-1]
			}
			plain, err := base64.RawStdEncoding.DecodeString(aligned)
			if err == nil {
				b.Write(plain)
			}
			b.WriteByte(0)
		}
	})
	return b.String()
}

// hexRuns decodes everything that could be hexadecimal, at both alignments.
func hexRuns(text string) string {
	var b strings.Builder
	runs(text, 2*window, hexadecimalClass, func(run string) {
		for offset := range 2 {
			aligned := run[offset:]
			plain, err := hex.DecodeString(aligned[:len(aligned)/2*2])
			if err == nil {
				b.Write(plain)
			}
			b.WriteByte(0)
		}
	})
	return b.String()
}
