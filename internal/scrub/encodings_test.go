package scrub_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"html"
	"mime/quotedprintable"
	"net/url"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
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

// layers are the encodings that a text can have within another one.
func layers() map[string]func(string) string {
	return map[string]func(string) string{
		"query":        url.QueryEscape,
		"path":         url.PathEscape,
		"every byte":   everyByte,
		"XML":          func(s string) string { var b strings.Builder; _ = xml.EscapeText(&b, []byte(s)); return b.String() },
		"JSON":         func(s string) string { b, _ := json.Marshal(s); return string(b[1 : len(b)-1]) },
		"hex escapes":  func(s string) string { return eachByte(s, `\x%02x`) },
		"octal":        func(s string) string { return eachByte(s, `\%03o`) },
		"numbers":      numbers,
		"base64":       func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
		"base64 URL":   func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) },
		"base64 lines": func(s string) string { return lines(base64.StdEncoding.EncodeToString([]byte(s))) },
		"hex":          func(s string) string { return hex.EncodeToString([]byte(s)) },
		"mail":         mailText,
		"mail letters": func(s string) string { return eachByte(s, "=%02X") },
	}
}

func numbers(s string) string {
	var b strings.Builder
	for _, r := range s {
		fmt.Fprintf(&b, "&#%d;", r)
	}
	return b.String()
}

func eachByte(s, format string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		fmt.Fprintf(&b, format, c)
	}
	return b.String()
}

func everyByte(s string) string { return eachByte(s, "%%%02X") }

// lines wraps a text as MIME does, but in shorter lines.
func lines(s string) string {
	var b strings.Builder
	for i, c := range []byte(s) {
		if i > 0 && i%8 == 0 {
			b.WriteString("\r\n")
		}
		b.WriteByte(c)
	}
	return b.String()
}

// mailText encodes a text as quoted-printable.
func mailText(s string) string {
	var b strings.Builder
	w := quotedprintable.NewWriter(&b)
	_, _ = w.Write([]byte(s)) // writing to a builder never fails
	_ = w.Close()
	return b.String()
}

// utf16LE encodes a text as Windows does.
func utf16LE(s string) string {
	var b []byte
	for _, unit := range utf16.Encode([]rune(s)) {
		b = append(b, byte(unit), byte(unit>>8))
	}
	return string(b)
}
