package sandbox

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"maps"
	"mime/quotedprintable"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Encoding is a form in which a careless system repeats a secret.
type Encoding string

// The encodings. Each of them was seen in answers of real systems, or is what two layers of a system make of one secret.
const (
	Raw              Encoding = "raw"
	Upper            Encoding = "upper"
	Lower            Encoding = "lower"
	Split            Encoding = "split"
	MIMEWrapped      Encoding = "mime_wrapped"
	Percent          Encoding = "percent"
	PercentTwice     Encoding = "percent_twice"
	JSONInJSON       Encoding = "json_in_json"
	XMLInXML         Encoding = "xml_in_xml"
	Entities         Encoding = "entities"
	HexEscapes       Encoding = "hex_escapes"
	UnicodeEscapes   Encoding = "unicode_escapes"
	QuotedPrintable  Encoding = "quoted_printable"
	Base64           Encoding = "base64"
	Base64OfForm     Encoding = "base64_of_form"
	Base64OfPercent  Encoding = "base64_of_percent"
	Base64Twice      Encoding = "base64_twice"
	CutAtMessageSize Encoding = "cut_at_message_size"
	CutAtReadSize    Encoding = "cut_at_read_size"
)

const (
	messageSize = 500      // characters of a message that a client shows
	readSize    = 64 << 10 // bytes of a message that a client searches for secrets
	lineSize    = 76       // of MIME

	minTokenSize = 16 // shorter cookies are settings, not sessions
)

// encoders are all encodings, in the order of their names above.
var encoders = []struct {
	name   Encoding
	encode func(secret string) string
}{
	{Raw, func(secret string) string { return secret }},
	{Upper, strings.ToUpper},
	{Lower, strings.ToLower},
	{Split, func(secret string) string { return split(secret, 5, " \n") }},
	{MIMEWrapped, func(secret string) string {
		return split(toBase64(strings.Repeat("user:", 10)+secret), lineSize, "\r\n")
	}},
	{Percent, func(secret string) string { return escapeBytes(secret, "%%%02x") }},
	{PercentTwice, func(secret string) string { return url.QueryEscape(escapeBytes(secret, "%%%02X")) }},
	{JSONInJSON, func(secret string) string {
		return fmt.Sprintf(`{"request":%s}`, quoteJSON(fmt.Sprintf(`{"secret":%s}`, quoteJSON(secret))))
	}},
	{XMLInXML, func(secret string) string {
		return "<request>" + escapeXML("<secret>"+escapeXML(secret)+"</secret>") + "</request>"
	}},
	{Entities, func(secret string) string { return escapeBytes(secret, "&#x%x;") }},
	{HexEscapes, func(secret string) string { return escapeBytes(secret, `\x%02x`) }},
	{UnicodeEscapes, func(secret string) string { return escapeBytes(secret, `\u%04x`) }},
	{QuotedPrintable, quotedPrintable},
	{Base64, toBase64},
	{Base64OfForm, func(secret string) string {
		return toBase64("grant_type=x&secret=" + url.QueryEscape(secret) + "&scope=y")
	}},
	{Base64OfPercent, func(secret string) string {
		return base64.RawURLEncoding.EncodeToString([]byte(escapeBytes(secret, "%%%02X")))
	}},
	{Base64Twice, func(secret string) string { return toBase64("b:" + toBase64("a:"+secret)) }},
	{CutAtMessageSize, func(secret string) string { return fill("x ", messageSize, secret) }},
	{CutAtReadSize, func(secret string) string { return fill("y\n", readSize, secret) }},
}

// Encodings are all encodings.
func Encodings() []Encoding {
	all := make([]Encoding, len(encoders))
	for i, e := range encoders {
		all[i] = e.name
	}
	return all
}

// Encode returns a secret in the encoding; an unknown one leaves it as it is. Those that cut begin with a filler, such that the
// limit is in the middle of the secret.
func (e Encoding) Encode(secret string) string {
	for _, known := range encoders {
		if known.name == e {
			return known.encode(secret)
		}
	}
	return secret
}

// fill puts a filler of two bytes before a secret, such that half of the secret is after the limit.
func fill(filler string, limit int, secret string) string {
	return strings.Repeat(filler, max(0, limit/2-len(secret)/4)) + secret
}

func toBase64(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

// split inserts a separator after every size bytes.
func split(text string, size int, separator string) string {
	parts := slices.Collect(slices.Chunk([]byte(text), size))
	words := make([]string, len(parts))
	for i, part := range parts {
		words[i] = string(part)
	}
	return strings.Join(words, separator)
}

// escapeBytes writes each byte in a format.
func escapeBytes(text, format string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		fmt.Fprintf(&b, format, c)
	}
	return b.String()
}

func quoteJSON(text string) string {
	quoted, _ := json.Marshal(text) // a string can always be encoded
	return string(quoted)
}

func escapeXML(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // writing to a builder never fails
	return b.String()
}

// quotedPrintable encodes every byte, as some mailers do, in lines with soft breaks.
func quotedPrintable(text string) string {
	var b strings.Builder
	w := quotedprintable.NewWriter(&b)
	_, _ = w.Write([]byte(text)) // writing to a builder never fails
	_ = w.Close()
	return split(escapeBytes(text, "=%02X"), 3*25, "=\r\n") + "\r\n" + b.String()
}

// issued lists the tokens in the fields of a JSON object, and the cookies, that a response gives to a client.
func (r Response) issued() []string {
	var issued []string
	for _, cookie := range (&http.Response{Header: r.Header}).Cookies() {
		if len(cookie.Value) >= minTokenSize {
			issued = append(issued, cookie.Value)
		}
	}
	var fields map[string]json.RawMessage
	if !bytes.Contains(r.Body, []byte("_token")) || json.Unmarshal(r.Body, &fields) != nil {
		return issued
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		var token string
		if strings.HasSuffix(name, "_token") && json.Unmarshal(fields[name], &token) == nil && token != "" {
			issued = append(issued, token)
		}
	}
	return issued
}

// Echo appends secrets to a text, as a careless system does: those of the request, then those that the fault names. Each one is
// in the encoding of the fault; without one it is raw, URL-encoded and in base64. Empty secrets are skipped.
func (c *Call) Echo(f Fault, text string, secrets ...string) string {
	all := append(slices.Clone(secrets), f.Secret)
	if f.Issued {
		all = append(all, c.host.recorder.Issued()...)
	}
	seen := map[string]bool{"": true}
	for _, secret := range all {
		if seen[secret] {
			continue
		}
		seen[secret] = true
		if f.Encoding != "" {
			text += "; " + f.Encoding.Encode(secret)
			continue
		}
		text += fmt.Sprintf("; %s (%s, %s)", secret, url.QueryEscape(secret), Base64.Encode(secret))
	}
	return text
}

// EchoForm is [Call.Echo] for the secrets in some fields of a form.
func (c *Call) EchoForm(f Fault, text string, form url.Values, fields ...string) string {
	secrets := make([]string, len(fields))
	for i, field := range fields {
		secrets[i] = form.Get(field)
	}
	return c.Echo(f, text, secrets...)
}
