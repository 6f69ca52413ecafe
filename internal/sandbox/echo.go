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

// Encodings are all encodings.
func Encodings() []Encoding {
	return []Encoding{
		Raw, Upper, Lower, Split, MIMEWrapped, Percent, PercentTwice, JSONInJSON, XMLInXML, Entities, HexEscapes, UnicodeEscapes,
		QuotedPrintable, Base64, Base64OfForm, Base64OfPercent, Base64Twice, CutAtMessageSize, CutAtReadSize,
	}
}

// encoders are the encodings of one secret.
var encoders = map[Encoding]func(secret string) string{
	Raw:   func(s string) string { return s },
	Upper: strings.ToUpper,
	Lower: strings.ToLower,
	Split: func(s string) string { return split(s, 5, " \n") },
	MIMEWrapped: func(s string) string {
		return split(base64.StdEncoding.EncodeToString([]byte(strings.Repeat("user:", 10)+s)), lineSize, "\r\n")
	},
	Percent:      func(s string) string { return escapeBytes(s, "%%%02x") },
	PercentTwice: func(s string) string { return url.QueryEscape(escapeBytes(s, "%%%02X")) },
	JSONInJSON: func(s string) string {
		return fmt.Sprintf(`{"request":%s}`, quoteJSON(fmt.Sprintf(`{"secret":%s}`, quoteJSON(s))))
	},
	XMLInXML: func(s string) string {
		return "<request>" + escapeXML("<secret>"+escapeXML(s)+"</secret>") + "</request>"
	},
	Entities:        func(s string) string { return escapeBytes(s, "&#x%x;") },
	HexEscapes:      func(s string) string { return escapeBytes(s, `\x%02x`) },
	UnicodeEscapes:  func(s string) string { return escapeBytes(s, `\u%04x`) },
	QuotedPrintable: quotedPrintable,
	Base64:          func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
	Base64OfForm: func(s string) string {
		return base64.StdEncoding.EncodeToString([]byte("grant_type=x&secret=" + url.QueryEscape(s) + "&scope=y"))
	},
	Base64OfPercent: func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(escapeBytes(s, "%%%02X"))) },
	Base64Twice: func(s string) string {
		return base64.StdEncoding.EncodeToString([]byte("b:" + base64.StdEncoding.EncodeToString([]byte("a:"+s))))
	},
	CutAtMessageSize: func(s string) string { return strings.Repeat("x ", max(0, messageSize/2-len(s)/4)) + s },
	CutAtReadSize:    func(s string) string { return strings.Repeat("y\n", max(0, readSize/2-len(s)/4)) + s },
}

// Encode returns a secret in the encoding; an unknown one leaves it as it is. Those that cut begin with a filler, such that the
// limit is in the middle of the secret.
func (e Encoding) Encode(secret string) string {
	if encode, ok := encoders[e]; ok {
		return encode(secret)
	}
	return secret
}

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
